"""Transfer and youngest ages: which infants are run, what is told, what is not run twice."""

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import dmi_sim
from dmi_sim.benchmark import learning
from dmi_sim.benchmark.learning import LearningCourse, LearningGoal, Practice
from dmi_sim.names import exercises
from dmi_sim.tables import UNKNOWN
from dmi_sim.training.pretrained import Validation

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
GOAL = LearningGoal(budget_steps=300_000, every_steps=8192)


def course(steps: int | None, goal: LearningGoal = GOAL) -> LearningCourse:
    """A course that ends in success after some steps, or with the budget."""
    success, at = (0.9, steps) if steps is not None else (0.1, goal.budget_steps)
    last = Validation(steps=at, training_min=0, completion=success, success=success)
    return LearningCourse(goal=goal, tests=(last,))


class Learners:
    """Stands in for practice: each infant takes as long as a rule says; all are noted."""

    def __init__(self, rule: Callable[[Practice], int | None]) -> None:
        self.rule, self.seen = rule, list[Practice]()

    def __call__(
        self, practice: Practice, goal: LearningGoal, bundle: Path | None = None
    ) -> LearningCourse:
        self.seen.append(practice)
        return course(self.rule(practice), goal)


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """A script whose infants learn by a rule."""

    def load(name: str, learners: Learners) -> dict[str, Any]:
        monkeypatch.setattr(learning, "learn", learners)
        return runpy.run_path(str(BENCHMARKS / f"{name}.py"))

    return load


def by_exercise(practice: Practice) -> int | None:
    """Sitting takes 1000 steps, standing 9000, either 3000 after another; rolling is not learnt."""
    alone = {"sitting": 1000, "standing": 9000, "rolling": None}[practice.exercise]
    is_later = alone is not None and practice.begin_with is not None
    return 3000 + practice.seed if is_later else alone


TRANSFER = ("--exercises", "sitting,standing", "--before", "rolling", "--seeds", "0,1,2")

# Transfer


