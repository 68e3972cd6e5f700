"""The table of all exercises, and when trained beats relaxed."""

import json
import math

import numpy as np
import pytest

from dmi_sim.assessments.exercise_comparison.procedure import (
    Compared,
    ControllerName,
    Learning,
    Tried,
)
from dmi_sim.assessments.exercise_comparison.text import (
    Beats,
    exercise_data,
    exercise_lines,
    exercise_table,
    mean_done,
    success_rate,
)


def tried(*rates: float, episodes: int = 10) -> Tried:
    """As many successes among the episodes of each infant as its rate says; half done otherwise."""
    place = (np.arange(episodes) + 0.5) / episodes
    success = np.array([(place < rate).astype(float) for rate in rates])
    return Tried(success, np.maximum(success, 0.05))


def compared(name: str, trained: Tried | None, silent_muscles: Tried, age: float = 6.0) -> Compared:
    by: dict[ControllerName, Tried] = {
        "zero_action": silent_muscles,
        "silent_muscles": silent_muscles,
        "random": silent_muscles,
    }
    learning = (Learning(40_000, 2.0), Learning(80_000, 4.0), Learning(math.nan, math.nan))
    if trained is None:
        return Compared(name, age, age + 1, "none", (), by)
    return Compared(name, age, age + 1, "none", learning, {"trained": trained, **by})


FELL = tried(0, 0, 0)


@pytest.mark.parametrize(
    ("trained", "silent_muscles", "beats"),
    [
        (tried(1, 1, 1), FELL, "yes"),
        (tried(0.9, 1, 0.9), FELL, "yes"),
        (tried(0.1, 0.9, 0.5), FELL, "no"),  # infants differ too much to tell
        (tried(1, 1, 1), tried(1, 1, 1), "no"),
        (Tried(FELL.success, np.full((3, 10), 0.6)), FELL, "in part"),
        (None, FELL, "not trained"),
    ],
)
def test_trained_beats_relaxed_only_by_a_clear_interval(
    trained: Tried | None, silent_muscles: Tried, beats: Beats
) -> None:
    (row,) = exercise_table([compared("sitting", trained, silent_muscles)], {})
    assert row.beats_silent == beats


def test_thirty_successes_of_three_alike_are_not_certainty() -> None:
    rate = success_rate(tried(1, 1, 1))
    assert (rate.value, rate.high) == (1.0, 1.0)
    assert rate.low == pytest.approx(0.025 ** (1 / 30))  # Clopper and Pearson, all succeed


def test_infants_that_differ_widen_the_interval_beyond_that_of_episodes() -> None:
    unlike, alike = success_rate(tried(0.2, 0.5, 0.8)), success_rate(tried(0.5, 0.5, 0.5))
    assert unlike.value == pytest.approx(alike.value)
    assert unlike.high - unlike.low > alike.high - alike.low
    assert (unlike.low, unlike.high) == (0.0, 1.0)


def test_one_infant_alone_still_has_the_interval_of_its_episodes() -> None:
    rate = success_rate(tried(0.5))
    assert 0 < rate.low < 0.5 < rate.high < 1
    assert mean_done(tried(0.5)).low > 0


def test_rows_go_by_age_with_medians_over_those_that_got_there() -> None:
    table = exercise_table(
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
    assert "beats relaxed in 1 of 2" in text
    assert "1 of 2 are completed without hands or with hands caudal" in text
    assert "not the GMFM" in text


def test_policies_that_never_got_there_say_never() -> None:
    one = compared("walking", tried(0, 0, 0), FELL)
    never = Compared(one.exercise, 12, 14, "pelvis", (Learning(math.nan, math.nan),), one.tried)
    (row,) = exercise_table([never], {})
    cells = list(exercise_lines([row]))[2].split("|")
    assert [cell.strip() for cell in cells[4:7]] == ["pelvis", "never", "-"]


def test_data_hold_every_episode() -> None:
    (row,) = exercise_data(exercise_table([compared("sitting", tried(1, 0, 1), FELL)], {}))["rows"]
    assert row["episodes"]["trained"]["success"].tolist()[1] == [0.0] * 10
    assert row["success"]["trained"]["value"] == pytest.approx(2 / 3)
    assert (row["policies"], row["policies_that_reached_success"]) == (3, 2)
    assert "clinical evidence" in json.dumps(exercise_data(())["notice"])
