"""A lesson whose question a study answers says what its newest run came to, whichever way."""

from pathlib import Path

import pytest

from dmi_sim.live.study_answer import study_answer
from dmi_sim.spec.lesson import LessonStudy
from tests.report.fakes import NAME, Gains, fake_run

ASKED = LessonStudy(name=NAME, first="pelvis", second="axillae")
LITTLE = (2.0, 2.1, 2.2, 1.9, 2.0, 2.1, 2.2)
MUCH = (6.0, 6.3, 6.1, 6.2, 6.0, 6.1, 6.4)


def runs(folder: Path, gains: Gains) -> Path:
    fake_run(folder / NAME / "20260102T030405Z-0", gains, with_replays=False)
    return folder


@pytest.mark.parametrize(("pelvis", "axillae", "sign"), [(MUCH, LITTLE, 1), (LITTLE, MUCH, -1)])
def test_a_difference_is_told_in_the_direction_that_it_has(
    tmp_path: Path, pelvis: tuple[float, ...], axillae: tuple[float, ...], sign: int
) -> None:
    gains = {"axillae": axillae, "pelvis": pelvis, "none": LITTLE}
    answer = study_answer(ASKED, runs(tmp_path, gains))
    assert answer.comes_to == "difference"
    assert answer.unit == "s"
    expected = (sum(pelvis) - sum(axillae)) / 7 / 2  # the mean over training gains half
    assert answer.numbers["difference"] == pytest.approx(expected)
    assert expected * sign > 0
    assert answer.numbers["low"] < expected < answer.numbers["high"]
    assert answer.numbers["infants"] == 7


def test_few_infants_describe_and_do_not_decide(tmp_path: Path) -> None:
    gains = {"axillae": LITTLE[:3], "pelvis": MUCH[:3], "none": LITTLE[:3]}
    assert study_answer(ASKED, runs(tmp_path, gains)).comes_to == "description"


def test_without_a_run_or_without_these_arms_nothing_is_shown(tmp_path: Path) -> None:
    assert study_answer(ASKED, tmp_path).comes_to == "none"
    gains = {"axillae": LITTLE, "pelvis": MUCH, "none": LITTLE}
    other = ASKED.model_copy(update={"second": "thighs"})
    answer = study_answer(other, runs(tmp_path, gains))
    assert (answer.comes_to, answer.numbers) == ("none", {})
