"""A tornado: the line as assumed first, then those that moved most, each with its interval."""

import csv
import io

import numpy as np
import pytest

from dmi_sim.report.labels import Measure
from dmi_sim.report.sensitivity_report import (
    Line,
    Tornado,
    effects_csv,
    in_order,
    moved_by,
    told_lines,
    tornado_picture,
)
from dmi_sim.spec.sensitivity import AS_ASSUMED
from dmi_sim.statistics.intervals import t_interval

BEFORE = {0: 1.0, 1: 2.0, 2: 3.0}


def line(change: str, shift: float, children: int = 3) -> Line:
    """A line whose effect lies so far from that as assumed, in each child."""
    own = {child: value + shift for child, value in BEFORE.items() if child < children}
    effect = t_interval(np.array([*own.values()]))
    return Line(change, f"with {change}", effect, own, moved_by(BEFORE, own))


LINES = (line("little", 0.5), line(AS_ASSUMED, 0.0), line("much", -4.0), line("none", 0.0))
FOUND = Tornado(Measure("score", "points", "a score", "higher"), 5.0, in_order(LINES))


def test_lines_stand_in_the_order_in_which_they_moved() -> None:
    assert [one.change for one in FOUND.lines] == [AS_ASSUMED, "much", "little", "none"]


def test_a_change_is_compared_within_the_same_children() -> None:
    (_, much, *_) = FOUND.lines
    assert (much.moved.value, much.moved.low, much.moved.high) == pytest.approx((-4, -4, -4))
    assert much.effect.low < much.effect.value < much.effect.high


def test_children_who_are_missing_in_one_run_do_not_count_in_the_comparison() -> None:
    assert moved_by(BEFORE, {2: 5.0, 7: 9.0}).value == pytest.approx(2.0)


def test_the_table_holds_every_number_with_its_unit() -> None:
    rows = list(csv.reader(io.StringIO(effects_csv(FOUND))))
    assert rows[0][3:6] == ["effect [points]", "low [points]", "high [points]"]
    assert [row[0] for row in rows[1:]] == [one.change for one in FOUND.lines]
    assert float(rows[2][3]) == pytest.approx(-2.0)


def test_one_child_has_no_interval_and_is_drawn_all_the_same() -> None:
    alone = Tornado(FOUND.measure, 5.0, (line(AS_ASSUMED, 0.0, 1), line("one", 1.0, 1)))
    assert alone.few
    assert list(csv.reader(io.StringIO(effects_csv(alone))))[1][4:6] == ["", ""]
    assert "with one" in tornado_picture(alone).inline


def test_the_same_lines_give_the_same_figure() -> None:
    first, again = (tornado_picture(FOUND).file_bytes("svg") for _ in range(2))
    assert first == again
    assert [*told_lines(FOUND)][1].startswith("with much: \u22122.0 points")