def test_each_exercise_is_learnt_from_nothing_before_others_build_on_it(
    script: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    learners = Learners(by_exercise)
    assert script("transfer", learners)["main"]([*TRANSFER, "--folder", str(tmp_path)]) == 0
    first = [(one.exercise, one.begin_with) for one in learners.seen if one.seed == 0]
    learnt = tmp_path / "learnt"
    assert first == [
        ("sitting", None),
        ("standing", None),
        ("rolling", None),
        ("standing", learnt / "sitting_0"),
        ("sitting", learnt / "standing_0"),
    ]  # nobody begins with rolling, which was not learnt
    assert [one.seed for one in learners.seen] == sorted(one.seed for one in learners.seen)
    assert all(one.training == learners.seen[0].training for one in learners.seen)
    told = capsys.readouterr().out
    assert "standing after sitting, seed 2: 3,002" in told
    assert "sitting after rolling, seed 0: not begun" in told


def test_the_matrix_tells_medians_each_infant_and_what_it_counts(
    script: Any, tmp_path: Path
) -> None:
    table = tmp_path / "docs/transfer.md"
    words = [*TRANSFER, "--folder", str(tmp_path / "run"), "--table", str(table)]
    script("transfer", Learners(by_exercise))["main"](words)
    text = table.read_text()
    rows = {
        cells[0]: cells[1:]
        for cells in ([c.strip() for c in line.strip("|").split("|")] for line in text.splitlines())
        if len(cells) == 4
    }
    assert rows["Learnt before"] == ["sitting", "standing", "rolling"]
    assert rows["nothing"][0] == "1,000 (1,000; 1,000; 1,000)"
    assert rows["nothing"][2] == "> 300,000 (> 300,000; > 300,000; > 300,000)"
    assert rows["sitting"] == [UNKNOWN, "3,001 (3,000; 3,001; 3,002)", UNKNOWN]
    assert rows["rolling"] == [UNKNOWN, UNKNOWN, UNKNOWN]
    for words_of_it in (
        "at least 8 of 10 unseen",
        "every 8,192 steps",
        "Budget, set before: 300,000",
    ):
        assert words_of_it in text
    assert "not clinical evidence" in text
    lines = table.with_suffix(".csv").read_text().splitlines()
    assert "sitting,standing,2,3002,3002,0.9" in lines
    assert "nothing,rolling,0,,300000,0.1" in lines
    assert len(lines) == 1 + 3 * 5


def test_a_matrix_that_was_stopped_goes_on_and_loses_one_infant_at_most(
    script: Any, tmp_path: Path
) -> None:
    def stopped_at_standing(practice: Practice) -> int | None:
        if practice.exercise == "standing":
            raise KeyboardInterrupt
        return by_exercise(practice)

    words = [*TRANSFER, "--folder", str(tmp_path)]
    with pytest.raises(KeyboardInterrupt):
        script("transfer", Learners(stopped_at_standing))["main"](words)
    rest, nothing = Learners(by_exercise), Learners(by_exercise)
    script("transfer", rest)["main"](words)
    assert len(rest.seen) == 3 * 5 - 1
    assert (rest.seen[0].exercise, rest.seen[0].seed) == ("standing", 0)
    script("transfer", nothing)["main"](words)
    assert nothing.seen == []


def test_a_table_can_be_told_before_anything_is_run(
    script: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    learners = Learners(by_exercise)
    words = [*TRANSFER, "--folder", str(tmp_path / "run"), "--only-table"]
    script("transfer", learners)["main"](words)
    assert learners.seen == []
    assert list(tmp_path.iterdir()) == []
    assert UNKNOWN in capsys.readouterr().out


def test_a_matrix_tells_the_settings_that_are_not_those_of_the_file(
    tmp_path: Path, script: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*TRANSFER, "--folder", str(tmp_path), "--only-table"]
    main = script("transfer", Learners(by_exercise))["main"]
    main(words)
    assert "of `envs/standing.yaml` and with" in capsys.readouterr().out
    main([*words, "--set", "gamma=0.985"])
    assert "of `envs/standing.yaml` (but `gamma: 0.985`) and with" in capsys.readouterr().out


def test_whoever_did_not_learn_counts_as_later_than_the_budget(script: Any) -> None:
    cell = script("transfer", Learners(by_exercise))["cell"]
    assert cell([course(None), course(900), course(100)]) == "900 (100; 900; > 300,000)"
    assert cell([course(None), course(900), course(None)]) == (
        "> 300,000 (900; > 300,000; > 300,000)"
    )
    assert cell([course(7), None, None]) == "7 (7)"


# Youngest ages


def search(script: Any, learns: Callable[[float], bool], grid: list[float]) -> tuple[Any, int]:
    """The youngest age that is found, and the number of ages that were tried."""
    known: dict[float, bool] = {}
    while (age := script["next_age"](grid, known)) is not None:
        assert age not in known
        known[age] = learns(age)
    return script["youngest_in_words"](grid, known), len(known)


GRID = [1.0, 2.0, 3.0, 4.0, 6.0, 9.0, 12.0, 15.0]


@pytest.mark.parametrize("youngest", GRID)
def test_the_youngest_age_is_found_in_few_tries(script: Any, youngest: float) -> None:
    code = script("youngest_age", Learners(by_exercise))
    found, tries = search(code, lambda age: age >= youngest, GRID)
    assert found == ("at most 1" if youngest == 1 else f"{youngest:g}")
    assert tries <= 4


def test_an_exercise_that_no_age_learns_is_told(script: Any) -> None:
    code = script("youngest_age", Learners(by_exercise))
    assert search(code, lambda _: False, GRID)[0] == "older than 15"


def test_ages_in_no_order_are_told(script: Any) -> None:
    code = script("youngest_age", Learners(by_exercise))
    assert code["against_the_order"]({1: False, 2: True, 3: False, 4: True}) == (3,)
    assert code["against_the_order"]({1: False, 2: True, 3: True}) == ()


def from_four_months(practice: Practice) -> int | None:
    """From 4 months on all learn; at 3 one of three does."""
    age = practice.arguments["age_months"]
    assert isinstance(age, float)
    return 500 if age >= 4 or (age == 3.0 and practice.seed == 0) else None


@pytest.mark.parametrize(("more", "ages"), [((), {4, 2, 3}), (("--every-age",), set(GRID))])
def test_an_age_learns_if_most_of_its_infants_do(
    more: tuple[str, ...], ages: set[float], script: Any, tmp_path: Path
) -> None:
    learners, table = Learners(from_four_months), tmp_path / "youngest.md"
    words = ["--exercises", "sitting", "--folder", str(tmp_path / "run"), "--table", str(table)]
    script("youngest_age", learners)["main"]([*words, *more])
    assert {float(str(one.arguments["age_months"])) for one in learners.seen} == ages
    assert {one.begin_with for one in learners.seen} == {None}
    assert sorted({one.seed for one in learners.seen}) == [0, 1, 2]
    text = table.read_text()
    assert "| sitting  | 4 " in text
    assert "3: 1/3; 4: 3/3" in text
    assert "6.0 [3.8, 9.2]" in text
    assert ("takes for granted" in text) == (not more)
    assert "Budget, set before: 300,000 steps" in text
    again = Learners(from_four_months)
    script("youngest_age", again)["main"]([*words, *more])
    assert again.seen == []
    rows = table.with_suffix(".csv").read_text().splitlines()
    assert "sitting,4.0,seed 2,500,500,0.9" in rows
    assert len(rows) == 1 + 3 * len(ages)


def test_a_policy_is_tried_at_all_ages_and_again_when_it_is_another(
    script: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[float] = []

    class Result:
        is_success = True

    def trial(env: Any, _controller: object, _seed: int) -> Result:
        tried.append(env.unwrapped.build.config.age_months)
        return Result()

    monkeypatch.setattr("dmi_sim.rollout.trial.run_trial", trial)
    words = [
        "--exercises", "sitting", "--ages", "4,7", "--quick", "--policy", "sitting_0",
        "--folder", str(tmp_path), "--table", str(tmp_path / "youngest.md"),
    ]  # fmt: skip
    for _ in range(2):
        script("youngest_age", Learners(lambda _: None))["main"](words)
    assert tried == [4, 7]
    text = (tmp_path / "youngest.md").read_text()
    assert "`sitting_0` at each age without further practice" in text
    kept = tmp_path / "sitting/4_months_sitting_0.json"
    kept.write_text(kept.read_text().replace('"policy_sha256": "', '"policy_sha256": "0'))
    script("youngest_age", Learners(lambda _: None))["main"](words)
    assert tried == [4, 7, 4]


@pytest.mark.parametrize("exercise", exercises())
def test_every_exercise_has_a_place_beside_the_milestones(exercise: str, script: Any) -> None:
    cells = script("youngest_age", Learners(by_exercise))["milestone_cells"](exercise)
    assert (cells == (UNKNOWN, UNKNOWN)) == (
        exercise not in ("sitting", "crawling", "cruising", "standing", "walking")
    )


# Both


@pytest.mark.parametrize("name", ["transfer", "youngest_age"])
def test_the_table_of_the_site_says_its_budget_and_names_exercises_that_exist(name: str) -> None:
    text = (BENCHMARKS.parent / f"docs/tables/{name}.md").read_text(encoding="utf-8")
    assert "Budget, set before: " in text
    assert "Simulation, not clinical evidence." in text
    named = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| ")]
    known = {*(exercise.replace("_", " ") for exercise in exercises()), *dmi_sim.environments()}
    known |= {"nothing", "Learnt before", "Exercise", "Environment"}
    assert [one for one in named if one not in known and set(one) != {"-"}] == []


@pytest.mark.parametrize("name", ["transfer", "youngest_age"])
@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["--exercises", "siting"], "did you mean 'sitting'?"),
        (["--budget", "0"], "a whole number from 1"),
        (["--set", "gama=0.9"], "gama"),
    ],
)
def test_what_cannot_be_run_is_refused_before_anything_is_written(
    name: str, words: list[str], wanted: str, script: Any, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    learners = Learners(by_exercise)
    with pytest.raises(SystemExit) as ended:
        script(name, learners)["main"]([*words, "--folder", str(tmp_path / "run")])
    assert ended.value.code == 2
    assert wanted in capsys.readouterr().err
    assert learners.seen == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "more", "other"),
    [("transfer", TRANSFER, "--every"), ("youngest_age", (), "--budget")],
)
def test_a_folder_of_other_settings_is_refused(
    name: str, more: tuple[str, ...], other: str, script: Any, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    words = [*more, "--exercises", "sitting", "--seeds", "0", "--folder", str(tmp_path)]
    rule = Learners(lambda _: 500)
    script(name, rule)["main"](words)
    count = len(rule.seen)
    with pytest.raises(SystemExit):
        script(name, rule)["main"]([*words, other, "20000"])
    assert "now 20000; name a new folder" in capsys.readouterr().err
    assert len(rule.seen) == count


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("transfer", ("--exercises", "sitting", "--before", "rolling")),
        ("youngest_age", ("--exercises", "sitting", "--ages", "6", "--policy", "sitting_0")),
    ],
)
def test_the_short_form_really_practises(
    name: str, more: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = runpy.run_path(str(BENCHMARKS / f"{name}.py"))
    code["main"](["--quick", *more, "--folder", str(tmp_path)])
    assert "| sitting" in capsys.readouterr().out
    courses = [path for path in tmp_path.rglob("*.json") if path.name != "bundle.json"]
    assert len(courses) == {"transfer": 4, "youngest_age": 3}[name]
