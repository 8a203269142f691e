"""Queries of databases: read-only whatever is asked, and no password anywhere."""

from __future__ import annotations

import sqlite3
import sys
import tracemalloc
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from unittest import mock

import pytest
import sqlalchemy
from export_builders import cells_of, counted, fates, found, rows_of

from cc_categorise.errors import DatabaseError, MissingExtraError, UsageError
from cc_categorise.read.database import open_query

SELECT = "select * from export"
ROWS = (("R1", "2023-04-03", "Other"), ("R2", "2023-04-04", 4), ("R3", 45019, "Other"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "case file.db"
    with closing(sqlite3.connect(made)) as connection:
        connection.execute('create table export (Ref, "Received", Category)')
        connection.executemany("insert into export values (?, ?, ?)", ROWS)
        connection.commit()
    return made


def address(path: Path) -> str:
    return f"sqlite:///{path}"


def asked(path: Path, query: str = SELECT) -> list[list[str]]:
    return rows_of(open_query(address(path), query))


def test_rows_are_the_result_of_the_query(path: Path) -> None:
    table = open_query(address(path), SELECT)
    assert (table.name, table.header, table.header_row) == (str(path), ("Ref", "Received", "Category"), 0)
    assert rows_of(table)[:2] == [["R1", "2023-04-03", "Other"], ["R2", "2023-04-04", "4"]]


def test_a_query_is_counted_and_its_rows_are_numbered(path: Path) -> None:
    outcome = counted([], from_db=address(path), query=f"{SELECT} order by Ref")
    assert fates(outcome) == {"rows_read": 3, "counted": 2, "rejected": 1}
    assert cells_of(outcome) == {("2023/24", "other"): 1, ("2023/24", "sexual-misconduct"): 1}
    assert found(outcome) == [(3, "received_on", "number-as-date")]


def test_a_query_may_stand_in_a_file_with_a_mark_and_accents(path: Path, tmp_path: Path) -> None:
    (tmp_path / "query.sql").write_text("-- Café\nselect Ref from export\nwhere Ref = 'R1'\n", encoding="utf-8-sig")
    assert asked(path, f"@{tmp_path / 'query.sql'}") == [["R1"]]


def test_values_are_the_text_a_person_would_read(path: Path) -> None:
    query = "select null, 7.0, 7.5, x'436166c3a9', 'Café :note', '2023-04-03 10:30:00'"
    assert asked(path, query) == [["", "7", "7.5", "Café", "Café :note", "2023-04-03 10:30:00"]]


# --- streamed


def test_rows_are_kept_as_they_were_read_first_whatever_the_database_does_then(path: Path) -> None:
    table = open_query(
        address(path),
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 9000)"
        " select * from export, n order by i, Ref",
    )
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("delete from export")
        connection.commit()
    first = list(table.blocks())
    rows = [row for block in first for row in block.rows]
    assert [row[3] for row in rows] == [str(i) for i in range(1, 9001) for _ in ROWS]
    assert list(table.blocks_with([block.first for block in first])) == first
    assert [block.first for block in table.blocks_with([1, 1024, 1025, 27_000])] == [1, 1025, 26_625]


def test_a_result_larger_than_memory_goes_through_a_spool_on_disk(path: Path) -> None:
    n, length = 50_000, 3_000
    query = (
        "with recursive n(i) as (select 1 union all select i + 1 from n where i < 50000)"
        " select i, replace(hex(zeroblob(1500)), '0', 'x') from n"
    )
    tracemalloc.start()
    try:
        table = open_query(address(path), query)
        n_read = sum(len(block.rows) for block in table.blocks())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert n_read == n
    assert peak < n * length / 1.5


# --- read-only


WRITES = (
    "drop table export",
    "delete from export",
    "update export set Category = 'x' returning Ref",
    "insert into export values (1, 2, 3) returning Ref",
    "create table other (a)",
    "pragma user_version = 7",
    "vacuum",
    "select 1; drop table export",
)


@pytest.mark.parametrize("driver", ["sqlite", "sqlite+pysqlite"])
@pytest.mark.parametrize("query", WRITES)
def test_a_query_that_would_write_is_refused_and_changes_nothing(path: Path, query: str, driver: str) -> None:
    before = path.read_bytes()
    with pytest.raises(DatabaseError) as caught:
        open_query(f"{driver}:///{path}", query)
    assert (caught.value.code, caught.value.exit_code) == ("database", 4)
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("driver", ["sqlite", "sqlite+pysqlite"])
def test_no_database_is_made_where_none_is(tmp_path: Path, driver: str) -> None:
    with pytest.raises(DatabaseError, match="no such database file"):
        open_query(f"{driver}:///{tmp_path / 'none.db'}", SELECT)
    assert list(tmp_path.iterdir()) == []


# --- what goes wrong


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        pytest.param("select * from nosuch", "no such table: nosuch", id="table"),
        pytest.param("select nosuch from export", "no such column: nosuch", id="column"),
        pytest.param("selekt", "syntax error", id="syntax"),
        pytest.param("-- nothing", "returns no rows", id="comment"),
        pytest.param("select 1; select 2", "Programming|Warning", id="two-queries"),
    ],
)
def test_a_query_that_is_refused_says_why(path: Path, query: str, reason: str) -> None:
    with pytest.raises(DatabaseError, match=reason):
        open_query(address(path), query)


