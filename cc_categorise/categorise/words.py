"""The normal forms in which wordings are compared: what two people may write differently and mean alike.

Takes text, returns text, or the number at its head and what follows it.  Knows nothing of categories, nor whether
one has the number.  A light stemmer of its own is enough, because only wordings of the scheme are ever matched: it has
to join "misusing" with "misused", and to keep "vulnerable" apart from "vulnerability".
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

FUNCTION_WORDS = frozenset({"a", "an", "and", "for", "her", "his", "in", "its", "of", "or", "the", "their"})
"""Ignored inside a wording.  Negations are not among them: they turn a wording into its opposite."""

NEGATIONS = frozenset(
    {"except", "excluding", "neither", "never", "no", "non", "nor", "not", "than", "unlike", "without"}
)

_LOOKALIKES = str.maketrans(
    {**dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"), **dict.fromkeys("‘’ʼ`´", "'"), "\u00ad": None, "\u200b": None}  # noqa: RUF001 - met in exports
)
_ABBREVIATIONS = {"assoc": "association", "inapp": "inappropriate", "info": "information", "unauth": "unauthorised"}
_JOINS = str.maketrans({"&": " and ", "+": " and ", "/": " and ", "'": None})
_PLURAL_IN_BRACKETS = re.compile(r"(?<=\w)\(e?s\)")
_HYPHENATED_PREFIX = re.compile(r"\b(mis|un)-(?=\w)")
_INITIALS = re.compile(r"(?<=\b[^\W\d_])\.(?=[^\W\d_]\b)")
_WORD = re.compile(r"[^\W_]+")
_BLANK = re.compile(
    r"#?n[/.]?a|nil|null|no|none|nan|blank|empty|undefined|unk|tb[acd]|no category(?: recorded)?"
    r"|un(?:allocated|assessed|assigned|categorised|classified|known|recorded|specified|stated)"
    r"|to be (?:advised|allocated|assessed|categorised|confirmed|decided|determined)"
    r"|(?:awaiting|pending|under)(?: (?:allocation|assessment|categorisation|decision|review))?"
    r"|(?:not|none|not yet) (?:advised|allocated|applicable|assessed|assigned|available|categorised|classified"
    r"|confirmed|decided|determined|entered|given|known|provided|recorded|set|specified|stated)"
    r"|(?:please )?select(?: (?:a |one )?category)?"
)

IMPOSSIBLE = 0
"""Stands for a number that no category can have, such as 4.5."""

_NUMBER_LED = r"(?:(?:category|cat|number|no)\b[.: -]{0,3}|(?:category|cat)(?=[0-9]))?"
_NUMBER = rf"[(\[]*{_NUMBER_LED}[(\[#]*([0-9]+)((?:\.[0-9]+)*)"
_ALONE = re.compile(rf"{_NUMBER}[)\].:\- ]*")
_AT_HEAD = re.compile(
    rf"{_NUMBER}(?:[)\]]*[.:\-]+ ?|[)\]]+ ?-? ?| -+ ?| )(?=[^\W_]|[(\[#'\"])(?![0-9]+[/.-][0-9])(.+)", re.DOTALL
)
_LONGEST_AT_HEAD = 3


def clean(label: str) -> str:
    """Fold case, accents, spaces and the many dashes and quotes; punctuation and line ends stay."""
    if not label.isascii():
        apart = unicodedata.normalize("NFKD", label.translate(_LOOKALIKES))
        label = "".join(c for c in apart if not unicodedata.combining(c)).translate(_LOOKALIKES)
    label = label.casefold()
    if "\n" not in label and "\r" not in label:
        return " ".join(label.split())
    lines = (" ".join(line.split()) for line in label.splitlines())
    return "\n".join(line for line in lines if line)


def is_blank(cleaned: str, tokens: frozenset[str] = frozenset()) -> bool:
    """Say whether a cleaned text says only that nothing is recorded.

    Args:
        cleaned: See `clean`.
        tokens: Further words for it, in `str.casefold`.
    """
    bare = cleaned.strip(" .,;:?!*-_()[]<>\"'")
    return not bare or cleaned in tokens or bare in tokens or _BLANK.fullmatch(bare) is not None


def words(cleaned: str) -> list[str]:
    """Give the words of a cleaned text in order; `&`, `+` and `/` are the word "and"."""
    if cleaned.replace(" ", "").isalpha():
        return cleaned.split()  # most wordings, and those of the scheme are read on every run
    text = _PLURAL_IN_BRACKETS.sub("s", cleaned)
    text = _HYPHENATED_PREFIX.sub(r"\1", text)
    text = _INITIALS.sub("", text)
    return _WORD.findall(text.translate(_JOINS))


def stems_of(found: list[str]) -> list[str]:
    """Give the stems of words, function words left out."""
    return [stem(word) for word in found if word not in FUNCTION_WORDS]


def key_of(found: list[str]) -> str:
    """Give the form in which plural, verb form, word order and function words no longer differ; may be empty."""
    return " ".join(sorted(stems_of(found)))


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Cut the ending of a word that its plural and its verb forms do not share."""
    cut = _ABBREVIATIONS.get(word, word).replace("z", "s")
    if cut.endswith(("ies", "ied")) and len(cut) > 4:  # noqa: PLR2004 - not "dies", "tied"
        cut = cut[:-3] + "y"
    elif cut.endswith("s") and not cut.endswith(("ss", "us", "is")):
        cut = cut[:-1]
    for ending, least in (("ing", 2), ("ed", 2), ("ion", 5), ("ure", 5), ("e", 2)):
        if cut.endswith(ending) and len(cut) - len(ending) >= least:
            cut = cut[: -len(ending)]
            break
    if len(cut) > 2 and cut[-1] == cut[-2]:  # noqa: PLR2004 - committing, abetting
        cut = cut[:-1]
    return word if cut in NEGATIONS else cut  # "notes" is not "not"


class Numbered(NamedTuple):
    """A number and the text after it, which is empty where the number stands alone."""

    number: int
    rest: str = ""


def split_number(cleaned: str) -> Numbered | None:
    """Take the number of a category off a text: `4`, `04`, `4.0`, `(4)`, `#4`, `No. 4`, `Cat 4: ...`, `4 - ...`.

    Numbers inside a text ("D1 ...", "2022/23 ...", "S31") are no numbering.
    """
    if match := _ALONE.fullmatch(cleaned):
        is_whole = not match[2].replace(".", "").strip("0")
        return Numbered(int(match[1][-9:]) if is_whole and len(match[1]) <= 9 else IMPOSSIBLE)  # noqa: PLR2004
    match = _AT_HEAD.fullmatch(cleaned)
    if match is None or len(match[1]) > _LONGEST_AT_HEAD:  # a year is no numbering
        return None
    return Numbered(int(match[1]), match[3])
