"""A guessed profile holds what is sure, says what is not as comments, and nothing of a record."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from cc_categorise.errors import HeaderError
from cc_categorise.guess import check_profile, guess_profile
from cc_categorise.options import RunOptions
from cc_categorise.profile import MISSING_TOKENS, Profile, load_profile

HEADER = "Ref,Date Received,Category"
SOUND = "R-1,03/04/2023,Infiltration"


def export(folder: Path, *rows: str, header: str = HEADER, name: str = "export.csv") -> Path:
    path = folder / name
    path.write_text("".join(f"{line}\n" for line in (header, *rows)), encoding="utf-8", newline="")
    return path


def guessed(folder: Path, *rows: str, header: str = HEADER, **options: Any) -> str:
    text, _ = guess_profile([export(folder, *rows, header=header)], RunOptions(**options))
    return text


def loaded(folder: Path, text: str) -> Profile:
    path = folder / "guessed.yaml"
    path.write_text(text, encoding="utf-8")
    return load_profile(path)


def in_force(text: str, *keys: str) -> str:
    """Take the marks off the commented lines that begin with these keys."""
    return re.sub(rf"^( *)# (?=(?: *(?:- )?)(?:{'|'.join(keys)}):)", r"\1", text, flags=re.MULTILINE)


def dated(*cells: str) -> list[str]:
    return [f"R-{number},{cell},Infiltration" for number, cell in enumerate(cells)]


def labelled(label: str, n: int = 1) -> list[str]:
    return [f'R-{number},03/04/2023,"{label}"' for number in range(n)]


# --- whatever is guessed is a profile


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        pytest.param(HEADER, [SOUND], id="sound"),
        pytest.param(HEADER, [], id="header-only"),
        pytest.param("Case,Date in,Kind", [SOUND], id="no-header-known"),
        pytest.param("Ref,Received,Date Received,Category,Category", ["R,,,Other,Other"], id="matched-twice"),
        pytest.param('Ref,Received,Category,"a ""b"" \\ c: # d"', ["R,03/04/2023,Other,x"], id="quotes-and-signs"),
        pytest.param(
            'Ref,Received,Category,"a\nb\u2028c\x85\U0001f600d\ufffe"', ["R,03/04/2023,Other,x"], id="line-ends"
        ),
        pytest.param("Ref,Received,Category,,", ["R,03/04/2023,Other,x,y"], id="blank-headers"),
        pytest.param(HEADER, labelled("yes: [no", 3), id="label-like-yaml"),
        pytest.param(HEADER, labelled("one\ntwo", 3), id="label-of-two-lines"),
    ],
)
def test_whatever_is_guessed_is_a_profile_and_says_so_to_editors(tmp_path: Path, header: str, rows: list[str]) -> None:
    text = guessed(tmp_path, *rows, header=header)
    assert text.startswith("# yaml-language-server: $schema=profile.schema.json\n")
    assert text.endswith("\n")
    assert all(char.isprintable() or char == "\n" for char in text)
    assert loaded(tmp_path, text).schema_version == 1


def test_the_name_of_a_file_does_not_break_out_of_its_comment(tmp_path: Path) -> None:
    text, _ = guess_profile([export(tmp_path, SOUND, name="a\nforce: North.csv")], RunOptions())
    assert loaded(tmp_path, text).force is None


# --- columns


def test_columns_that_are_known_are_named(tmp_path: Path) -> None:
    text = guessed(
        tmp_path, "R,03/04/2023,Other,N,x,y", header="Intel Ref No,Date Recorded,category ,Force,Desk,cc_basis"
    )
    assert loaded(tmp_path, text).columns == {
        "reference": "Intel Ref No",
        "recorded_on": "Date Recorded",
        "category": "category",
        "force": "Force",
    }
    assert '  # FIELD: "Desk"\n' in text
    assert "cc_basis" not in text


def test_a_header_of_any_signs_can_be_named(tmp_path: Path) -> None:
    header = 'Kind "of"\u2028\U0001f600 \\ it: # 1'
    text = guessed(
        tmp_path,
        SOUND,
        header=f'Ref,Received,"{header.replace(chr(34), chr(34) * 2)}"',
        columns=(("category", header),),
    )
    assert loaded(tmp_path, text).columns["category"] == header


@pytest.mark.parametrize(
    ("cells", "line"),
    [
        pytest.param(["25/04/2023", "04/25/2023"], '# FIELD: "Own"  # looks like dates', id="dates-beside-the-known"),
        pytest.param(
            ["Infiltration", "7"], '# FIELD: "Own"  # looks like categories', id="categories-beside-the-known"
        ),
        pytest.param([f"{'word ' * 20}1", f"{'word ' * 20}2"], '# narrative: "Own"  # looks like long text', id="text"),
        pytest.param(["AB/1", "AB/2"], '# FIELD: "Own"  # looks like references', id="references-beside-the-known"),
        pytest.param(["A. Person", "B. Person"], '# FIELD: "Own"', id="names"),
        pytest.param(["AB/1", "AB/1"], '# FIELD: "Own"', id="codes"),
        pytest.param(["", ""], '# FIELD: "Own"', id="blank"),
    ],
)
def test_a_column_that_is_not_known_is_said_to_look_like_what_most_of_it_is(
    tmp_path: Path, cells: list[str], line: str
) -> None:
    rows = [f"R-{number},03/04/2023,Other,{cell}" for number, cell in enumerate(cells)]
    text = guessed(tmp_path, *rows, header=f"{HEADER},Own")
    assert f"  {line}\n" in text


def test_an_export_of_unknown_headers_can_be_counted_once_the_marks_are_off(tmp_path: Path) -> None:
    header, rows = (
        "Case;Date in;Kind",
        [f"C-{n};{n + 20}.04.2023;{label}" for n, label in enumerate(["Other", "4", "X"])],
    )
    text = guessed(tmp_path, *rows, header=header)
    assert loaded(tmp_path, text) == Profile()
    profile = loaded(tmp_path, in_force(text, "columns", "reference", "received_on", "category", "date_formats"))
    assert profile.columns == {"reference": "Case", "received_on": "Date in", "category": "Kind"}
    given, _ = check_profile([tmp_path / "export.csv"], RunOptions(profile=tmp_path / "guessed.yaml"))
    assert "3 rows: the date of 3 and the category of 2 are read" in given


@pytest.mark.parametrize(
    ("headers", "lines"),
    [
        pytest.param(["Ref,Received,Category"] * 2, ['  received_on: "Received"'], id="alike"),
        pytest.param(
            ["Ref,Received,Category", "Ref,Date Received,Category"],
            [
                '  # received_on: "Received"  # not in every export',
                '  # received_on: "Date Received"  # not in every export',
            ],
            id="unlike",
        ),
        pytest.param(
            ["Ref,Received,Date Received,Category"],
            [
                '  # received_on: "Received"  # choose one header',
                '  # received_on: "Date Received"  # choose one header',
            ],
            id="two-in-one",
        ),
        pytest.param(
            ["Ref,Received,Received,Category"],
            ['  # received_on: "Received"  # two columns have this header: rename one'],
            id="same-header",
        ),
    ],
)
def test_a_header_is_in_force_only_where_it_is_the_one_of_every_export(
    tmp_path: Path, headers: list[str], lines: list[str]
) -> None:
    paths = [export(tmp_path, header=header, name=f"{number}.csv") for number, header in enumerate(headers)]
    text, exports = guess_profile(paths, RunOptions())
    assert [each.path for each in exports] == paths
    assert [line for line in text.splitlines() if "received_on:" in line] == lines
    assert "received_on" in loaded(tmp_path, text).columns or "#" in lines[0]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["R-1,03/04/2023,Zebedee,Closed"], id="a-date"),
        pytest.param(["R-1,Zebedee,Closed", "R-2,Quux,Closed"], id="what-stands-below-it"),
        pytest.param(["R-1,Zebedee Quux,Other"], id="a-label-and-no-field"),
        pytest.param(["R-1,Zebedee,"], id="a-blank-cell-and-no-field"),
        pytest.param([f"R-1,Zebedee{' Quux' * 9}"], id="a-long-cell-and-no-field"),
        pytest.param(["Zebedee", "Quux", "more"], id="one-column-and-no-field"),
        pytest.param(["R-1,Zebedee", "R-2,Quux,more"], id="wider-rows-and-no-field"),
    ],
)
def test_a_record_is_not_taken_for_a_header(tmp_path: Path, lines: list[str]) -> None:
    with pytest.raises(HeaderError) as caught:
        guessed(tmp_path, *lines[1:], header=lines[0])
    assert "Zebedee" not in str(caught.value)


# --- how the file is read


def test_what_is_found_about_a_file_is_told_and_the_header_row_named(tmp_path: Path) -> None:
    text = guessed(tmp_path, ";;", HEADER.replace(",", ";"), SOUND.replace(",", ";"), header="OFFICIAL;;")
    assert "export.csv: encoding UTF-8 (found), delimiter semicolon (found), header in row 3\n" in text
    assert loaded(tmp_path, text) == Profile(header_row=3, columns=loaded(tmp_path, text).columns)
    assert "header_row" not in guessed(tmp_path, SOUND)


def test_what_the_person_chose_is_in_the_profile(tmp_path: Path) -> None:
    text = guessed(tmp_path, SOUND, encoding="cp1252", delimiter="comma")
    profile = loaded(tmp_path, text)
    assert (profile.encoding, profile.delimiter) == ("cp1252", "comma")


@pytest.mark.parametrize("header", [HEADER, "Ref,Date in,Category"])
def test_rows_that_are_no_records_are_not_looked_at(tmp_path: Path, header: str) -> None:
    rows = [SOUND, "", "R-2,04/04/2023,Infiltration", header, "Total,,2", "Total,,2", "Total,,2"]
    text = guessed(tmp_path, *rows, header=header)
    assert "guessed from 2 rows" in text
    assert "crosswalk" not in text


# --- dates


@pytest.mark.parametrize(
    ("cell", "form"),
    [
        pytest.param("2023-04-03", "yyyy-mm-dd", id="iso"),
        pytest.param("2023-04-03T10:00:00Z", "yyyy-mm-dd with time", id="iso-time"),
        pytest.param("3/4/2023", "dd/mm/yyyy", id="slash"),
        pytest.param("03/04/2023 10:00", "dd/mm/yyyy with time", id="slash-time"),
        pytest.param("03-04-2023", "dd-mm-yyyy", id="hyphen"),
        pytest.param("3 April  2023", "d Mon yyyy", id="named"),
        pytest.param("3-Apr-2023", "d Mon yyyy", id="named-hyphen"),
        pytest.param("3\u00a0Apr 2023 10:00", "d Mon yyyy with time", id="named-time"),
        pytest.param("45019", "bare number", id="number"),
        pytest.param("03/04/23", "two-digit year", id="two-digit-year"),
        pytest.param("31/02/2023", "no such day", id="impossible"),
        pytest.param("April 2023", "unreadable", id="unreadable"),
        pytest.param("", "blank", id="blank"),
        pytest.param("TBC", "blank", id="missing-token"),
    ],
)
def test_the_form_of_a_date_is_named(tmp_path: Path, cell: str, form: str) -> None:
    assert f'#   received_on = "Date Received": 1 {form}\n' in guessed(tmp_path, *dated(cell))


def test_forms_are_counted_the_most_frequent_first(tmp_path: Path) -> None:
    text = guessed(tmp_path, *dated(*["2023-04-03"] * 2, *["03/04/2023"] * 1200, "03-04-2023", "1 May 2023"))
    assert '"Date Received": 1,200 dd/mm/yyyy, 2 yyyy-mm-dd, 1 d Mon yyyy, 1 dd-mm-yyyy\n' in text


@pytest.mark.parametrize(
    ("cells", "formats"),
    [
        pytest.param(["03/04/2023", "25/04/2023"], [], id="day-first"),
        pytest.param(["03/04/2023"], [], id="either"),
        pytest.param(["04/25/2023", "04/03/2023"], ["%m/%d/%Y"], id="month-first"),
        pytest.param(["04/25/2023", "04/26/2023", "13/04/2023"], ["%m/%d/%Y"], id="mostly-month-first"),
        pytest.param(["25/04/2023", "26/04/2023", "04/13/2023"], [], id="mostly-day-first"),
        pytest.param(["04/25/2023", "04/03/2023 9:05"], ["%m/%d/%Y", "%m/%d/%Y %H:%M"], id="with-time"),
        pytest.param(["04-25-2023 09:05:30"], ["%m-%d-%Y %H:%M:%S"], id="with-seconds"),
        pytest.param(["4/25/2023 9:05 PM"], ["%m/%d/%Y %I:%M %p"], id="with-half-day"),
        pytest.param(["25.04.2023", "25/04/2023"], ["default", "%d.%m.%Y"], id="full-stops"),
        pytest.param(["25/04/23"], ["default", "%d/%m/%y"], id="two-digit-year"),
        pytest.param(["04/25/23"], ["%m/%d/%y"], id="two-digit-year-month-first"),
        pytest.param(["03/04/23"], [], id="two-digit-year-either"),
        pytest.param(["00/25/2023", "04/32/2023", "13/13/2023", "32.04.2023"], [], id="no-days"),
    ],
)
def test_a_list_of_formats_is_written_as_a_comment_where_numbers_prove_it(
    tmp_path: Path, cells: list[str], formats: list[str]
) -> None:
    text = guessed(tmp_path, *dated(*cells))
    assert loaded(tmp_path, text).date_formats == ("default",)
    assert loaded(tmp_path, in_force(text, "date_formats")).date_formats == tuple(formats or ["default"])
    assert ("# date_formats: " in text) is bool(formats)
    assert ("month-first" in text) is bool(formats and "default" not in formats)
    for cell in cells if formats else []:
        given, _ = check_profile([tmp_path / "export.csv"], RunOptions(profile=tmp_path / "guessed.yaml"))
        assert f"the date of {len(cells) - ('13/04/2023' in cells)} " in given[-1], cell


def test_month_first_is_told_with_its_evidence(tmp_path: Path) -> None:
    text = guessed(tmp_path, *dated("04/25/2023", "04/26/2023", "13/04/2023"))
    assert (
        '# "Date Received" looks month-first: in 2 dates a number from 13 to 31 stands in the month place, '
        "in 1 in the day place.\n"
    ) in text


def test_no_list_of_formats_is_offered_where_two_columns_contradict_each_other(tmp_path: Path) -> None:
    text = guessed(tmp_path, "R,04/25/2023,Other,25/04/2023", header=f"{HEADER},Date Closed")
    assert '"Date Received" looks month-first' in text
    assert "Another column is day-first" in text
    assert "date_formats" not in text


# --- rows


def test_tokens_that_may_mean_blank_are_counted_and_new_ones_offered(tmp_path: Path) -> None:
    rows = ["R,tbc,?,NK", "R,TBC,Other,nk; Other", "R,03/04/2023,N/A,Zebedee", "?,03/04/2023,Other,"]
    text = guessed(tmp_path, *rows, header=f"{HEADER},Further Categories")
    assert '# Cells that may mean blank: 2 "tbc", 1 "?", 1 "n/a", 1 "nk"\n' in text
    assert loaded(tmp_path, text).missing == MISSING_TOKENS
    assert loaded(tmp_path, in_force(text, "missing")).missing == (*MISSING_TOKENS, "?", "nk")
    assert "missing:" not in guessed(tmp_path, *dated("tbc"))


@pytest.mark.parametrize(
    ("rows", "is_told"),
    [
        pytest.param([f"R-{n},03/04/2023,{label}" for n in range(3) for label in ("Other", "4")], True, id="differ"),
        pytest.param([f"R-{n},03/04/2023,Other" for n in range(3)] * 2, False, id="alike"),
        pytest.param([f"R-{n},03/04/2023,{label}" for n in range(2) for label in ("Other", "4")], False, id="only-two"),
        pytest.param([f",03/04/2023,{label}" for label in ("Other", "4", "5", "6")], False, id="blank"),
        pytest.param(
            [*dated(*["03/04/2023"] * 40), *[f"R-{n},03/04/2023,Other" for n in range(3)]], False, id="few-of-many"
        ),
    ],
)
def test_many_rows_of_a_record_are_a_comment_where_many_references_differ(
    tmp_path: Path,
    rows: list[str],
    is_told: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    text = guessed(tmp_path, *rows)
    assert loaded(tmp_path, text).rows_per_record == "one"
    assert loaded(tmp_path, in_force(text, "rows_per_record")).rows_per_record == ("many" if is_told else "one")


def test_one_reference_of_two_forces_is_not_one_record(tmp_path: Path) -> None:
    rows = [f"R-{n},03/04/2023,Other,{force}" for n in range(3) for force in ("North", "South")]
    assert "rows_per_record" not in guessed(tmp_path, *rows, header=f"{HEADER},Force")
    assert "# 3 of 3 references have rows that differ." in guessed(tmp_path, *rows, header=f"{HEADER},Desk")


# --- labels


@pytest.mark.parametrize(
    ("label", "n", "comment"),
    [
        pytest.param("Criminal friends", 3, "3 rows", id="often"),
        pytest.param("Criminal friends", 2, None, id="seldom"),
        pytest.param("Sexaul misconduct", 1, "1 row; nearest: sexual-misconduct", id="nearly-a-wording"),
        pytest.param(
            "Access and/or disclosure of information",
            3,
            "3 rows; nearest: disclosure-of-information or misusing-force-systems",
            id="joined",
        ),
        pytest.param("Other: Zebedee Quux", 2, None, id="candidates-are-not-near"),
        pytest.param("Case 4711 of Leeds", 9, None, id="number-of-four-digits"),
        pytest.param("4711", 9, None, id="only-a-number-of-four-digits"),
        pytest.param("Zebedee " * 8, 9, None, id="long"),
        pytest.param("Zebedee\nQuux", 9, None, id="two-lines"),
        pytest.param("Infiltration", 9, None, id="read"),
        pytest.param("tbc", 9, None, id="blank"),
    ],
)
def test_a_label_that_is_not_read_is_shown_only_if_it_is_a_word_of_a_list(
    tmp_path: Path, label: str, n: int, comment: str | None
) -> None:
    text = guessed(tmp_path, *labelled(label, n))
    assert ("crosswalk" in text) is bool(comment)
    if comment is None:
        assert not re.search("Zebedee|Leeds|4711|Criminal", text)
    else:
        assert f'#   - label: "{label}"  # {comment}\n' in text


def test_labels_that_are_not_shown_are_counted(tmp_path: Path) -> None:
    rows = [*labelled("Criminal friends", 3), *labelled("Zebedee 4711", 5), *labelled("Quux")]
    assert "\n# 2 further labels, 6 rows: list them with cc-categorise check --list labels\n" in guessed(
        tmp_path, *rows
    )
    assert "\n# 1 unread label, 1 row: list" in guessed(tmp_path, *labelled("Quux"))
    assert "--list labels" not in guessed(tmp_path, *labelled("Other"))


def test_no_more_than_30_labels_are_shown_the_most_frequent_first(tmp_path: Path) -> None:
    words = [f"Word{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(32)]
    text = guessed(tmp_path, *(row for n, word in enumerate(words) for row in labelled(word, n + 3)))
    assert re.findall(r'label: "(\w+)"', text) == words[:1:-1]
    assert "# 2 further labels, 7 rows:" in text


def test_a_crosswalk_that_is_filled_in_decides(tmp_path: Path) -> None:
    text = in_force(
        guessed(tmp_path, *labelled("Criminal friends", 3)),
        *("crosswalk", "label", "category", "decided_by", "decided_on", "reason"),
    )
    filled = {"category": "other", "decided_by": "DI", "decided_on": "2024-04-02", "reason": "Read."}
    for key, value in filled.items():
        text = text.replace(f"    {key}:\n", f"    {key}: {value}\n")
    (entry,) = loaded(tmp_path, text).decisions
    assert (entry.label, entry.category) == ("Criminal friends", "other")


def test_rows_out_of_shape_give_no_label(tmp_path: Path) -> None:
    rows = [f"R-{n},03/04/2023,Zebedee Quux,Other" for n in range(5)]
    text = guessed(tmp_path, *rows, SOUND)
    assert "guessed from 6 rows" in text
    assert "Zebedee" not in text
    assert "unread" not in text
