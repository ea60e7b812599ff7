"""The server as all commands reach it: libpq's own variables say where it is and who asks."""

import os
import sys
import time

import psycopg2
from psycopg2 import sql

# Whoever makes or replaces roles and databases holds this lock: two at once would trip over each other.
ADMINISTRATION_LOCK = 0x6D6C70
WAIT_SECONDS = 120
# No waiting mends these.
HOPELESS = (
    "password authentication failed",
    "no pg_hba.conf entry",
    "certificate verify failed",
    "does not match host name",
    "permission denied for database",
)


class Refused(Exception):
    """What the user must mend, told without a stack trace."""


def connect(database="postgres", **other):
    connection = psycopg2.connect(dbname=database, connect_timeout=10, **other)
    connection.autocommit = True
    return connection


def connect_patiently(**other):
    """Connects, waiting for a server that is just being started."""
    end = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            return connect(**other)
        except psycopg2.OperationalError as error:
            reason = str(error).strip()
            if any(text in reason for text in HOPELESS):
                raise Refused(f"{os.environ['PGHOST']} refuses {os.environ['PGUSER']}: {reason}") from None
            if time.monotonic() > end:
                raise Refused(f"{os.environ['PGHOST']} did not answer within {WAIT_SECONDS} s: {reason}") from None
            time.sleep(2)


def lock_administration(cursor):
    cursor.execute("SET statement_timeout = '100s'")
    try:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ADMINISTRATION_LOCK])
    except psycopg2.errors.QueryCanceled:
        raise Refused("another Job makes or restores databases since 100 s; it must end first") from None
    cursor.execute("SET statement_timeout = 0")


def is_there(cursor, table, column, name):
    query = sql.SQL("SELECT 1 FROM {} WHERE {} = %s").format(sql.Identifier(table), sql.Identifier(column))
    cursor.execute(query, [name])
    return cursor.fetchone() is not None


def run(cursor, statement, **names):
    """Runs a statement whose names in braces are quoted as identifiers."""
    cursor.execute(sql.SQL(statement).format(**{key: sql.Identifier(name) for key, name in names.items()}))


def close_to_others(cursor, database):
    """Only the owner of a database may connect to it, and roles may not meet in the server's own."""
    run(cursor, "REVOKE ALL ON DATABASE {database} FROM PUBLIC", database=database)
    cursor.execute("REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC")


def main(command):
    try:
        command()
    except Refused as refused:
        sys.exit(str(refused))
