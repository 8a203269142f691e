"""A query of a database → a table of text: SQLite by itself, others through SQLAlchemy (extra ``db``).

Takes an address and a query, returns a `CellTable`.  Reads only: the connection is opened read-only where that
can be, and rolled back.  A password never stands in the address.  Knows nothing of fields.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cc_categorise.errors import DatabaseError, MissingExtraError, UsageError
from cc_categorise.read.cells import CellTable, cell_of

_BATCH = 10_000
_SQLITE = re.compile(r"sqlite(?:\+\w+)?:///")  # whatever driver it names: only the built-in one is opened read-only
_PASSWORD = re.compile(r"://[^@]*:[^@]+@|(?i:(?:password|passwd|passphrase|pwd|secret|token)(?:=|%3d))")


def open_query(address: str, query: str) -> CellTable:
    """Run a query and take its rows; a row's number is its place in the result, from 1.

    Args:
        address: ``sqlite:///PATH``, or an address of SQLAlchemy without a password.
        query: SQL, or ``@`` and the name of a file that holds it.

    Raises:
        UsageError: The address holds a password.
        DatabaseError: The database cannot be reached, or refuses the query.
        MissingExtraError: SQLAlchemy, or the driver the address names, is not installed.
    """
    is_sqlite = _SQLITE.match(address)
    if not is_sqlite and _PASSWORD.search(address):
        raise UsageError(
            "--from-db: a password must not stand in a command",
            hint="leave it out; it is read from the environment (PGPASSWORD) or a file of the driver (~/.pgpass)",
        )
    name = address[is_sqlite.end() :] if is_sqlite else _shown(address)
    sql = _sql_of(query)
    header, rows = _sqlite(Path(name), sql) if is_sqlite else _sqlalchemy(address, sql)
    return CellTable(name, "", header, 0, "query of a database", 0, 0, rows)


def _sql_of(query: str) -> str:
    if not query.startswith("@"):
        return query
    try:
        return Path(query[1:]).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise DatabaseError("the file of the query cannot be read", where=query[1:], hint="check the path") from None


def _sqlite(path: Path, sql: str) -> tuple[tuple[str, ...], list[list[str]]]:
    if not path.is_file():
        raise DatabaseError("no such database file", where=path.as_posix(), hint="check the path")
    try:
        with closing(sqlite3.connect(f"file:{quote(path.as_posix())}?mode=ro", uri=True)) as connection:
            cursor = connection.execute(sql)
            return _names(cursor.description, path.as_posix()), list(_texts(cursor))
    except sqlite3.OperationalError as err:  # its words name tables and columns, and a value only here
        reason = "a text is not UTF-8" if str(err).startswith("Could not decode") else str(err)
        raise _refused(path.as_posix(), reason) from None
    except (sqlite3.Error, sqlite3.Warning) as err:
        raise _refused(path.as_posix(), type(err).__name__) from None


def _sqlalchemy(address: str, sql: str) -> tuple[tuple[str, ...], list[list[str]]]:
    try:
        import sqlalchemy as sa  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtraError.named("db", where="--from-db") from None
    shown = _shown(address)
    try:
        engine = sa.create_engine(address, poolclass=sa.pool.NullPool)
        with engine.connect() as connection:
            read_only = {"postgresql_readonly": True} if engine.dialect.name == "postgresql" else {}
            streaming = connection.execution_options(stream_results=True, yield_per=_BATCH, **read_only)
            result = streaming.execute(sa.text(sql.replace(":", r"\:")))  # a colon names no parameter
            if not result.returns_rows:
                raise _refused(shown, "the query returns no rows")
            return tuple(map(str, result.keys())), list(_texts(result))
    except (ImportError, sa.exc.NoSuchModuleError):
        raise MissingExtraError.named("db", where=shown) from None
    except (sa.exc.SQLAlchemyError, OSError) as err:
        cause = getattr(err, "orig", None) or err
        raise _refused(shown, type(cause).__name__) from None


def _shown(address: str) -> str:
    """Give an address without who logs in, and without its parameters."""
    parts = re.match(r"(\w+)(?:\+\w+)?://(?:.*@)?([^?]*)", address, re.DOTALL)
    return f"{parts[1]}://{parts[2]}" if parts else "--from-db"


def _names(description: Any, where: str) -> tuple[str, ...]:  # noqa: ANN401 - as the driver gives it
    if description is None:
        raise _refused(where, "the query returns no rows")
    return tuple(column[0] for column in description)


def _texts(rows: Iterable[Iterable[Any]]) -> Iterator[list[str]]:
    return (list(map(cell_of, row)) for row in rows)


def _refused(where: str, reason: str) -> DatabaseError:
    """Name the kind of failure; a driver's own words may quote the query, a value or a password."""
    hint = "try the query in the database's own program; the reading is read-only"
    return DatabaseError(f"the database refused: {reason}", where=where, hint=hint)
