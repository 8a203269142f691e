"""A wording with a remark after it: `Theft and fraud (expenses)`, `Misuse of force systems - PNC`.

Takes a cleaned label and the index, returns the head's category if the remark leaves no doubt.  A remark that
holds a word of another category, of somebody outside the police, or one that takes the head back, leaves doubt.
Knows nothing of numbers at the head of a label or of joined labels.
"""

from __future__ import annotations

from cc_categorise.categorise.numbers import split_number
from cc_categorise.categorise.wordings import ALONE, GENERAL, REMARK, WIDE, Wordings
from cc_categorise.categorise.words import NEGATIONS, key_of, stems_of, words
from cc_categorise.model import Assignment

_SOMEBODY_ELSE = frozenset(
    stems_of(
        words(
            "adult child children complainant detainee elderly female informant juvenile male man mop people person"
            " prisoner public safeguarding survivor suspect victim vulnerable witness woman women young youth"
        )
    )
)
"""Stems that say that the words are about somebody outside the police."""

_TAKEN_BACK = NEGATIONS | frozenset(
    words(
        "changed discounted disproved disproven error excluded false formerly incorrect mistake moved previously"
        " recategorised reclassified refuted ruled unfounded unsubstantiated wrong"
    )
)
"""Words that say that the head does not hold, or no longer."""


def without_remark(cleaned: str, wordings: Wordings) -> Assignment | None:
    """Read a label as the wording that it begins with; None where it does not begin with one and a remark."""
    for separator in reversed(list(REMARK.finditer(cleaned))):
        answer = wordings.look_up(cleaned[: separator.start()])
        if answer is None:
            continue
        if answer.code is None:
            return answer
        key, remark = key_of(words(cleaned[: separator.start()])), cleaned[separator.end() :]
        if (number := split_number(remark)) and not number.rest:
            return _held_against(number.number, answer, answer.code, wordings)
        doubts = _doubts(key, remark, answer.code, wordings)
        return answer if doubts is None else wordings.not_read("ambiguous-label", {answer.code} | doubts)
    return None


def _held_against(number: int, answer: Assignment, own: str, wordings: Wordings) -> Assignment:
    """A number after the words: the category's own, another's, or not a category's at all (a year, a total)."""
    if not 0 < number <= len(wordings.by_number) or wordings.by_number[number - 1] == own:
        return answer
    return wordings.not_read("number-contradicts-title", (own, wordings.by_number[number - 1]))


def _doubts(head_key: str, remark: str, own: str, wordings: Wordings) -> set[str] | None:
    """Give the categories that a remark points to besides its head's own; None where there is no doubt."""
    found = words(remark)
    said = wordings.look_up(remark)
    if not found or (said and said.code == own):
        return None
    if said and said.code:
        return {said.code}
    is_doubtful = head_key in ALONE or not _TAKEN_BACK.isdisjoint(found)
    pointed: set[str] = set()
    for stem in set(stems_of(found)) - GENERAL:
        points, is_own = wordings.points_to(stem), stem in wordings.own_words[own]
        if head_key in WIDE:
            is_doubtful |= stem in _SOMEBODY_ELSE or not (is_own or points == {own})
        elif not is_own:
            is_doubtful |= stem in _SOMEBODY_ELSE or bool(points - {own})
        pointed |= frozenset() if is_own else points
    return pointed if is_doubtful else None
