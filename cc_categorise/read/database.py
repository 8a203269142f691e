"""A query of a database → a table of text: SQLite by itself, others through SQLAlchemy (extra ``db``).

Takes an address and a query, returns a `SpooledTable`.  Reads only: the transaction is read-only where that can be,
and rolled back when the last row has come.  A password never stands in the address.  Knows nothing of fields.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from cc_categorise.errors import DatabaseError, MissingExtraError, UsageError
from cc_categorise.read.cells import Values
from cc_categorise.read.spooled import BATCH, SpooledTable

_LARGE = 2**23
_SQLITE = re.compile(r"sqlite(?:\+\w+)?:///")  # whatever driver it names: only the built-in one is opened read-only
_PASSWORD = re.compile(r"://[^@]*:[^@]+@|(?i:(?:password|passwd|passphrase|pwd|secret|token)(?:=|%3d))")
_DRIVERS = {"postgresql": "psycopg", "mysql": "pymysql", "mariadb": "pymysql", "mssql": "pyodbc", "oracle": "oracledb"}
_PACKAGES = {"psycopg": "'cc-categorise[db]'", "psycopg2": "psycopg2-binary", "MySQLdb": "mysqlclient"}
_READ_ONLY = {
    "postgresql": "set transaction read only",
    "mysql": "set session transaction read only",  # `drop table` would end a transaction that alone is read-only
    "mariadb": "set session transaction read only",
    "oracle": "set transaction read only",
}


def open_query(address: str | None, query: str | None, workers: int | None = 1) -> SpooledTable:
    """Run a query, or the one that the file ``@NAME`` holds; a row's number is its place in the result, from 1.

    The address is ``sqlite:///PATH``, or one of SQLAlchemy without a password.  Of so many processes, one may do it.

    Raises:
        UsageError: One of the two is missing, or the address holds a password.
        DatabaseError: The database cannot be reached, or refuses the query.
        MissingExtraError: SQLAlchemy, or the driver the address names, is not installed.
    """
    if not address or not query:
        raise UsageError("--from-db and --query go together", hint="--query 'select …', or --query @file.sql")
    is_sqlite = _SQLITE.match(address)
    if not is_sqlite and _PASSWORD.search(address):
        raise UsageError(
            "--from-db: a password must not stand in a command",
            hint="leave it out; it is read from the environment (PGPASSWORD) or a file of the driver (~/.pgpass)",
        )
    name = address[is_sqlite.end() :] if is_sqlite else _shown(address)
    sql = _sql_of(query)
    batches = _sqlite(Path(name), sql) if is_sqlite else _sqlalchemy(address, sql)
    found = "query of a database"
    if not is_sqlite and name.partition(":")[0] not in _READ_ONLY:
        found += ", rolled back: its transactions cannot be read-only"
    is_large = not is_sqlite or (Path(name).is_file() and Path(name).stat().st_size > _LARGE)  # of others nobody knows
    return SpooledTable.of(name, found, batches, is_large=is_large, workers=workers)


def _sql_of(query: str) -> str:
    if not query.startswith("@"):
        return query
    try:
        return Path(query[1:]).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise DatabaseError("the file of the query cannot be read", where=query[1:], hint="check the path") from None


def _sqlite(path: Path, sql: str) -> Iterator[Values]:
    """Give the names of the columns, then every row, batch by batch."""
    if not path.is_file():
        raise DatabaseError("no such database file", where=path.as_posix(), hint="check the path")
    try:
        with closing(sqlite3.connect(f"file:{quote(path.as_posix())}?mode=ro", uri=True)) as connection:
            cursor = connection.execute(sql)
            if cursor.description is None:
                raise _refused(path.as_posix(), "the query returns no rows")
            yield [[column[0] for column in cursor.description]]
            yield from iter(lambda: cursor.fetchmany(BATCH), [])
    except sqlite3.OperationalError as err:  # its words name tables and columns, and a value only here
        reason = "a text is not UTF-8" if str(err).startswith("Could not decode") else str(err)
        raise _refused(path.as_posix(), reason) from None
    except (sqlite3.Error, sqlite3.Warning) as err:
        raise _refused(path.as_posix(), type(err).__name__) from None


def _sqlalchemy(address: str, sql: str) -> Iterator[Values]:
    """Give the names of the columns, then every row, batch by batch."""
    try:
        import sqlalchemy as sa  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtraError.named("db", where="--from-db") from None
    shown = _shown(address)
    kind, separator, rest = address.partition("://")
    try:
        driver = f"+{_DRIVERS[kind]}" if kind in _DRIVERS else ""
        engine = sa.create_engine(f"{kind}{driver}{separator}{rest}", poolclass=sa.pool.NullPool)
        with engine.connect() as connection:
            if engine.dialect.name in _READ_ONLY:
                connection.exec_driver_sql(_READ_ONLY[engine.dialect.name])
            result = connection.execution_options(stream_results=True, yield_per=BATCH).execute(
                sa.text(sql.replace(":", r"\:"))  # a colon names no parameter
            )
            if not result.returns_rows:
                raise _refused(shown, "the query returns no rows")
            yield [tuple(result.keys())]
            yield from (list(map(tuple, some)) for some in iter(lambda: result.fetchmany(BATCH), []))
    except ImportError as err:
        package = _PACKAGES.get(err.name or "", err.name)
        hint = f"pip install {package}" if package else "install it; see SQLAlchemy's list of dialects"
        raise MissingExtraError("the driver of this database is not installed", where=shown, hint=hint) from None
    except sa.exc.NoSuchModuleError:
        hint = "addresses begin with " + ", ".join(f"{kind}://" for kind in ("sqlite", *_DRIVERS))
        raise MissingExtraError("no installed driver knows this kind of database", where=shown, hint=hint) from None
    except (sa.exc.SQLAlchemyError, OSError) as err:
        cause = getattr(err, "orig", None) or err
        raise _refused(shown, type(cause).__name__) from None


def _shown(address: str) -> str:
    """Give an address without who logs in, and without its parameters."""
    parts = re.match(r"(\w+)(?:\+\w+)?://(?:.*@)?([^?]*)", address, re.DOTALL)
    return f"{parts[1]}://{parts[2]}" if parts else "--from-db"


def _refused(where: str, reason: str) -> DatabaseError:
    """Name the kind of failure; a driver's own words may quote the query, a value or a password."""
    hint = "try the query in the database's own program; the reading is read-only"
    return DatabaseError(f"the database refused: {reason}", where=where, hint=hint)
