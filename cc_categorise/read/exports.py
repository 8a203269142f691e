"""Which exports are meant by the arguments of a command, and how their bytes are opened.

Takes arguments as typed, returns exports in order.  Knows nothing of what the bytes say.
"""

from __future__ import annotations

import errno
import hashlib
import io
import sys
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path
from typing import IO, Any, NamedTuple

from cc_categorise.errors import MissingFileError, ReadError, UnknownFormatError, UnsafeFileError


class Kind(Enum):
    """What kind of file an export is, and so which reader reads it."""

    TEXT = "text"
    JSON = "json"
    WORKBOOK = "workbook"
    PARQUET = "parquet"


KIND_OF_SUFFIX = {
    **dict.fromkeys((".csv", ".tsv", ".txt"), Kind.TEXT),
    **dict.fromkeys((".json", ".jsonl", ".ndjson"), Kind.JSON),
    **dict.fromkeys((".xlsx", ".xlsm", ".xls", ".ods"), Kind.WORKBOOK),
    ".parquet": Kind.PARQUET,
}
_PACKED = frozenset({".gz", ".zst"})
_MAY_BE_PACKED = frozenset({Kind.TEXT, Kind.JSON})
STDIN = "-"
_KEPT_IN_MEMORY = 32 * 2**20
_LARGEST_UNPACKED = 2**35
_SUSPICIOUS = 2**30
_PLAUSIBLE_RATIO = 500
_PACKED_PIECE = 2**12  # a few bytes of Zstandard may stand for 128 KB


class Export(NamedTuple):
    """One file to read, or standard input."""

    name: str  # as a person would name it; stands in findings and messages
    path: Path | None = None  # None for standard input
    spool: IO[bytes] | None = None  # seekable copy of standard input or of what was packed, else None
    kind: Kind = Kind.TEXT  # which reader reads it

    def open(self) -> io.BufferedReader:
        """Open the bytes for reading, seekable, from the start.

        Raises:
            ReadError: The operating system refuses.
        """
        if self.spool is not None:
            return io.BufferedReader(_Unclosed(self.spool))
        assert self.path is not None  # noqa: S101 - an export without a spool has a path
        try:
            return self.path.open("rb")
        except OSError as err:
            raise _unreadable(self.name, err) from None

    @property
    def size(self) -> int:
        """Number of bytes."""
        with self.open() as stream:
            return stream.seek(0, 2)

    @property
    def stem(self) -> str:
        """Name for files made from this export."""
        path = self.path or Path(self.name)
        return Path(path.stem).stem if path.suffix.lower() in _PACKED else path.stem


class Spool(tempfile.SpooledTemporaryFile[bytes]):
    """A copy of bytes that can be read only once or not as they are; past some size on disk, unnamed.

    It lives as long as the export that holds it, and closes itself.
    """

    def __init__(self) -> None:
        super().__init__(max_size=_KEPT_IN_MEMORY)

    def __del__(self) -> None:
        """Close without the warning that a forgotten file deserves."""
        self.close()


