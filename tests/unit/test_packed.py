"""Packed exports: what was packed is read whole or not at all."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from export_builders import counted, fates

from cc_categorise.errors import EmptyFileError, ReadError, UnsafeFileError
from cc_categorise.read import exports
from cc_categorise.read.exports import find_exports

TEXT = b"Ref,Received,Category\n" + b"".join(b"R%d,2023-04-03,Other\n" % i for i in range(50_000))
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "zst": zstandard.ZstdCompressor(write_checksum=True).compress,
}

every_packer = pytest.mark.parametrize("ending", PACKERS)


def unpacked(folder: Path, ending: str, data: bytes) -> bytes:
    """Write packed bytes; give what they hold."""
    path = folder / f"export.csv.{ending}"
    path.write_bytes(data)
    ((export,), _) = find_exports([path])
    with export.open() as stream:
        return stream.read()


@every_packer
def test_what_was_packed_is_what_is_read(tmp_path: Path, ending: str) -> None:
    assert unpacked(tmp_path, ending, PACKERS[ending](TEXT)) == TEXT


@every_packer
def test_files_packed_apart_and_glued_together_are_one(tmp_path: Path, ending: str) -> None:
    half = len(TEXT) // 2
    glued = PACKERS[ending](TEXT[:half]) + PACKERS[ending](TEXT[half:])
    assert unpacked(tmp_path, ending, glued) == TEXT


def test_a_frame_to_be_skipped_is_skipped(tmp_path: Path) -> None:
    skipped = b"\x50\x2a\x4d\x18\x05\0\0\0 note"
    assert unpacked(tmp_path, "zst", skipped + zstandard.compress(TEXT)) == TEXT


@every_packer
def test_an_ending_in_capitals_is_an_ending(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"EXPORT.CSV.{ending.upper()}"
    path.write_bytes(PACKERS[ending](TEXT))
    assert fates(counted(path)) == {"rows_read": 50_000, "counted": 50_000}


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "last-byte-missing": lambda data: data[:-1],
    "end-missing": lambda data: data[:-9],
    "cut-in-half": lambda data: data[: len(data) // 2],
    "start-alone": lambda data: data[:5],
    "byte-changed": lambda data: data[:200] + bytes([data[200] ^ 0x55]) + data[201:],
    "text": lambda _: TEXT,
    "text-behind": lambda data: data + b"and more text",
    "second-one-cut": lambda data: data + data[:-20],
}


@pytest.mark.parametrize("damage", DAMAGES)
@every_packer
def test_a_damaged_file_is_never_read_in_part(tmp_path: Path, ending: str, damage: str) -> None:
    with pytest.raises(ReadError, match="the packed file is damaged") as caught:
        unpacked(tmp_path, ending, DAMAGES[damage](PACKERS[ending](TEXT)))
    assert (caught.value.code, caught.value.exit_code) == ("unreadable-file", 4)


@every_packer
def test_a_bomb_is_left_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    bomb = PACKERS[ending](bytes(4_000_000))
    monkeypatch.setattr(exports, "_SUSPICIOUS", 4_000_000)
    monkeypatch.setattr(exports, "_PLAUSIBLE_RATIO", 1)
    assert len(unpacked(tmp_path, ending, bomb)) == 4_000_000
    monkeypatch.setattr(exports, "_SUSPICIOUS", 3_999_999)
    with pytest.raises(UnsafeFileError) as caught:
        unpacked(tmp_path, ending, bomb)
    assert (caught.value.code, caught.value.exit_code) == ("unsafe-file", 4)
    assert Path(caught.value.where).parent == tmp_path


@every_packer
def test_what_packs_well_and_is_large_is_no_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    monkeypatch.setattr(exports, "_SUSPICIOUS", 1000)
    assert unpacked(tmp_path, ending, PACKERS[ending](TEXT)) == TEXT


@every_packer
def test_nothing_packed_is_an_empty_file(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"export.csv.{ending}"
    path.write_bytes(PACKERS[ending](b""))
    with pytest.raises(EmptyFileError):
        counted(path)
