"""Which encoding an export's bytes are in: byte-order mark, strict UTF-8, then Windows-1252; never lossy.

Takes an export, returns a codec and bytes whose line ends and quotes can be found without decoding them.
Knows nothing of cells.
"""

from __future__ import annotations

import codecs
import contextlib
import io
from typing import NamedTuple

from cc_categorise.errors import EmptyFileError, EncodingError, UsageError
from cc_categorise.read.exports import Export, Spool

_CHUNK = 2**20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SHOWN = {"utf-8": "UTF-8", "cp1252": "Windows-1252", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}


class EncodedText(NamedTuple):
    """An export's bytes and how to read them."""

    export: Export  # where the bytes are; a UTF-8 copy where line ends could not be found in the original
    codec: str  # Python's name of the encoding of those bytes
    start: int  # bytes to skip: the byte-order mark
    found: str  # what was found out, for a person

    def decode(self, data: bytes, offset: int) -> str:
        """Decode one piece of the bytes.

        Raises:
            EncodingError: They are not in the encoding; ``offset`` is where the piece begins.
        """
        try:
            return data.decode(self.codec)
        except UnicodeError as err:
            raise _undecodable(self.export, self.codec, offset + getattr(err, "start", 0)) from None

    def n_whole(self, data: bytes) -> int:
        """Give how many bytes of a piece are whole characters: its end may cut one in two."""
        decoder = codecs.getincrementaldecoder(self.codec)()
        with contextlib.suppress(UnicodeError):  # `decode` says where
            decoder.decode(data)
        return len(data) - len(decoder.getstate()[0])


def find_encoding(export: Export, chosen: str | None) -> EncodedText:
    """Find out the encoding of an export, looking at all of its bytes, unless a person has chosen one.

    Raises:
        EmptyFileError: The export holds no bytes.
        EncodingError: No encoding reads all of the bytes.
        UsageError: ``chosen`` is not a known codec.
    """
    with export.open() as stream:
        head = stream.read(4096)
        if not head.strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n") and not stream.read(1):
            raise EmptyFileError("the file holds nothing to read", where=export.name)
        mark, marked = next(((m, codec) for m, codec in _MARKS if head.startswith(m)), (b"", None))
        if chosen is not None:
            codec = _known(chosen)
            start, how = len(mark) if marked == codec else 0, "as given"
        elif marked:
            codec, start, how = marked, len(mark), "byte-order mark"
        else:
            _refuse_unmarked_utf16(head, export)
            stream.seek(0)
            codec, start, how = ("utf-8" if _is_utf8(stream) else "cp1252"), 0, "found"
    text = EncodedText(export, codec, start, f"{_SHOWN.get(codec, codec)} ({how})")
    return text if _shows_ascii(codec) else _as_utf8(text)


def _known(chosen: str) -> str:
    try:
        name = codecs.lookup(chosen).name
        "".encode(name)  # some of Python's codecs are none of text
    except (LookupError, ValueError):
        hint = "for example utf-8, cp1252, utf-16"
        raise UsageError(f"--encoding: no such encoding: {chosen!r}", hint=hint) from None
    return "utf-8" if name == "utf-8-sig" else name


def _refuse_unmarked_utf16(head: bytes, export: Export) -> None:
    """UTF-16 without its mark is valid UTF-8 full of NULs: every second byte of plain English is one."""
    zeros = head.count(b"\0")
    if zeros * 4 > len(head):
        guess = "utf-16-le" if head[1::2].count(b"\0") > zeros // 2 else "utf-16-be"
        message = "every second byte is NUL: most likely UTF-16 without a byte-order mark"
        raise EncodingError(message, where=export.name, hint=f"try --encoding {guess}")


def _is_utf8(stream: io.BufferedReader) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    pending = False
    while chunk := stream.read(_CHUNK):
        if not pending and chunk.isascii():  # many times faster than decoding
            continue
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError:
            return False
        pending = bool(decoder.getstate()[0])
    return not pending


def _shows_ascii(codec: str) -> bool:
    """Say whether a line end or quote of the text is that very byte, wherever it stands."""
    sample = bytes(range(128)) + rb"\u0041"
    try:
        return sample.decode(codec) == sample.decode("ascii")
    except UnicodeError:
        return False


def _as_utf8(text: EncodedText) -> EncodedText:
    copy = Spool()
    decoder = codecs.getincrementaldecoder(text.codec)()
    with text.export.open() as stream:
        stream.seek(text.start)
        done, final = text.start, False
        while not final:
            chunk = stream.read(_CHUNK)
            final = not chunk
            held = len(decoder.getstate()[0])
            try:
                copy.write(decoder.decode(chunk, final).encode())
            except UnicodeError as err:
                start = err.start - held if isinstance(err, UnicodeDecodeError) else 0
                raise _undecodable(text.export, text.codec, done + start) from None
            done += len(chunk)
    copy.seek(0)
    skip = len(codecs.BOM_UTF8) if copy.read(3) == codecs.BOM_UTF8 else 0
    return text._replace(export=text.export._replace(spool=copy), codec="utf-8", start=skip)


def _undecodable(export: Export, codec: str, offset: int) -> EncodingError:
    return EncodingError(f"byte {offset + 1:,} is not valid {_SHOWN.get(codec, codec)}", where=export.name)


def unmarked(line: str) -> str:
    """Take out the byte-order mark at the head of a line: files that were glued together keep theirs."""
    return line.removeprefix("\ufeff")


def text_lines(text: str) -> list[str]:
    """Cut text at line feeds, carriage returns and both together, ends kept: as the csv module expects."""
    return list(io.StringIO(text, newline=""))
