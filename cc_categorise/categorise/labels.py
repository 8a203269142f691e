"""Step 3 of 6: read one recorded label as a category, or say why it is not read.

Takes a label and the scheme, returns an `Assignment`.  Precision first: what could mean two categories, or
might mean something else, is left uncategorised with its candidates.  The rules stand in docs/labels.md, in
the order in which `LabelReader` tries them.  Knows nothing of records, years, files or counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property

from cc_categorise.categorise.wordings import SEPARATOR, SHORTEST_CUT, Wordings, without_remark
from cc_categorise.categorise.words import NEGATIONS, Numbered, clean, is_blank, split_number, words
from cc_categorise.crosswalk import CrosswalkEntry
from cc_categorise.errors import ProfileError
from cc_categorise.model import Assignment, CategoryScheme

_LONGEST = 300
_MOST_PARTS = 12
_NEAR = 85
_MARGIN = 5

_LED = re.compile(
    r"(?:(?:corruption |national |primary |main )?category(?: of corruption)?|corruption|intelligence|intel)"
    r"(?: ?: ?| -+ )(.+)",
    re.DOTALL,
)
_JOIN = re.compile(r"\s*(?:[/;,&+|\n]|\band\b|\bor\b)\s*")
_FURTHER = re.compile(r"[;|\n\r]")

NOT_READ = "(not read)"
"""Value of a breakdown by sub-tag whose cell names none of the category's."""

_FINDING_OF = {"broad": "label-needs-reading", "out-of-scope": "label-out-of-scope"}
_BLANK = Assignment(None, "none", "blank-category")
_UNKNOWN = Assignment(None, "none", "unknown-label")


