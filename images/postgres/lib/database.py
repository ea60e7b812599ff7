"""Makes a database and the role that owns it, or sets the role's password anew. May run again and beside itself."""

import os

from psycopg2 import sql
from psycopg2.extensions import encrypt_password

from server import close_to_others, connect, connect_patiently, is_there, lock_administration, main, run


def set_password(connection, cursor, role, password):
    # Hashed here: the server's log could hold a statement, but never the password.
    verifier = encrypt_password(password, role, scope=connection, algorithm="scram-sha-256")
    verb = "ALTER" if is_there(cursor, "pg_roles", "rolname", role) else "CREATE"
    cursor.execute(
        sql.SQL(f"{verb} ROLE {{}} LOGIN PASSWORD %s").format(sql.Identifier(role)),
        [verifier],
    )


def make_database():
    name, password = os.environ["DATABASE"], os.environ["ROLE_PASSWORD"]
    connection = connect_patiently()
    cursor = connection.cursor()
    lock_administration(cursor)
    set_password(connection, cursor, name, password)
    # An administrator that is no superuser, as on RDS, may make a database only for a role that it belongs to.
    run(cursor, "GRANT {role} TO CURRENT_USER", role=name)
    if is_there(cursor, "pg_database", "datname", name):
        run(cursor, "ALTER DATABASE {database} OWNER TO {database}", database=name)
    else:
        run(cursor, "CREATE DATABASE {database} OWNER {database} TEMPLATE template0", database=name)
    close_to_others(cursor, name)
    connection.close()

    connect(name, user=name, password=password).close()
    print(f"database {name} is there, and its role connects to it")


main(make_database)