class _Unclosed(io.RawIOBase):
    """A view of a spool with a place of its own: closing it does not close the spool, which is read again."""

    def __init__(self, spool: IO[bytes]) -> None:
        self._spool = spool
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401 - whatever holds bytes
        self._spool.seek(self._at)
        data = self._spool.read(len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._spool.seek(self._at)
        self._spool.seek(offset, whence)
        self._at = self._spool.tell()
        return self._at


def find_exports(arguments: Iterable[str | Path]) -> tuple[list[Export], list[str]]:
    """Find the exports that arguments stand for, in their order; give sentences about what was left out, too.

    A folder stands for the exports directly in it, by name, a pattern for its matches, and ``-`` for standard input.

    Raises:
        MissingFileError: A path does not exist, or a folder or pattern holds no export.
        UnknownFormatError: A file named by itself has an ending that cannot be read.
    """
    exports: list[Export] = []
    notes: list[str] = []
    for argument in map(str, arguments):
        if argument == STDIN:
            if sys.stdin is None:
                raise MissingFileError("there is no standard input", where=argument, hint="name a file")
            exports.append(_read_once("stdin", None, sys.stdin.buffer))
            continue
        try:
            path = Path(argument)
            if path.is_fifo() or path.is_char_device():  # such as a shell gives for the output of another command
                with path.open("rb") as stream:
                    exports.append(_read_once(argument, path, stream))
                continue
            found, readable = _files_of(argument)
        except OSError as err:
            if err.errno != errno.ENAMETOOLONG:
                raise _unreadable(argument, err) from None
            found = readable = []
        if n_others := len(found) - len(readable):
            files = "file of another kind was" if n_others == 1 else "files of other kinds were"
            notes.append(f"{argument}: {n_others} {files} left out")
        if not readable:
            raise MissingFileError("no export found", where=argument)
        exports += map(_export, readable)
    return exports, notes


def kind_of(path: Path) -> Kind | None:
    """Tell what kind of file a path names, by its ending; None for one that cannot be read."""
    if path.suffix.lower() not in _PACKED:
        return KIND_OF_SUFFIX.get(path.suffix.lower())
    inner = KIND_OF_SUFFIX.get(Path(path.stem).suffix.lower())
    return inner if inner in _MAY_BE_PACKED else None


def _from_zstandard(packed: IO[bytes], path: Path) -> Iterator[bytes]:
    """Unpack frame by frame: a file that was cut off ends within a frame, which a stream of zstandard does not tell."""
    import zstandard  # noqa: PLC0415 - only packed files need it

    frame = None
    try:
        for piece in _pieces(packed, _PACKED_PIECE):
            left = piece
            while left:
                frame = frame or zstandard.ZstdDecompressor().decompressobj()
                yield frame.decompress(left)
                left, frame = (frame.unused_data, None) if frame.eof else (b"", frame)
    except zstandard.ZstdError:
        raise _damaged(path) from None
    if frame is not None:
        raise _damaged(path)


def _damaged(path: Path) -> ReadError:
    return ReadError("the packed file is damaged", where=path.as_posix(), hint="pack or export it again")


def _read_once(name: str, path: Path | None, stream: IO[bytes]) -> Export:
    """Copy what cannot be read twice; it has no ending, so JSON is told from other text by how it begins."""
    spool = _spool(_pieces(stream))
    spool.seek(0)
    is_json = spool.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
    return Export(name, path, spool, Kind.JSON if is_json else Kind.TEXT)


def _export(path: Path) -> Export:
    kind = kind_of(path) or Kind.TEXT
    spool = _unpacked(path) if path.suffix.lower() in _PACKED else None
    return Export(path.as_posix(), path, spool, kind)


def _unpacked(path: Path) -> IO[bytes]:
    """Unpack a file that was packed by gzip or Zstandard.

    Raises:
        UnsafeFileError: It unpacks to far more than any real export.
        ReadError: It is damaged.
    """
    try:
        with path.open("rb") as packed:
            if path.suffix.lower() == ".gz":
                import gzip  # noqa: PLC0415 - only packed files need it

                return _spool(_pieces(gzip.GzipFile(fileobj=packed)), of=path)
            return _spool(_from_zstandard(packed, path), of=path)
    except OSError as err:
        raise (_unreadable(path.as_posix(), err) if err.errno else _damaged(path)) from None
    except (EOFError, zlib.error) as err:
        raise _damaged(path) from err


def _files_of(argument: str) -> tuple[list[Path], list[Path]]:
    """Give the files that a path, folder or pattern stands for, and those of them that can be read."""
    path = Path(argument)
    if path.is_dir():
        found = [p for p in sorted(path.iterdir()) if p.is_file() and not p.name.startswith(".")]
        return found, [p for p in found if kind_of(p)]
    if not path.exists():
        import glob  # noqa: PLC0415 - only patterns need it

        found = [Path(p) for p in sorted(glob.glob(argument)) if kind_of(Path(p))]  # noqa: PTH207 - an absolute pattern too
        return found, found
    if kind_of(path) is None:
        hint = f"save it as CSV; the endings read are {', '.join(KIND_OF_SUFFIX)}, and text packed as .gz or .zst"
        raise UnknownFormatError("files of this kind cannot be read", where=argument, hint=hint)
    return [path], [path]


def find_repeated(exports: list[Export]) -> list[Export]:
    """Give the exports whose bytes equal those of an earlier one."""
    seen: set[bytes] = set()
    repeated = []
    sizes = [export.size for export in exports]
    for export, size in zip(exports, sizes, strict=True):
        if sizes.count(size) == 1:
            continue
        with export.open() as stream:
            digest = hashlib.file_digest(stream, "sha256").digest()
        if digest in seen:
            repeated.append(export)
        seen.add(digest)
    return repeated


def _pieces(stream: IO[bytes] | io.BufferedIOBase, size: int = 2**20) -> Iterator[bytes]:
    return iter(lambda: stream.read(size), b"")


def _spool(pieces: Iterable[bytes], of: Path | None = None) -> Spool:
    """Copy bytes; of what a packed file holds, as many as are plausible: text packs a tenfold, not five hundredfold."""
    spool = Spool()
    most = min(_LARGEST_UNPACKED, max(_SUSPICIOUS, _PLAUSIBLE_RATIO * of.stat().st_size)) if of else 0
    for piece in pieces:
        spool.write(piece)
        if of and spool.tell() > most:
            raise UnsafeFileError("the file unpacks to far more than any real export", where=of.as_posix())
    return spool


def _unreadable(name: str, err: OSError) -> ReadError:
    return ReadError(f"cannot be opened: {err.strerror or type(err).__name__}", where=name)