def test_a_text_that_is_no_utf_8_is_told_and_not_shown(path: Path) -> None:
    with pytest.raises(DatabaseError, match="not UTF-8") as caught:
        open_query(address(path), "select cast(x'736563726574ff' as text) as Ref")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"Ref,Received,Category\n" * 50, b"SQLite format 3\0" + bytes(200)])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "export.db").write_bytes(content)
    with pytest.raises(DatabaseError):
        open_query(address(tmp_path / "export.db"), SELECT)


def test_a_file_of_a_query_that_is_not_there_is_named(path: Path, tmp_path: Path) -> None:
    with pytest.raises(DatabaseError) as caught:
        open_query(address(path), f"@{tmp_path / 'none.sql'}")
    assert caught.value.where == str(tmp_path / "none.sql")


@pytest.mark.parametrize(("from_db", "query"), [("sqlite:///x.db", None), (None, SELECT), ("sqlite:///x.db", "")])
def test_an_address_and_a_query_go_together(from_db: str | None, query: str | None) -> None:
    with pytest.raises(UsageError, match="go together"):
        counted([], from_db=from_db, query=query)


# --- passwords

HIDDEN = "hunter2"


@pytest.mark.parametrize(
    "with_password",
    [
        pytest.param("postgresql://user:{}@host/case", id="plain"),
        pytest.param("postgresql+psycopg://user:a/{}@host/case", id="slash"),
        pytest.param("postgresql+psycopg://user:a?{}@host/case", id="question-mark"),
        pytest.param("postgresql+psycopg://:{}@host/case", id="no-user"),
        pytest.param("postgresql+psycopg://user@host/case?password={}", id="parameter"),
        pytest.param("postgresql+psycopg://user@host/case?sslmode=require&sslpassword={}", id="second-parameter"),
        pytest.param("mssql+pyodbc:///?odbc_connect=DRIVER%3Dx%3BPWD%3D{}", id="odbc"),
        pytest.param("mssql+pyodbc://host/case?PWD={}", id="capitals"),
    ],
)
def test_a_password_in_the_address_is_a_usage_error_and_never_shown(with_password: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_query(with_password.format(HIDDEN), SELECT)
    assert caught.value.exit_code == 2
    assert HIDDEN not in f"{caught.value}{caught.value.where}"


@pytest.mark.parametrize(
    "strange", [f"user:{HIDDEN}@host", f"nosuch://{HIDDEN}@host/case", f"postgresql+nosuch://host/case?x={HIDDEN}"]
)
def test_an_address_that_cannot_be_used_is_shown_without_who_logs_in(strange: str) -> None:
    with pytest.raises((DatabaseError, MissingExtraError)) as caught:
        open_query(strange, SELECT)
    assert HIDDEN not in str(caught.value)


@pytest.mark.parametrize(
    "plain", ["postgresql+nosuch://user@host:5432/case?passfile=~/.pgpass", "nosuch://host:1/case"]
)
def test_an_address_without_a_password_is_not_taken_for_one_with(plain: str) -> None:
    with pytest.raises(MissingExtraError):
        open_query(plain, SELECT)


@pytest.mark.parametrize(
    ("kind", "statement"),
    [
        ("postgresql", "set transaction read only"),
        ("mysql", "set session transaction read only"),
        ("oracle", "set transaction read only"),
        ("mssql", None),
    ],
)
def test_the_transaction_is_read_only_before_the_query_is_asked(
    monkeypatch: pytest.MonkeyPatch, kind: str, statement: str | None
) -> None:
    engine = mock.MagicMock()
    engine.dialect.name = kind
    connection = engine.connect.return_value.__enter__.return_value
    asking = connection.execution_options.return_value.execute
    asking.return_value.keys.return_value = ["Ref"]
    asking.return_value.fetchmany.return_value = []
    monkeypatch.setattr(sqlalchemy, "create_engine", lambda *_, **__: engine)
    table = open_query(f"{kind}://reader@host/case", SELECT)
    names = [name for name, *_ in connection.mock_calls if name in ("exec_driver_sql", "execution_options().execute")]
    assert names[-1] == "execution_options().execute"
    assert [call.args[0] for call in connection.exec_driver_sql.mock_calls] == ([statement] if statement else [])
    assert ("cannot be read-only" in table.found) is (statement is None)


@pytest.mark.parametrize(
    ("given", "asked_for"),
    [
        ("postgresql://u@host/case", "postgresql+psycopg://u@host/case"),
        ("postgresql+psycopg2://u@host/case", "postgresql+psycopg2://u@host/case"),
        ("mysql://u@host/case", "mysql+pymysql://u@host/case"),
        ("mssql://host/case?trusted_connection=yes", "mssql+pyodbc://host/case?trusted_connection=yes"),
    ],
)
def test_a_kind_of_database_has_a_driver_unless_the_address_names_one(
    monkeypatch: pytest.MonkeyPatch, given: str, asked_for: str
) -> None:
    addresses: list[str] = []

    def refuse(address: str, **_: object) -> None:
        addresses.append(address)
        raise ModuleNotFoundError(name="driver")

    monkeypatch.setattr(sqlalchemy, "create_engine", refuse)
    with pytest.raises(MissingExtraError):
        open_query(given, SELECT)
    assert addresses == [asked_for]


@pytest.mark.parametrize(
    ("plain", "module", "package"),
    [
        ("mssql://host/case", "pyodbc", "pyodbc"),
        ("mysql://host/case", "pymysql", "pymysql"),
        ("mysql+mysqldb://host/case", "MySQLdb", "mysqlclient"),
        ("oracle://host/case", "oracledb", "oracledb"),
    ],
)
def test_the_driver_that_is_missing_is_named_with_its_command(
    monkeypatch: pytest.MonkeyPatch, plain: str, module: str, package: str
) -> None:
    missing(monkeypatch, [module])
    with pytest.raises(MissingExtraError, match="driver") as caught:
        open_query(plain, SELECT)
    assert caught.value.hint == f"pip install {package}"


def missing(monkeypatch: pytest.MonkeyPatch, names: Iterable[str]) -> None:
    for name in names:
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.parametrize("names", [["sqlalchemy"], ["psycopg"]])
def test_the_extra_that_is_missing_is_named_with_its_command(monkeypatch: pytest.MonkeyPatch, names: list[str]) -> None:
    missing(monkeypatch, names)
    with pytest.raises(MissingExtraError) as caught:
        open_query("postgresql+psycopg://host/case", SELECT)
    assert (caught.value.code, caught.value.hint) == ("missing-extra", "pip install 'cc-categorise[db]'")


def test_sqlite_needs_no_extra(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing(monkeypatch, ["sqlalchemy", "psycopg"])
    assert len(asked(path)) == len(ROWS)


def test_a_path_with_signs_that_addresses_use_is_a_path(tmp_path: Path) -> None:
    odd = tmp_path / "a:b@c?d#e%20.db"
    with closing(sqlite3.connect(odd)) as connection:
        connection.execute("create table export (Ref)")
        connection.commit()
    assert asked(odd) == []
