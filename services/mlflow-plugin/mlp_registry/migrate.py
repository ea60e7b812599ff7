"""Brings the database's schema to what this MLflow wants: `python -m mlp_registry.migrate`.

One at a time: whoever comes second waits for the first one's lock, and finds nothing left to do. The lock ends with the
connection that holds it, so that a migration that was killed bars nobody.
"""

import os
import sys
import time

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

# Any number that nobody else locks in this database.
LOCK = 7_465_003_317
DATABASE_STARTS_SECONDS = 60


def main() -> int:
    engine = create_engine(os.environ["MLFLOW_BACKEND_STORE_URI"], poolclass=NullPool)
    try:
        connection = connect(engine)
    except OperationalError as error:
        # Only what the driver says: SQLAlchemy's own text is two pages.
        print(f"The database does not let the migration in: {str(error.orig).strip()}", file=sys.stderr)
        return 1
    with connection:
        connection.execute(text("select pg_advisory_lock(:lock)"), {"lock": LOCK})
        migrate(engine)
    return 0


def connect(engine):
    """Waits for a server that does not answer yet; a refusal is final."""
    end = time.monotonic() + DATABASE_STARTS_SECONDS
    while True:
        try:
            return engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        except OperationalError as error:
            if refused(str(error.orig)) or time.monotonic() > end:
                raise
            print(f"Waiting for the database: {str(error.orig).strip()}", file=sys.stderr)
            time.sleep(2)


def refused(message: str) -> bool:
    return any(word in message for word in ("authentication failed", "does not exist", "certificate", "permission denied"))


def migrate(engine) -> None:
    # After the connection stands: loading MLflow takes seconds, and a wrong password wants to be told at once.
    from mlflow.store.db import utils

    wanted = utils._get_latest_schema_revision()
    found = utils._get_schema_version(engine)
    if found == wanted:
        print(f"The schema is at {wanted} already")
        return
    if utils._is_empty_database(engine):
        utils._initialize_tables(engine)
    else:
        utils._upgrade_db(engine)
    utils._verify_schema(engine)
    print(f"The schema went from {found or 'nothing'} to {wanted}")


if __name__ == "__main__":
    sys.exit(main())
