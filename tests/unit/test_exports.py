"""Are the exports found that the arguments mean, and can their bytes be read as often as is needed?"""

from __future__ import annotations

import gc
import io
import os
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from export_builders import in_memory

from cc_categorise.errors import MissingFileError, ReadError, UnknownFormatError
from cc_categorise.read import exports
from cc_categorise.read.exports import Export, Kind, Spool, find_exports, find_repeated


def folder_with(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return folder


def names_of(found: list[Export], folder: Path) -> list[str]:
    return [export.name.removeprefix(f"{folder.as_posix()}/") for export in found]


def test_files_are_taken_in_the_order_they_are_named(tmp_path: Path) -> None:
    folder_with(tmp_path, "b.csv", "a.TXT", "c.tsv")
    found, notes = find_exports([tmp_path / "b.csv", tmp_path / "a.TXT", str(tmp_path / "c.tsv"), tmp_path / "b.csv"])
    assert names_of(found, tmp_path) == ["b.csv", "a.TXT", "c.tsv", "b.csv"]
    assert notes == []


def test_a_folder_stands_for_the_exports_directly_in_it_by_name(tmp_path: Path) -> None:
    folder_with(tmp_path, "b.csv", "a.csv", ".hidden.csv", "notes.docx", "below/c.csv", "scan.pdf")
    found, notes = find_exports([tmp_path])
    assert names_of(found, tmp_path) == ["a.csv", "b.csv"]
    assert notes == [f"{tmp_path}: 2 files of other kinds were left out"]
    (tmp_path / "scan.pdf").unlink()
    assert find_exports([tmp_path])[1] == [f"{tmp_path}: 1 file of another kind was left out"]


def test_a_pattern_stands_for_its_matches_by_name(tmp_path: Path) -> None:
    folder_with(tmp_path, "2023.csv", "2022.csv", "2022.docx")
    found, notes = find_exports([tmp_path / "202*"])
    assert names_of(found, tmp_path) == ["2022.csv", "2023.csv"]
    assert notes == []


def test_a_name_with_the_signs_of_a_pattern_is_a_name_first(tmp_path: Path) -> None:
    folder_with(tmp_path, "[1].csv", "1.csv")
    assert names_of(find_exports([tmp_path / "[1].csv"])[0], tmp_path) == ["[1].csv"]


@pytest.mark.parametrize(
    "argument", ["long" * 1000 + ".csv", "none.csv", "*.csv", "empty", "no/such/folder", "only", "nul\0.csv"]
)
def test_what_stands_for_no_export_is_missing(tmp_path: Path, argument: str) -> None:
    (tmp_path / "empty").mkdir()
    folder_with(tmp_path, "only/notes.docx")
    with pytest.raises(MissingFileError, match="no export found"):
        find_exports([f"{tmp_path}/{argument}"])


def test_a_file_that_cannot_be_read_is_refused_with_the_endings_that_can(tmp_path: Path) -> None:
    folder_with(tmp_path, "table.docx")
    with pytest.raises(UnknownFormatError) as caught:
        find_exports([tmp_path / "table.docx"])
    assert caught.value.hint.startswith("save it as CSV; the endings read are .csv, ")


def test_a_folder_that_may_not_be_looked_into_is_an_error_and_no_crash(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_dir", refuse)
    with pytest.raises(ReadError, match="cannot be opened: Permission denied") as caught:
        find_exports([tmp_path / "locked" / "a.csv"])
    assert caught.value.code == "unreadable-file"


def test_a_folder_named_like_an_export_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    (export,) = find_exports([tmp_path / "folder*"])[0]
    with pytest.raises(ReadError, match="cannot be opened"):
        export.open()


def test_an_error_without_words_is_named_by_its_kind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_: object) -> io.BufferedReader:
        raise TimeoutError

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ReadError, match="cannot be opened: TimeoutError"):
        Export("a.csv", tmp_path / "a.csv").open()


def test_standard_input_is_kept_so_that_it_can_be_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"Ref\n1\n")))
    (export,), notes = find_exports(["-"])
    assert (export.name, export.stem, export.path, export.size, notes) == ("stdin", "stdin", None, 6, [])
    assert [export.open().read() for _ in range(2)] == [b"Ref\n1\n"] * 2


def test_without_standard_input_there_is_nothing_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(MissingFileError, match="there is no standard input"):
        find_exports(["-"])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are POSIX's")
def test_a_pipe_with_a_name_is_kept_so_that_it_can_be_read_again(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=[b"Ref\n1\n"])
    writer.start()
    (export,), _ = find_exports([path])
    writer.join()
    assert (export.name, export.stem, export.kind) == (str(path), "pipe", Kind.TEXT)
    assert [export.open().read() for _ in range(2)] == [b"Ref\n1\n"] * 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are POSIX's")
def test_what_a_pipe_holds_is_told_by_how_it_begins(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=[b' [{"Ref": 1}]'])
    writer.start()
    (export,), _ = find_exports([path])
    writer.join()
    assert export.kind is Kind.JSON


def test_two_readers_of_one_spool_do_not_disturb_each_other() -> None:
    export = in_memory(bytes(range(256)) * 100)
    first, second = export.open(), export.open()
    assert first.read(3) == b"\0\1\2"
    assert second.seek(250) == 250
    assert second.read(10) == bytes([*range(250, 256), *range(4)])
    assert first.seek(-3, 1) == 0
    assert len(first.read()) == len(second.read()) + 260
    first.close()
    assert export.open().read(1) == b"\0"


@pytest.mark.parametrize("most", [1, 100], ids=["on-disk", "in-memory"])
def test_a_spool_that_nobody_holds_any_more_is_closed_without_a_warning(
    monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(exports, "_KEPT_IN_MEMORY", most)
    spool = Spool()
    spool.write(b"more than one byte")
    assert Export("stdin", spool=spool).open().read() == b"more than one byte"
    del spool
    gc.collect()  # a warning would be an error


def test_size_and_stem_are_those_of_the_file(tmp_path: Path) -> None:
    export = Export("x", folder_with(tmp_path, "force.2023.csv") / "force.2023.csv")
    assert (export.size, export.stem) == (14, "force.2023")


def test_a_file_is_told_that_repeats_an_earlier_one_byte_for_byte(tmp_path: Path) -> None:
    contents = [b"one", b"two", b"one", b"three", b"one", b"two"]
    exports_given = [in_memory(content, name=f"{i}.csv") for i, content in enumerate(contents)]
    assert [export.name for export in find_repeated(exports_given)] == ["2.csv", "4.csv", "5.csv"]
    assert find_repeated([]) == find_repeated(exports_given[:2]) == []
    path = folder_with(tmp_path, "a.csv") / "a.csv"
    assert len(find_repeated([Export("a", path), Export("a", path)])) == 1
