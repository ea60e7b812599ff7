"""Brings databases back from a backup: each beside what is there, in whose place it is put once it is whole."""

import os
import re
import subprocess

from psycopg2 import sql

from objects import MANIFEST, ROLES, Backups
from server import Refused, close_to_others, connect, connect_patiently, is_there, lock_administration, run

PASSWORD = re.compile(r"""^ALTER ROLE "?(?P<role>[^" ]+)"? .*\bPASSWORD '(?P<hash>[^']+)'""", re.MULTILINE)
TABLES = """
    SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind IN ('r', 'p', 'm', 'S') AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
"""


def choose(backups, wanted):
    whole = [timestamp for timestamp, names in backups.keys().items() if MANIFEST in names]
    if not whole:
        raise Refused("there is no complete backup")
    if wanted == "latest":
        return whole[-1]
    if wanted not in whole:
        raise Refused(f"RESTORE={wanted}: no such complete backup; there are {', '.join(whole)}")
    return wanted


def choose_databases(manifest):
    there = manifest["databases"]
    names = [name for name in os.environ.get("DATABASES", "").split(",") if name] or list(there)
    unknown = [name for name in names if name not in there]
    if unknown:
        raise Refused(f"DATABASES={','.join(unknown)}: not in this backup, which holds {', '.join(there)}")
    return {name: there[name] for name in names}


def refuse_to_overwrite(cursor, names):
    if os.environ.get("REPLACE") == "yes":
        return
    full = []
    for name in names:
        if is_there(cursor, "pg_database", "datname", name):
            database = connect(name)
            inner = database.cursor()
            inner.execute(TABLES)
            if inner.fetchone()[0] > 0:
                full.append(name)
            database.close()
    if full:
        raise Refused(f"{', '.join(full)}: there are tables in it; set REPLACE=yes to put the backup in its place")


def restore_roles(cursor, script, owners):
    """Makes the owners that are missing. Those that are there keep the passwords that their users know."""
    hashes = {found["role"]: found["hash"] for found in PASSWORD.finditer(script)}
    for owner in sorted(set(owners)):
        if is_there(cursor, "pg_roles", "rolname", owner):
            continue
        run(cursor, "CREATE ROLE {role} LOGIN", role=owner)
        run(cursor, "GRANT {role} TO CURRENT_USER", role=owner)
        if owner in hashes:
            cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD %s").format(sql.Identifier(owner)), [hashes[owner]])
            print(f"role {owner} is there again, with the password that it had")
        else:
            print(f"role {owner} is there again, without a password: run the Job that makes its database again")


def fill(backups, timestamp, name, database, target):
    dump = backups.open(timestamp, f"{name}.dump")
    command = ["pg_restore", "--exit-on-error", "--no-owner", f"--role={database['owner']}", f"--dbname={target}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, bufsize=0) as process:
        try:
            while chunk := dump.read(1 << 20):
                process.stdin.write(chunk)
            process.stdin.close()
        except BrokenPipeError:
            pass
    if process.returncode != 0:
        raise Refused(f"pg_restore of {name} ended with {process.returncode}; {name} itself is unchanged")
    # pg_restore stops reading at the last byte that it needs.
    while dump.read(1 << 20):
        pass
    if dump.sha256.hexdigest() != database["sha256"]:
        raise Refused(f"{name}.dump is not what was backed up: its hash differs; {name} itself is unchanged")


def restore(wanted):
    connection = connect_patiently()
    cursor = connection.cursor()
    lock_administration(cursor)
    backups = Backups()
    timestamp = choose(backups, wanted)
    databases = choose_databases(backups.manifest(timestamp))
    refuse_to_overwrite(cursor, databases)
    roles = backups.open(timestamp, ROLES).read().decode()
    restore_roles(cursor, roles, [database["owner"] for database in databases.values()])

    for name, database in databases.items():
        target = f"{name}_restoring"
        run(cursor, "DROP DATABASE IF EXISTS {target} WITH (FORCE)", target=target)
        run(cursor, "CREATE DATABASE {target} OWNER {owner} TEMPLATE template0", target=target, owner=database["owner"])
        close_to_others(cursor, target)
        fill(backups, timestamp, name, database, target)
        run(cursor, "DROP DATABASE IF EXISTS {name} WITH (FORCE)", name=name)
        run(cursor, "ALTER DATABASE {target} RENAME TO {name}", target=target, name=name)
        print(f"{name} is restored from {timestamp}")
