"""Tables and numbers in text: signs, dashes, decimals, aligned columns."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmi_sim.statistics.intervals import Estimate
from dmi_sim.tables import (
    MINUS,
    UNKNOWN,
    columns,
    decimals_for,
    effect_text,
    framed,
    interval_text,
    markdown,
    number,
    p_text,
    page,
    percent,
    plain_words,
    signed,
)

FINITE = st.floats(-1e6, 1e6)
DECIMALS = st.integers(0, 6)


@given(FINITE, DECIMALS)
def test_a_number_reads_back_as_what_it_was_rounded_to(value: float, decimals: int) -> None:
    printed = number(value, decimals)
    assert float(printed.replace(MINUS, "-")) == float(f"{value:.{decimals}f}")


@given(FINITE, DECIMALS)
def test_zero_has_no_sign_and_every_other_difference_has_one(value: float, decimals: int) -> None:
    printed = signed(value, decimals)
    rounded = float(f"{value:.{decimals}f}")
    assert (printed[0] == "+") == (rounded > 0)
    assert (printed[0] == MINUS) == (rounded < 0)


@pytest.mark.parametrize("value", [nan, inf, -inf])
def test_a_dash_stands_for_what_is_not_known(value: float) -> None:
    assert (number(value, 1), signed(value, 1)) == (UNKNOWN, UNKNOWN)
    assert (percent(value), p_text(value)) == (UNKNOWN, UNKNOWN)


def test_shares_and_p_values_have_their_own_form() -> None:
    assert percent(0.296) == "30 %"
    assert (p_text(0.0), p_text(0.0456)) == ("< 0.001", "0.046")


def test_an_effect_is_printed_with_sign_unit_and_interval() -> None:
    assert effect_text(Estimate(1.2, 0.3, 2.1), "s") == "+1.2 s [0.3, 2.1]"
    assert effect_text(Estimate(-1.2, -2.1, -0.3), "s") == f"{MINUS}1.2 s [{MINUS}2.1, {MINUS}0.3]"
    assert effect_text(Estimate(1.2, nan, nan), "s") == "+1.2 s [no interval]"
    assert effect_text(Estimate(nan, nan, nan), "s") == UNKNOWN
    assert interval_text(Estimate(0.5, 0.25, 0.75), 2) == "[0.25, 0.75]"


@pytest.mark.parametrize(
    ("estimate", "decimals"),
    [
        (Estimate(120.0, 90.0, 150.0), 0),
        (Estimate(12.0, 9.0, 15.0), 1),
        (Estimate(0.5, 0.2, 0.8), 2),
        (Estimate(0.0002, 0.0001, 0.0003), 5),
        (Estimate(0.0, 0.0, 0.0), 1),
        (Estimate(nan, nan, nan), 1),
    ],
)
def test_decimals_follow_the_size(estimate: Estimate, decimals: int) -> None:
    assert decimals_for(estimate) == decimals


def test_a_limit_that_is_not_zero_is_not_printed_as_zero() -> None:
    assert effect_text(Estimate(1.9, 0.02, 3.8), "s") == "+1.90 s [0.02, 3.80]"


def test_columns_keep_their_edges_and_what_stands_between_them() -> None:
    lines = list(columns("<4 | >3  <1", [("ab", "1", "x"), ("abcd", "123", "y z")]))
    assert lines == ["ab   |   1  x", "abcd | 123  y z"]


def test_a_cell_that_is_too_wide_pushes_the_rest_and_nothing_trails() -> None:
    assert list(columns("<2 >3 <5", [("abcdef", "1", "")])) == ["abcdef   1"]


def test_braces_and_angles_in_cells_are_only_text() -> None:
    assert list(columns("<6 <4", [("{0}", "<9")])) == ["{0}    <9"]


def test_a_row_needs_a_cell_for_each_column() -> None:
    with pytest.raises(IndexError):
        list(columns("<2 <2", [("a",)]))


def test_markdown_is_as_wide_as_its_widest_cells() -> None:
    lines = list(markdown(("Site", "Score"), [("shoulder girdle", "3"), ("feet", "10")]))
    assert lines[1] == "| --------------- | ----- |"
    assert {len(line) for line in lines} == {len(lines[0])}
    assert [cell.strip() for cell in lines[2].strip("|").split("|")] == ["shoulder girdle", "3"]


def test_numbers_stand_on_the_right_under_a_title_and_words_on_the_left() -> None:
    head, rows = ("", "a long heading"), [("row", "1")]
    words, numbers = (page(60, framed(head, rows, title=title)) for title in ("", "Numbers"))
    assert numbers.splitlines()[0].strip() == "Numbers"
    ends, begins = (
        next(line for line in text.splitlines() if "row" in line) for text in (numbers, words)
    )
    assert ends.rstrip("│ ").endswith(" 1")
    assert len(ends.rstrip("│ ")) > len(begins.rstrip())


def test_a_page_is_no_wider_than_asked() -> None:
    text = page(40, framed(("one", "two"), [("word " * 9, "word " * 9)]), "line " * 20)
    assert max(map(len, text.splitlines())) <= 40
    assert text.split().count("line") == 20


def test_names_of_files_become_words() -> None:
    assert plain_words("shoulder_girdle") == "shoulder girdle"
    assert plain_words("none") == "no hands"
