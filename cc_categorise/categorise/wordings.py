"""The index of a scheme: every wording, in normal form, with what it is read as, and with a remark after it.

Takes a category scheme, answers what a wording means, which category a cut one begins, and where a single word
points.  Knows nothing of numbers at the head of a label or of joined labels: `labels.py` takes those apart first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from cc_categorise.categorise.words import FUNCTION_WORDS, NEGATIONS, clean, key_of, split_number, stems_of, words
from cc_categorise.errors import SchemeError
from cc_categorise.model import Assignment, CategoryScheme

ALONE = frozenset({"other"})
"""Keys of wordings that a remark can turn into anything."""
WIDE = frozenset({"vulnerability", key_of(["abuse", "of", "authority"])})
"""Keys of wordings that a remark may turn into another category: its words must be known to be theirs."""
GENERAL = frozenset(
    stems_of(
        words("corrupt corruption eg employee etc general inc incl including intelligence officer police related staff")
    )
)
"""Stems that point to no category, whatever wordings hold them."""

REMARK = re.compile(r"\s*(?:[(\[]|:|\s-+(?=\s)|-+\s|\s-+)\s*")
"""What parts a wording from a remark after it."""

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

_FINDING_OF = {"joined": "ambiguous-label", "read": "label-needs-reading", "out-of-scope": "label-out-of-scope"}
_START = 3
SHORTEST_CUT = 12
_SHORTEST_HINT = 3
SEPARATOR = re.compile(rf"{REMARK.pattern}|[/;,&+|\n]|\band\b|\bor\b")
_LETTERED = re.compile(r"[a-z](?:[.):]| ?-+) ?(.+)")
_TURNED = re.compile(r"([^,]+), ?([^,]+ (?:of|the))")


class Wordings:
    """Every wording of one scheme.

    Raises:
        SchemeError: Two wordings of different meaning cannot be told apart.
    """

    def __init__(self, scheme: CategoryScheme) -> None:
        self.codes = scheme.codes
        self.by_number = scheme.codes if scheme.is_numbered else ()
        self.texts: list[tuple[str, str, Assignment]] = []
        self._scheme = scheme
        self._answers: dict[str, Assignment] = {}
        for category in scheme.categories:
            # A code is a wording of its category like its title.
            self._learn((category.title, category.code), Assignment(category.code, "recorded"))
            for aliases in category.aliases:
                self._learn(aliases.labels, Assignment(category.code, "alias"))
        for entry in scheme.unresolved:
            self._learn(entry.labels, self.not_read(_FINDING_OF[entry.why], entry.candidates))

    def _learn(self, wordings: Iterable[str], answer: Assignment) -> None:
        for wording in wordings:
            cleaned = clean(wording)
            found = words(cleaned)
            if self._answers.setdefault(key_of(found), answer).code != answer.code:
                self._refuse(wording, key_of(found), answer)
            self.texts.append((cleaned, " ".join(found), answer))

    def _refuse(self, wording: str, key: str, answer: Assignment) -> None:
        other = next(text for _, text, _ in self.texts if key_of(text.split()) == key)
        owners = [code or "unresolved" for code in (self._answers[key].code, answer.code)]
        raise SchemeError(
            f"two wordings cannot be told apart: {other!r} ({owners[0]}) and {wording!r} ({owners[1]})",
            where=f"{self._scheme.id}, edition {self._scheme.edition}",
            hint="keep one of the two, or list the wording as unresolved only",
        )

    def not_read(self, finding: str, candidates: Iterable[str | None] = ()) -> Assignment:
        """Give the answer of a label that is not read, its candidates in the order of the scheme."""
        wanted = set(candidates)
        return Assignment(None, "none", finding, tuple(code for code in self.codes if code in wanted))

    def look_up(self, cleaned: str) -> Assignment | None:
        """Find a wording in its normal form: a category, or one that is deliberately unresolved."""
        if turned := _TURNED.fullmatch(cleaned):
            cleaned = f"{turned[2]} {turned[1]}"  # "authority, abuse of"
        found = words(cleaned)
        if not found or found[-1] in FUNCTION_WORDS:
            return None  # cut off: "abuse of authority for ..." is not "abuse of authority"
        answer = self._answers.get(key_of(found))
        return None if answer and self._splits(answer, cleaned) else answer

    def _splits(self, answer: Assignment, cleaned: str) -> bool:
        """Say whether a separator makes two wordings of one: "Other / sexual conduct" is not "other sexual conduct"."""
        if answer.basis != "alias":
            return False
        alone = (self._answers.get(key) for part in SEPARATOR.split(cleaned) if (key := key_of(words(part))) in ALONE)
        return any(other and other.code != answer.code for other in alone)

    def category_of(self, cleaned: str) -> Assignment | None:
        """Find a wording that is a category's, also after a single letter ("F - Theft and fraud")."""
        answer = self.look_up(cleaned)
        # "W - Other" is the rest of another list, and no letter list of the 12 is known.
        if answer is None and (lettered := _LETTERED.fullmatch(cleaned)):
            is_clear = key_of(words(lettered[1])) not in ALONE | WIDE
            answer = self.look_up(lettered[1]) if is_clear else None
        return answer if answer and answer.code else None

    def cut_off(self, cleaned: str) -> Assignment | None:
        """Find the one category whose wordings a cut label begins, if no unresolved wording begins so too."""
        label = cleaned.rstrip(". ")
        text = " ".join(words(label))
        if len(label) < SHORTEST_CUT or not text:
            return None
        # A remark after a wording ("Other: sexual") is no cut wording ("Other sexual conduct").
        has_remark = REMARK.search(label) is not None
        # "Disclosure of information / Misuse ..." does not stand in the way of "Disclosure of inf".
        whole_titles = tuple(f"{title} " for title in self._titles if title.startswith(text))
        begun = [
            (wording, answer)
            for whole, wording, answer in (
                self.texts if has_remark or len(text) < _START else self._by_start.get(text[:_START], ())
            )
            if (whole.startswith(label) if has_remark else wording.startswith(text))
            and (answer.code or not wording.startswith(whole_titles))
        ]
        codes = {answer.code for _, answer in begun}
        if len(codes - {None}) > 1:
            return self.not_read("ambiguous-label", codes)
        # Whole words that begin an alias ("Failure to declare ...") may be all that was meant.
        within_a_word = (a for wording, a in begun if wording in self._titles or wording[len(text) :][:1] != " ")
        best = min(within_a_word, key=lambda answer: answer.basis != "recorded", default=None)
        return best if None not in codes else None

    @cached_property
    def _by_start(self) -> dict[str, list[tuple[str, str, Assignment]]]:
        """The wordings by their first letters: a cut label is held against few of them."""
        found: dict[str, list[tuple[str, str, Assignment]]] = {}
        for entry in self.texts:
            found.setdefault(entry[1][:_START], []).append(entry)
        return found

    @cached_property
    def _titles(self) -> tuple[str, ...]:
        return tuple(" ".join(words(clean(category.title))) for category in self._scheme.categories)

    @cached_property
    def own_words(self) -> dict[str, frozenset[str]]:
        """Stems of each category's own wordings, the general ones left out."""
        return {
            own: frozenset().union(*(key.split() for key, answer in self._answers.items() if answer.code == own))
            - GENERAL
            for own in self.codes
        }

    def points_to(self, stem: str) -> frozenset[str]:
        """Give the categories whose wordings hold a word, else those of unresolved wordings that do.

        A cut word points where every word does that it begins.
        """
        if stem in self._pointers or stem in NEGATIONS or len(stem) < _SHORTEST_HINT:
            return self._pointers.get(stem, frozenset())
        near = (
            codes
            for known, codes in self._pointers.items()
            if known.startswith(stem) or (len(known) > _SHORTEST_HINT and stem.startswith(known))
        )
        return frozenset[str]().union(*near)

    @cached_property
    def _pointers(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for own, stems in self.own_words.items():
            for stem in stems:
                found.setdefault(stem, set()).add(own)
        hinted: dict[str, set[str]] = {}
        for key, answer in self._answers.items():
            for stem in set(key.split()) - found.keys():
                hinted.setdefault(stem, set()).update(answer.candidates)
        ignored = GENERAL | NEGATIONS
        return {
            stem: frozenset(codes)
            for stem, codes in (hinted | found).items()
            if len(stem) > 1 and stem not in ignored  # a letter code is not a word
        }


def without_remark(cleaned: str, wordings: Wordings) -> Assignment | None:
    """Read a label as the wording that it begins with; None where it does not begin with one and a remark.

    A remark leaves doubt that holds a word of another category, of somebody outside the police, or one that takes the
    wording back: `Theft and fraud (expenses)` is read, `Theft and fraud (not proven)` is not.
    """
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
