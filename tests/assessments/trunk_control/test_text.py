"""A segmental assessment as a table and as data."""

from itertools import product
from typing import get_args

import pytest

from dmi_sim.assessments.trunk_control.judgement import Judgement
from dmi_sim.assessments.trunk_control.result import (
    CONTROLS,
    ControlFinding,
    LevelFinding,
    SegmentalFinding,
    Verdict,
)
from dmi_sim.assessments.trunk_control.text import segmental_data, segmental_lines
from tests.assessments.trunk_control.findings import LEVELS, finding


def test_each_level_has_a_row_of_verdicts_from_the_head_down() -> None:
    table = next(iter(segmental_lines(finding(2)))).splitlines()
    rows = [line for line in table if line.strip()[:1].isdigit()]
    assert [line.split()[0] for line in rows] == [str(level.index) for level in LEVELS]
    for line, level in zip(rows, LEVELS, strict=True):
        static = "present" if level.index <= 2 else "absent" if level.site else "not tested"
        assert line.split()[-2 - len(static.split()) :] == [*static.split(), "absent", "absent"]


def test_trials_are_counted_where_there_were_any() -> None:
    trials = (Judgement(True, {}), Judgement(False, {}), Judgement(True, {}))
    seen = dict.fromkeys(("static", "active", "reactive"), ControlFinding("present", trials))
    found = SegmentalFinding((LevelFinding(LEVELS[0], seen),))
    assert "present (2 of 3)" in "".join(segmental_lines(found))


def test_the_level_being_learnt_is_named_with_what_it_tests() -> None:
    lines = list(segmental_lines(finding(2)))
    first = next(level for level in LEVELS if level.index > 2 and level.site)
    assert f"static    being learnt at level {first.index}, {first.tested}" in lines
    highest = max(level.index for level in LEVELS)
    assert "static    present at every level tested" in list(segmental_lines(finding(highest)))


@pytest.mark.parametrize("verdicts", [*product(get_args(Verdict), repeat=3)])
def test_what_is_said_of_learning_is_true_of_all_results(verdicts: tuple[Verdict, ...]) -> None:
    rows = (dict.fromkeys(CONTROLS, ControlFinding(verdict)) for verdict in verdicts)
    levels = tuple(LevelFinding(*pair) for pair in zip(LEVELS, rows, strict=False))
    found = SegmentalFinding(levels)
    told = [line for line in segmental_lines(found) if line.startswith(CONTROLS)]
    absent = [
        f"{one.level.index}, {one.level.tested}"
        for one in levels
        if one.found["static"].verdict == "absent"
    ]
    for line in told:
        assert ("being learnt" in line) == bool(absent)
        assert not absent or line.endswith(f"being learnt at level {absent[0]}")
        assert ("present at every level tested" in line) == (not absent and "present" in verdicts)
        assert line.endswith("not tested") == (set(verdicts) == {"not tested"})
    assert len(told) == len(CONTROLS)


def test_text_and_data_state_that_they_are_not_the_satco() -> None:
    assert list(segmental_lines(finding(2)))[-1].endswith("not the SATCo.")
    data = segmental_data(finding(2))
    assert "not the SATCo" in str(data["notice"])
    assert data["learning_level"] == {one: finding(2).learning_level(one) for one in CONTROLS}
