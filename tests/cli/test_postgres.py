"""A real PostgreSQL server, started here: its rows count as those of a file do, and nothing can be written."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from test_door import AS_AT, TITLES, Ran, run

from cc_categorise.read.database import open_query
from cc_categorise.read.spooled import BATCH

WORD = "correct-horse"
HEADER = "Reference,Received,Recorded,Category,Unit"
SELECT = "select * from export order by reference"
REFUSED = (4, "")


@dataclass(frozen=True)
class Server:
    """A server that runs.

    Attributes:
        port: Where it listens, on this machine alone.
    """

    port: int

    def address(self, user: str = "reader", driver: str = "postgresql+psycopg") -> str:
        return f"{driver}://{user}@localhost:{self.port}/case"

    def count(self, query: str, *args: object, user: str = "reader", env: dict[str, str] | None = None) -> Ran:
        """Count what a query gives."""
        return run("count", "--from-db", self.address(user), "--query", query, *AS_AT, *args, env=env)

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        """Ask as the owner, who may write."""
        address = f"host=localhost port={self.port} dbname=case user=owner"
        with psycopg.connect(address, autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []


def as_server(words: Sequence[object]) -> None:
    """Run a program as somebody who may run a server: never as root."""
    command = list(map(str, words))
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", timeout=60)  # noqa: S603 - found below


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not folders or not (os.geteuid() or shutil.which("runuser")):
        reason = "PostgreSQL is needed: apt-get install postgresql"
        if os.environ.get("REQUIRE_SERVICES"):
            pytest.fail(reason)
        pytest.skip(reason)
    programs = folders[-1]
    folder = Path("/tmp") / f"cc-postgres-{os.getpid()}"  # noqa: S108 - the server's own user cannot enter pytest's
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    try:
        as_server([programs / "initdb", "-D", data, "-U", "owner", "-A", "trust", "-E", "UTF8", "--no-sync"])
        rules = "host all guarded localhost scram-sha-256\nhost all all localhost trust\n"
        copied = tmp_path_factory.mktemp("postgres") / "pg_hba.conf"
        copied.write_text(rules)
        as_server(["sh", "-c", f"printf '%s' \"$1\" > {data}/pg_hba.conf", "sh", rules])
        options = f"-p {port} -c listen_addresses=localhost -c unix_socket_directories={folder} -c fsync=off"
        as_server([programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"])
        try:
            yield prepared(Server(port))
        finally:
            as_server([programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder)


def prepared(server: Server) -> Server:
    """Fill the server with a table of every type that days come in, and with a function that writes."""
    with psycopg.connect(f"host=localhost port={server.port} dbname=postgres user=owner", autocommit=True) as made:
        made.execute("create database case_file")
        made.execute('alter database case_file rename to "case"')
    for sql in (
        "create role reader login superuser",
        f"create role guarded login password '{WORD}'",
        "create table export (reference text, received date, recorded timestamptz, category text, unit text)",
        "grant select on export to guarded",
        "create function sneak() returns int language sql as 'delete from export returning 1'",
    ):
        server.ask(sql)
    with psycopg.connect(f"host=localhost port={server.port} dbname=case user=owner") as connection:
        connection.cursor().executemany("insert into export values (%s, %s, %s, %s, %s)", records())
    return server


def records(n: int = 1000) -> list[tuple[str, date | None, datetime, str | None, str]]:
    labels = (*TITLES.values(), "4", "banana", None)
    first = datetime(2021, 4, 1, 12)  # noqa: DTZ001 - as written
    return [
        (
            f"R{i:05}",
            None if i % 97 == 5 else (first + timedelta(days=i)).date(),
            first + timedelta(days=i),
            labels[i % len(labels)],
            f"Café; {i % 3}",
        )
        for i in range(n)
    ]


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    lines = [",".join("" if cell is None else f'"{cell}"' for cell in row) for row in records()]
    path.write_text("\n".join([HEADER, *lines, ""]), encoding="utf-8")
    return path


@pytest.mark.parametrize("count_by", ["received", "recorded"])
def test_a_query_counts_as_the_same_records_in_a_file(server: Server, plain: Path, count_by: str) -> None:
    options = ("--by", "unit", "--count-by", count_by)
    expected = run("count", plain, *AS_AT, *options, "-f", "csv")
    result = server.count(SELECT, *options, "-f", "csv")
    assert (result.code, result.out) == (3, expected.out)
    whole, other = (
        run("count", *words, *AS_AT, *options, "-f", "json").out.replace("Unit", "unit")
        for words in ((plain,), ("--from-db", server.address(), "--query", SELECT))
    )
    assert whole == other


def test_the_driver_need_not_be_named(server: Server) -> None:
    result = run("count", "--from-db", server.address(driver="postgresql"), "--query", SELECT, *AS_AT, "-f", "csv")
    assert (result.code, result.out) == (3, server.count(SELECT, "-f", "csv").out)


def test_a_query_of_a_file_with_colons_and_percent_signs_is_asked_as_it_stands(server: Server, tmp_path: Path) -> None:
    query = tmp_path / "query.sql"
    query.write_text(
        "select 'R:1 :x 5%' || '%s' as reference, '2023-04-03 10:30'::timestamp as received, 4::int as category\n"
        "where 'Café' like 'C%'"
    )
    result = server.count(f"@{query}", "-f", "csv")
    assert result.code == 0
    assert "2023/24,sexual-misconduct,Sexual misconduct,1," in result.out


@pytest.mark.parametrize(
    ("typed", "counted"),
    [
        pytest.param("date '2023-04-01'", True, id="date"),
        pytest.param("timestamp '2023-04-01 00:00'", True, id="timestamp"),
        pytest.param("timestamptz '2023-04-01 00:00+00'", True, id="timestamp-of-a-zone"),
        pytest.param("'01/04/2023'", True, id="text"),
        pytest.param("20230401", False, id="integer"),
        pytest.param("45017.0::numeric", False, id="numeric"),
        pytest.param("null", False, id="null"),
    ],
)
def test_a_day_of_any_type_is_a_day_and_a_number_is_none(server: Server, typed: str, counted: bool) -> None:  # noqa: FBT001
    result = server.count(f"select 'R1' as reference, {typed} as received, 'Other' as category", "-f", "csv")
    assert ("2023/24,other,Other,1," in result.out, result.code) == (counted, 0 if counted else 3)


WRITES = {
    "insert": "insert into export (reference) values ('new') returning reference, received, category",
    "update": "update export set category = 'x' returning *",
    "with": "with gone as (delete from export returning *) select * from gone",
    "function": "select sneak() as reference, current_date as received, 'Other' as category",
    "drop": "drop table export",
    "into": "select * into other from export",
    "after-the-end": "select 1; commit; drop table export; select 1",
    "sequence-of-queries": "select 1; delete from export",
    "block": "do $$ begin delete from export; end $$",
}


@pytest.mark.parametrize("query", WRITES.values(), ids=WRITES)
def test_a_query_that_would_write_is_refused_and_changes_nothing(server: Server, query: str) -> None:
    before = server.ask("select md5(string_agg(e::text, '|' order by reference)), count(*) from export e")
    result = server.count(query)
    assert (result.code, result.out) == REFUSED
    assert "[database]" in result.err
    assert server.ask("select md5(string_agg(e::text, '|' order by reference)), count(*) from export e") == before
    assert server.ask("select count(*) from pg_tables where schemaname = 'public'") == [(1,)]


@pytest.mark.parametrize(
    "query",
    ["select * from nosuch", "selekt 'hush'", " ", "select 1/0", "select 'hush'::date", "select date 'infinity'"],
)
def test_a_query_that_fails_is_an_error_without_its_text(server: Server, query: str) -> None:
    result = server.count(query)
    assert (result.code, result.out) == REFUSED
    assert "the database refused: " in result.err
    assert "hush" not in result.err


def test_the_password_comes_from_the_environment(server: Server) -> None:
    result = server.count(SELECT, "-f", "csv", user="guarded", env={"PGPASSWORD": WORD})
    assert (result.code, result.out) == (3, server.count(SELECT, "-f", "csv").out)


def test_a_wrong_password_is_an_error_and_not_shown(server: Server) -> None:
    result = server.count(SELECT, user="guarded", env={"PGPASSWORD": "wrong-horse"})
    assert (result.code, result.out) == REFUSED
    assert "OperationalError" in result.err
    assert not any(word in result.err for word in ("horse", "guarded", "Traceback"))


def test_a_password_in_the_address_is_refused_before_the_server_is_asked(server: Server) -> None:
    result = server.count(SELECT, user=f"guarded:{WORD}")
    assert (result.code, result.out) == (2, "")
    assert WORD not in result.err


def test_a_server_that_is_not_there_is_an_error() -> None:
    with socket.socket() as bound:
        bound.bind(("localhost", 0))  # nobody listens
        result = Server(bound.getsockname()[1]).count(SELECT, user="somebody")
    assert (result.code, result.out) == REFUSED
    assert "[database]" in result.err
    assert "somebody" not in result.err


def test_figures_of_a_query_can_be_written_and_its_rows_set_apart(server: Server, tmp_path: Path) -> None:
    assert server.count(SELECT, "-o", tmp_path / "figures.csv").code == 3
    assert (tmp_path / "figures.csv").read_text(encoding="utf-8") == server.count(SELECT, "-f", "csv").out
    words = ("--from-db", server.address(), "--query", SELECT, *AS_AT, "--quarantine", tmp_path / "apart")
    assert run("check", *words).code == 3
    assert len(list((tmp_path / "apart").iterdir())) == 3


def test_rows_come_a_batch_at_a_time(server: Server) -> None:
    table = open_query(server.address(), "select generate_series(1, 5000) as ref")
    assert [len(block.rows) for block in table.blocks()] == [*[BATCH] * (5000 // BATCH), 5000 % BATCH]
