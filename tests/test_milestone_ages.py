"""Ages at milestones: what is told of children who play on their own, and of those let go early."""

import csv
import runpy
from pathlib import Path
from typing import Any

import pytest

from dmi_sim.benchmark.milestones import MilestoneCourse, cell, in_words, reaches, task
from dmi_sim.catalog import Catalog
from dmi_sim.child.rooms import Rooms
from dmi_sim.spec.milestones import MilestonesSpec
from dmi_sim.training.interface import exercise_name

ROOT = Path(__file__).parents[1]
WHO = Catalog.shipped().load(MilestonesSpec, "who").milestones
AGES = {"sitting": 5.3, "standing": 0.0, "cruising": 5.7}
"""Ages from which the children of these tests succeed; in no other exercise they ever do."""
NO_PRACTICE = ["--constant", "0.00001", "--quick", "--from", "5", "--free-play", "infants"]


class Result:
    """The result of a trial."""

    def __init__(self, *, is_success: bool) -> None:
        self.is_success = is_success


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The script, with children who succeed from an age on, whatever they practise."""

    def trial(env: Any, _controller: object, _seed: int, options: dict[str, Any]) -> Result:
        name, age_months = exercise_name(env), env.unwrapped.build.config.age_months
        is_alone = options["support"] is None
        is_held = name == "standing" and options.get("support_strength") == 0.5
        is_tried = is_held if name == "standing" else is_alone
        return Result(is_success=is_tried and age_months >= AGES.get(name, 99.0))

    monkeypatch.setattr("dmi_sim.rollout.trial.run_trial", trial)
    return runpy.run_path(str(ROOT / "benchmarks/milestone_ages.py"))


def course(**ages: float | None) -> MilestoneCourse:
    """A child that is tested at 3, 4, 5 and 6 months and reaches milestones at some of them."""
    tests = [
        {
            "age_months": age,
            "practice_min": 10 * age,
            "reached": {name: at == age for name, at in ages.items() if at is None or at >= age},
        }
        for age in (3.0, 4.0, 5.0, 6.0)
    ]
    return MilestoneCourse.model_validate({"tests": tests})


def test_a_milestone_has_the_age_and_the_practice_of_the_first_test_with_it() -> None:
    one = course(sit=5.0, walk=None)
    assert (one.age_at("sit"), one.practice_at("sit")) == (5.0, 50.0)
    assert (one.age_at("walk"), one.practice_at("walk")) == (None, None)
    assert in_words(one) == "6.00 months, 60.0 min of practice"


def test_who_never_got_there_is_censored_and_not_dropped() -> None:
    never, late, early = course(sit=None), course(sit=6.0), course(sit=3.0)
    assert cell([never, late, early], "sit") == "6.0 (at most 3.0; 6.0; > 6.0)"
    assert cell([never, never, early], "sit") == "> 6.0 (at most 3.0; > 6.0; > 6.0)"


@pytest.mark.parametrize(
    ("successes", "is_reached", "trials"),
    [([1] * 10, True, 5), ([0] * 10, False, 6), ([0, 1] * 5, True, 10), ([1, 0] * 5, True, 9)],
)
def test_no_more_trials_are_made_than_it_takes_to_know(
    successes: list[int], is_reached: bool, trials: int
) -> None:
    made: list[int] = []

    def succeeds(milestone: str, seed: int) -> bool:
        made.append(seed)
        return milestone == "sit" and bool(successes[seed])

    assert reaches(succeeds, "sit", range(10)) == is_reached
    assert made == list(range(trials))


@pytest.mark.parametrize("milestone", sorted(WHO))
def test_every_milestone_is_tried_in_an_exercise_of_the_child(milestone: str) -> None:
    exercise, options = task(milestone)
    assert exercise in Rooms({}).exercises
    assert WHO[milestone].exercise in (exercise, None)
    assert (options["support"] is None) == (WHO[milestone].exercise is not None)


def test_children_who_play_are_told_beside_the_windows(
    script: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "ages.md"
    words = [*NO_PRACTICE, "--every", "2", "--folder", str(tmp_path / "run"), "--table", str(table)]
    assert script["main"](words) == 0
    rows = {
        cells[0]: cells[1:]
        for line in table.read_text().splitlines()
        if len(cells := [one.strip() for one in line.strip("|").split("|")]) == 4
    }
    assert rows["sitting without support"] == ["sitting", "6.0 [3.8, 9.2]", "5.5 (5.5)"]
    held = rows["standing with assistance"]
    assert held == [
        "standing, hands at the axillae",
        "7.6 [4.8, 11.4]",
        "at most 5.0 (at most 5.0)",
    ]
    assert rows["walking alone"][-1] == "> 5.5 (> 5.5)"
    text = table.read_text()
    for words_of_it in ("censored", "no prediction", "0 to 0 min", "not clinical evidence"):
        assert words_of_it in text
    with table.with_suffix(".csv").open() as file:
        lines = {one["milestone"]: one for one in csv.DictReader(file)}
    assert set(lines) == set(WHO)
    assert lines["walking_alone"]["age_months"] == ""
    assert "sitting without support" in capsys.readouterr().out


def test_children_go_on_where_they_were_stopped(
    script: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*NO_PRACTICE, "--milestones", "walking_with_assistance", "--folder", str(tmp_path)]
    script["main"]([*words, "--every", "2"])
    first = capsys.readouterr().out
    assert (first.count("seed 0:"), "> 5.5 (> 5.5)" in first) == (2, True)
    script["main"]([*words, "--every", "2"])
    assert "seed 0:" not in capsys.readouterr().out
    with pytest.raises(SystemExit):
        script["main"]([*words, "--every", "3"])
    assert "was 2, now 3; name a new folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["--free-play", "infant"], "no free play 'infant'; did you mean 'infants'?"),
        (["--milestones", "siting"], "no milestone 'siting'"),
        (["--constant", "many"], "numbers are wanted"),
        (["--budget", "0"], "a whole number from 1"),
    ],
)
def test_what_cannot_be_run_is_refused_before_anything_is_written(
    words: list[str], wanted: str, script: dict[str, Any], tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    with pytest.raises(SystemExit):
        script["main"]([*words, "--folder", str(tmp_path / "run")])
    assert wanted in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_table_of_the_site_says_what_it_is() -> None:
    text = (ROOT / "docs/tables/milestone_ages.md").read_text(encoding="utf-8")
    assert "Simulation, not clinical evidence." in text
    assert "censored" in text
    assert all(name.replace("_", " ") in text for name in WHO)


@pytest.mark.slow
def test_the_short_form_really_practises(tmp_path: Path) -> None:
    code = runpy.run_path(str(ROOT / "benchmarks/milestone_ages.py"))
    words = ["--quick", "--free-play", "infants", "--milestones", "sitting_without_support"]
    code["main"]([*words, "--every", "1", "--constant", "0.002", "--folder", str(tmp_path)])
    (path,) = tmp_path.rglob("course.json")
    tests = MilestoneCourse.model_validate_json(path.read_bytes()).tests
    assert [one.practice_min > 0 for one in tests] == [False, True]