class LabelReader:
    """Reads recorded labels by one scheme and one crosswalk; the same label always gets the same answer.

    Args:
        scheme: The categories and their wordings.
        crosswalk: Labels that a person decided on; they win over everything else.
        missing: Tokens that mean blank, in `str.casefold`, besides the usual ones.
        listed: Rows of crosswalk files by name, for labels that ``crosswalk`` says nothing of on that day.

    Raises:
        SchemeError: Two wordings of different meaning cannot be told apart.
        ProfileError: A crosswalk names a category that is not in the scheme, or decides one label twice.
    """

    def __init__(
        self,
        scheme: CategoryScheme,
        crosswalk: Iterable[CrosswalkEntry] = (),
        missing: frozenset[str] = frozenset(),
        listed: Mapping[str, Iterable[CrosswalkEntry]] | None = None,
    ) -> None:
        self._scheme = scheme
        self._wordings = Wordings(scheme)
        self._missing = missing
        self._decided: dict[str, list[tuple[CrosswalkEntry, Assignment]]] = {}
        for listings in ({"crosswalk": crosswalk}, {f"{name}: rows": rows for name, rows in (listed or {}).items()}):
            within: dict[str, list[tuple[CrosswalkEntry, Assignment]]] = {}
            for where, rows in listings.items():
                for number, entry in enumerate(rows, 1):
                    self._decide(entry, f"{where}[{number}]", within.setdefault(as_written(entry.label), []))
            for key, rulings in within.items():
                self._decided.setdefault(key, []).extend(rulings)
        self.is_dated = any(entry.valid_from or entry.valid_to for entry in self.rows)

    def _decide(self, entry: CrosswalkEntry, where: str, rulings: list[tuple[CrosswalkEntry, Assignment]]) -> None:
        if not {entry.category or self._wordings.codes[0], *entry.candidates} <= set(self._wordings.codes):
            hint = "codes: " + ", ".join(self._wordings.codes)
            raise ProfileError("a category of the crosswalk is not in the scheme", where=where, hint=hint)
        answer = Assignment(entry.category, "crosswalk")
        if not entry.is_decided:
            finding = _FINDING_OF.get(entry.relation, "ambiguous-label")
            answer = self._wordings.not_read(finding, entry.candidates)
        if any(other != answer and entry.overlaps(earlier) for earlier, other in rulings):
            message = "the crosswalk gives one label two categories"
            raise ProfileError(message, where=where, hint="keep one of the two")
        rulings.append((entry, answer))

    @property
    def rows(self) -> Iterator[CrosswalkEntry]:
        """Every row of a crosswalk that it goes by."""
        return (entry for rulings in self._decided.values() for entry, _ in rulings)

    def ruling_on(self, label: str, day: date | None = None) -> tuple[CrosswalkEntry, Assignment] | None:
        """Give the row of a crosswalk that decides a label on a day, and what it says."""
        rulings = self._decided.get(as_written(label), ())
        return next((ruling for ruling in rulings if ruling[0].holds_on(day)), None)

    def assign(self, label: str | None, day: date | None = None) -> Assignment:
        """Read a recorded label as one category, or as none with the reason.

        Args:
            label: As recorded.
            day: The date its record is counted by; without one, rows of a crosswalk that have dates do not apply.

        Source:
            docs/counting-rules.md, rules 3, 7 and 8; docs/labels.md.
        """
        cleaned = clean(label or "")
        if cleaned and self._decided and (ruling := self.ruling_on(cleaned, day)):
            return ruling[1]
        if is_blank(cleaned, self._missing):
            return _BLANK
        return self._read(cleaned) if len(cleaned) <= _LONGEST else _UNKNOWN

    def assign_further(self, cell: str | None, day: date | None = None) -> tuple[Assignment, ...]:
        """Read the further categories of one cell: parts between `;`, `|` or line ends, blank ones left out."""
        answers = (self.assign(label, day) for label in further_labels(cell or ""))
        return tuple(answer for answer in answers if answer != _BLANK)

    def subcategory(self, label: str | None, cell: str, day: date | None = None) -> str | None:
        """Give the title of a record's sub-tag: that of its own cell, else of its label; never one that neither names.

        Args:
            label: The recorded category.
            cell: The recorded sub-tag, or blank.
            day: See `assign`.

        Returns:
            None where nothing is recorded; `NOT_READ` where the cell names no sub-tag of the record's category.
        """
        titles = self._subcategories.get(self.assign(label, day).code or "", {})
        if not is_blank(clean(cell), self._missing):
            return _named(cell, titles) or NOT_READ
        cleaned = clean(label or "")
        numbered = split_number(cleaned)
        parts = SEPARATOR.split(numbered.rest if numbered else cleaned)
        found = {_named(part, titles) for part in parts} - {None}
        return _named(cleaned, titles) or (found.pop() if len(found) == 1 else None)

    @cached_property
    def _subcategories(self) -> dict[str, dict[str, str]]:
        """Titles of sub-tags by category, then by each of their wordings."""
        return {
            category.code: {
                as_written(wording): sub.title
                for sub in category.subcategories
                for wording in (*sub.labels, sub.code, sub.title)
            }
            for category in self._scheme.categories
        }

    def suggest(self, label: str | None) -> str | None:
        """Give the title that a misspelt label comes nearest to, for a message and never for a count.

        Returns:
            A title of the scheme, or None where nothing is near or another meaning is about as near.
        """
        from rapidfuzz import fuzz  # noqa: PLC0415 - a compiled module that only messages need

        found = words(clean(label or ""))
        if not 0 < len(found) <= _MOST_PARTS or not NEGATIONS.isdisjoint(found):
            return None
        best: dict[str | None, float] = {}
        for _, text, answer in self._wordings.texts:
            score = fuzz.token_sort_ratio(" ".join(found), text, score_cutoff=_NEAR - _MARGIN)
            best[answer.code] = max(score, best.get(answer.code, 0))
        code = max(best, key=lambda each: best[each])
        next_best = max((score for each, score in best.items() if each != code), default=0)
        is_clear = best[code] >= _NEAR and best[code] - next_best >= _MARGIN
        return self._scheme.title_of(code) if code and is_clear else None

    def _read(self, cleaned: str) -> Assignment:
        if led := _LED.fullmatch(cleaned):
            cleaned = led[1]
        if numbered := split_number(cleaned):
            return self._held_against(numbered, self._read(numbered.rest) if numbered.rest else None)
        return (
            self._wordings.category_of(cleaned)
            or self._wordings.cut_off(cleaned)
            or self._wordings.look_up(cleaned)
            or without_remark(cleaned, self._wordings)
            or self._joined(cleaned)
            or _UNKNOWN
        )

    def _held_against(self, numbered: Numbered, said: Assignment | None) -> Assignment:
        """Hold a number against the words after it: they decide together or not at all."""
        codes = self._wordings.by_number
        own = codes[numbered.number - 1] if 0 < numbered.number <= len(codes) else None
        if not codes and said:
            return said
        if own is None:
            return self._wordings.not_read("number-not-in-scheme", (said.code, *said.candidates) if said else ())
        if said is None:
            return Assignment(own, "recorded")
        if said.code not in (None, own):
            return self._wordings.not_read("number-contradicts-title", (own, said.code))
        if said.finding == "unknown-label":
            return self._wordings.not_read("unknown-label", (own, *said.candidates))
        return said

    def _joined(self, cleaned: str) -> Assignment | None:
        """Read a label that is made of several wordings; only where all of them mean one category is it that one."""
        parts = list(self._parts(cleaned))
        known = [answer for answer in parts if answer]
        codes = {answer.code for answer in known if answer.code}
        if len(parts) < 2 or (len(known) < len(parts) and not codes):  # noqa: PLR2004 - nothing is joined
            return None
        if len(codes) == 1 and all(answer.code for answer in known) and len(known) == len(parts):
            return known[0]
        candidates = codes.union(*(answer.candidates for answer in known))
        return self._wordings.not_read("ambiguous-label", candidates) if candidates else None

    def _parts(self, cleaned: str) -> Iterator[Assignment | None]:
        """Split at commas, slashes, "and" and "or" into the longest wordings that are known; None for the rest."""
        joins = list(_JOIN.finditer(cleaned))
        starts = [0, *(join.end() for join in joins)]
        ends = [*(join.start() for join in joins), len(cleaned)]
        if not 1 < len(starts) <= _MOST_PARTS:
            return
        first = 0
        while first < len(starts):
            spans = ((last, cleaned[starts[first] : ends[last]]) for last in reversed(range(first, len(starts))))
            answers = ((last, self._part(span)) for last, span in spans)
            last, answer = next(((last, answer) for last, answer in answers if answer), (first, None))
            yield answer
            first = last + 1

    def _part(self, part: str) -> Assignment | None:
        if numbered := split_number(part):
            if numbered.rest:
                return self._held_against(numbered, self._part(numbered.rest) or _UNKNOWN)
            # "4, 7" names two categories, and "4/4" is more likely a date than a category: neither is read.
            code = self._held_against(numbered, None).code
            return self._wordings.not_read("ambiguous-label", (code,)) if code else None
        return self._wordings.category_of(part) or self._wordings.look_up(part) or without_remark(part, self._wordings)


def further_labels(cell: str) -> list[str]:
    """Part the labels of one cell of further categories: between `;`, `|` or line ends."""
    return _FURTHER.split(cell)


def _named(text: str, titles: Mapping[str, str]) -> str | None:
    """Give the title of the one sub-tag that a text names, or whose title it begins."""
    written = as_written(text)
    if written in titles or len(written) < SHORTEST_CUT:
        return titles.get(written)
    begun = {title for title in titles.values() if as_written(title).startswith(written)}
    return begun.pop() if len(begun) == 1 else None


def as_written(label: str) -> str:
    """Give the form for decided labels: case, spaces and punctuation do not matter, and nothing else is bent."""
    cleaned = clean(label)
    return " ".join(words(cleaned)) or cleaned
