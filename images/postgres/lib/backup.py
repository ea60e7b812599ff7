"""Copies every database and the roles to the object store, and deletes the backups that are old enough."""

import io
import json
import os
import subprocess
from datetime import datetime, timezone

from objects import MANIFEST, ROLES, Backups
from retention import outdated, timestamp_of
from server import Refused, connect_patiently, main

DATABASES = """
    SELECT datname, pg_get_userbyid(datdba) FROM pg_database
    WHERE datallowconn AND NOT datistemplate AND datname NOT IN ('postgres', 'rdsadmin') AND datname NOT LIKE '%\\_restoring'
    ORDER BY datname
"""


def store_output(backups, timestamp, name, command):
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        stored = backups.put(timestamp, name, process.stdout)
    if process.returncode != 0:
        raise Refused(f"{command[0]} of {name} ended with {process.returncode}; this backup does not count")
    return stored


def prune(backups, now, keep_days):
    keys = backups.keys()
    whole = [timestamp for timestamp, names in keys.items() if MANIFEST in names]
    partial = [timestamp for timestamp in keys if timestamp not in whole]
    for timestamp in outdated(whole, partial, now, keep_days):
        backups.delete(timestamp, keys[timestamp])
        print(f"deleted the backup {timestamp}")


def back_up():
    now = datetime.now(timezone.utc)
    timestamp = timestamp_of(now)
    cursor = connect_patiently().cursor()
    cursor.execute(DATABASES)
    databases = cursor.fetchall()
    # Only a superuser may read the passwords' hashes; RDS has none to give.
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    passwords = [] if cursor.fetchone()[0] else ["--no-role-passwords"]

    backups = Backups()
    roles = store_output(backups, timestamp, ROLES, ["pg_dumpall", "--database=postgres", "--globals-only", *passwords])
    manifest = {"timestamp": timestamp, "roles": roles, "databases": {}}
    for name, owner in databases:
        dump = ["pg_dump", "--format=custom", f"--dbname={name}"]
        stored = store_output(backups, timestamp, f"{name}.dump", dump)
        manifest["databases"][name] = {"owner": owner, **stored}
        print(f"{name}: {stored['bytes']} bytes")
    backups.put(timestamp, MANIFEST, io.BytesIO(json.dumps(manifest, indent=2).encode()))
    print(f"backup {timestamp} of {len(databases)} databases is complete")
    prune(backups, now, int(os.environ["KEEP_DAYS"]))


def command():
    # One CronJob for both: a Job made from it restores when it is told what.
    if os.environ.get("RESTORE"):
        from restore import restore

        restore(os.environ["RESTORE"])
    else:
        back_up()


main(command)
