"""The table of all exercises."""

import json
import math
from dataclasses import replace

import pytest

from dmi_sim.assessments.exercise_comparison.procedure import ExerciseComparison, TrainingCost
from dmi_sim.assessments.exercise_comparison.result import exercise_rows
from dmi_sim.assessments.exercise_comparison.text import (
    CALM_LEGEND,
    SCORE_HEAD,
    calm_lines,
    exercise_data,
    exercise_lines,
    score_cells,
)
from dmi_sim.outcome.calm import CALM
from dmi_sim.tables import UNKNOWN
from tests.assessments.exercise_comparison.comparisons import FELL, compared, tried


def test_rows_are_in_order_of_age_with_medians_over_the_successful_policies() -> None:
    table = exercise_rows(
        [compared("standing", tried(1, 1, 1), FELL, 11.0), compared("sitting", None, FELL, 6.0)],
        {"standing": "shanks", "sitting": None},
    )
    text = "\n".join(exercise_lines(table))
    sitting, standing = text.splitlines()[2:4]
    assert "| sitting " in sitting
    assert "never" in sitting
    assert "60,000 (2 of 3)" in standing
    assert "| 3.0 " in standing
    assert "100 [88, 100]" in standing
    assert "| shanks " in standing
    assert "beats silent muscles in 1 of 2" in text
    assert "1 of 2 are completed without hands or with hands caudal" in text
    assert "not the GMFM" in text


def test_policies_without_success_are_listed_as_never() -> None:
    one = compared("walking", tried(0, 0, 0), FELL)
    never = ExerciseComparison(
        one.exercise, 12, 14, "pelvis", (TrainingCost(math.nan, math.nan),), one.trials
    )
    (row,) = exercise_rows([never], {})
    cells = list(exercise_lines([row]))[2].split("|")
    assert [cell.strip() for cell in cells[4:7]] == ["pelvis", "never", "-"]


def test_data_hold_every_episode() -> None:
    (row,) = exercise_data(exercise_rows([compared("sitting", tried(1, 0, 1), FELL)], {}))["rows"]
    assert row["episodes"]["trained"]["success"].tolist()[1] == [0.0] * 10
    assert row["success"]["trained"]["value"] == pytest.approx(2 / 3)
    assert (row["policies"], row["policies_that_reached_success"]) == (3, 2)
    assert "clinical evidence" in json.dumps(exercise_data(())["notice"])


def test_how_calmly_policies_moved_stands_beside_success() -> None:
    """A mean over the policies that tell it; a dash where none does."""
    scores = [
        {"success": 1.0, "muscle_power_w_kg": 1.0, "yaw_drift_rad_min": math.pi / 4},
        {"success": 0.5, "muscle_power_w_kg": 0.5, "fast_movement_share": 0.25},
    ]
    head, _, row, *_ = calm_lines({"sit_to_stand": scores})
    cells = dict(zip(head.split("|"), row.split("|"), strict=True))
    told = {name.strip(): cell.strip() for name, cell in cells.items() if name}
    assert told["Exercise"] == "sit to stand"
    assert (told["Success"], told["Muscle power"]) == ("75 %", "0.75 W/kg")
    assert (told["Fast movement"], told["Yaw drift"]) == ("25 %", "45°/min")
    assert told["Head tilt"] == told["Faster than the stride"] == UNKNOWN


@pytest.mark.parametrize("name", CALM)
def test_every_outcome_of_calm_movement_is_in_the_table(name: str) -> None:
    assert score_cells({name: 0.1}).count(UNKNOWN) == len(SCORE_HEAD) - 1


def test_the_comparison_of_exercises_tells_how_calmly_each_was_done() -> None:
    one = replace(compared("sitting", tried(1, 1, 1), FELL), scores=({"muscle_power_w_kg": 1.5},))
    text = "\n".join(exercise_lines(exercise_rows([one], {})))
    assert "1.50 W/kg" in text
    assert CALM_LEGEND in text
