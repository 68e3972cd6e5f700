"""What a study can say: doses, ages, rewards, learners, tests in hands and transfer.

Each field in its smallest form is planned for every exercise; one study with all of them runs.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from dmi_sim.catalog import Catalog, override
from dmi_sim.errors import InputError
from dmi_sim.names import exercises, old_exercises
from dmi_sim.report.html import write_report
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.study import StudySpec
from dmi_sim.study import store
from dmi_sim.study.cell import labels
from dmi_sim.study.cell_files import cell_record
from dmi_sim.study.cells import run_cell
from dmi_sim.study.columns import Row, columns_of
from dmi_sim.study.executors.base import ExecutorConfig
from dmi_sim.study.plan import Cell, TestRound, plan
from dmi_sim.study.preflight import preflight
from dmi_sim.study.run import run_cells
from dmi_sim.study.run_setup import RunOptions, open_run
from dmi_sim.study.tables import read_table
from dmi_sim.study.verify import verify
from dmi_sim.training.bundle import read_bundle_manifest
from tests.study.fake_cells import STUDY

SHIPPED = Catalog.shipped()
CALM = ("test.pushes=[false]", "primary_outcome.pushed=false")


def study_of(exercise: str, *settings: str) -> StudySpec:
    """A calm study of an exercise with its most proximal and its most distal support."""
    spec = SHIPPED.load(ExerciseSpec, exercise)
    arms = {"pelvis": spec.supports[0], "none": spec.supports[-1]}
    supports = (f"arms.{arm}.support={support}" for arm, support in arms.items())
    return override(STUDY, ["seeds=1", f"exercise={exercise}", *supports, *CALM, *settings])


def planned(exercise: str, *settings: str) -> list[Cell]:
    """The cells of a study that could run."""
    cells = plan("s", study_of(exercise, *settings), SHIPPED)
    preflight(cells, SHIPPED)
    return cells


def problems(exercise: str, *settings: str) -> list[str]:
    """What a study is refused for, one line each; nothing if it could run."""
    try:
        planned(exercise, *settings)
    except InputError as error:
        return list(error.problems)
    return []


def one(cells: Sequence[Cell], arm: str) -> Cell:
    (cell,) = (cell for cell in cells if cell.arm == arm)
    return cell


@pytest.mark.parametrize("exercise", exercises())
def test_what_an_arm_says_changes_its_own_cells_only(exercise: str) -> None:
    reward = next(iter(SHIPPED.load(ExerciseSpec, exercise).rewards))
    plain = planned(exercise)
    for setting in (
        "dose={training_steps: 50}",
        "age_months=11",
        f"rewards={{{reward}: {{weight: 0.5}}}}",
        "training={gamma: 0.9}",
    ):
        changed = planned(exercise, f"arms.pelvis.{setting}")
        assert one(changed, "none") == one(plain, "none")
        assert one(changed, "pelvis").key != one(plain, "pelvis").key
        assert one(changed, "pelvis").arm_spec == one(plain, "pelvis").arm_spec


@pytest.mark.parametrize("exercise", exercises())
def test_every_infant_practises_each_of_several_doses_in_every_arm(exercise: str) -> None:
    cells = planned(exercise, "dose.training_steps=[10, 30]")
    assert [(cell.arm, cell.schedule.evaluation_steps) for cell in cells] == [
        (arm, steps) for arm in ("pelvis", "none") for steps in ((0, 5, 10), (0, 15, 30))
    ]
    assert len(set(labels(cells).values())) == len(cells)
    assert len({cell.schedule.training_seed for cell in cells}) == 1
    assert len({cell.schedule.test_seeds for cell in cells}) == 1


@pytest.mark.parametrize("exercise", exercises())
def test_infants_can_be_tested_in_each_support_of_their_exercise(exercise: str) -> None:
    offered = SHIPPED.load(ExerciseSpec, exercise).supports
    cell = planned(exercise, f"test.supports=[{', '.join(offered)}]")[0]
    assert [test.support for test in cell.test_rounds] == list(offered)
    assert cell.schedule.test_count == len(offered) * len(cell.schedule.test_seeds)


@pytest.mark.parametrize("exercise", exercises())
def test_a_test_in_hands_that_an_exercise_does_not_have_is_refused(exercise: str) -> None:
    offered = SHIPPED.load(ExerciseSpec, exercise).supports
    (other,) = sorted(set(SHIPPED.load(ExerciseSpec, "sitting").supports) - {*offered})[:1] or (
        "forearms",
    )
    lines = problems(exercise, f"test.supports=[{other}]")
    assert lines == [f"test.supports: no '{other}'; {exercise} allows {', '.join(offered)}"]


@pytest.mark.parametrize("exercise", exercises())
def test_transfer_needs_the_same_observations_and_actions(exercise: str) -> None:
    """All that share the repertoire can be tested in; version 0 is refused with what differs."""
    others = sorted(set(exercises()) - {exercise})
    assert problems(exercise, f"test.transfer=[{', '.join(others)}]") == []
    lines = problems(exercise, f"test.transfer=[{', '.join(old_exercises())}]")
    start = f"test.transfer: infants who practise {exercise} cannot do "
    refused = [line.removeprefix(start).partition(":")[0] for line in lines]
    assert set(refused) == set(old_exercises())


def test_transfer_is_tested_with_pushes_only_where_the_other_exercise_has_them() -> None:
    pushed = ("test.pushes=[true, false]", "primary_outcome.pushed=true")
    cell = planned("sitting", "test.transfer=[sitting_tilt]", *pushed)[0]
    assert cell.test_rounds == (
        TestRound("sitting", "none", pushed=True),
        TestRound("sitting", "none", pushed=False),
        TestRound("sitting_tilt", "none", pushed=False),
    )
    (line,) = problems("sitting", "test.transfer=[sitting_tilt]", "test.pushes=[true]", pushed[1])
    assert line == (
        "test.transfer: envs/sitting_tilt.yaml has no pushes; write test.pushes: [true, false]"
    )


@pytest.mark.parametrize("exercise", exercises())
def test_hours_to_success_can_be_asked_of_every_exercise(exercise: str) -> None:
    assert planned(exercise, "primary_outcome.outcome=hours_to_success")


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("rewards={efort: {weight: 1}}", "rewards.efort: no such reward; did you mean 'effort'?"),
        (
            "arms.pelvis.rewards={efort: {weight: 1}}",
            "arms.pelvis.rewards.efort: no such reward; did you mean 'effort'?",
        ),
        (
            "training={gama: 0.9}",
            "training.gama: no such setting; did you mean 'gamma'?",
        ),
        (
            "arms.none.training={total_steps: 9}",
            "arms.none.training.total_steps: the dose says how long infants practise",
        ),
    ],
)
def test_a_change_that_the_exercise_does_not_know_is_refused_in_its_place(
    setting: str, message: str
) -> None:
    assert problems("sitting", setting) == [f"experiments/s.yaml: {message}"]


def test_no_reward_of_any_exercise_can_name_a_support_site() -> None:
    """Weights are the one thing that a study changes in rewards, and no term sees a site."""
    for exercise in exercises():
        spec = SHIPPED.load(ExerciseSpec, exercise)
        for term in (*spec.rewards.values(), *spec.on_fall.values()):
            assert not {str(value) for value in term.params.values()} & {"none", "axillae"}


ALL_IN_ONE = override(
    STUDY,
    [
        "seeds=1",
        "dose.evaluations=2",
        "dose.training_steps=100",
        "test.episodes=1",
        "test.supports=[none, waist]",
        "test.transfer=[sitting_tilt]",
        "rewards={effort: {weight: -0.1}}",
        "training={learning_rate: 0.0005, n_envs: 4}",
        "arms.pelvis.dose={training_steps: 2100}",
        "arms.pelvis.age_months=9",
        "arms.pelvis.rewards={stillness: {weight: 0.1}}",
        "arms.none.training={gamma: 0.95}",
    ],
)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole study that says all of it, run in this process."""
    folder = tmp_path_factory.mktemp("study") / "run"
    run = open_run("all", ALL_IN_ONE, SHIPPED, RunOptions(folder=folder))
    preflight(plan("all", ALL_IN_ONE, SHIPPED), SHIPPED)
    config = ExecutorConfig("inline")
    assert run_cells(run, config, partial(run_cell, catalog=SHIPPED)).complete
    return folder


def rows(run: Path, arm: str) -> list[Row]:
    return [row for row in store.load_table(run, "episodes").rows if row["arm"] == arm]


@pytest.mark.slow
def test_all_kinds_of_tests_are_in_the_tables(finished: Path) -> None:
    kinds = [
        (row["tested_in"], row["tested_with"], row["pushed"]) for row in rows(finished, "none")
    ]
    assert kinds == 2 * [
        ("sitting", "none", True),
        ("sitting", "none", False),
        ("sitting", "waist", True),
        ("sitting", "waist", False),
        ("sitting_tilt", "none", False),
        ("sitting_tilt", "waist", False),
    ]
    assert len(store.read_summary(finished)) == 2 * 2 * 6


@pytest.mark.slow
def test_hands_are_in_the_tests_in_hands_only_and_as_firm_in_every_arm(finished: Path) -> None:
    for arm in STUDY.arms:
        for row in rows(finished, arm):
            assert (row["support_impulse_n_s"] != 0.0) == (row["tested_with"] == "waist")


@pytest.mark.slow
def test_each_arm_has_the_age_and_the_dose_that_it_says(finished: Path) -> None:
    assert {(row["age_months"], row["planned_steps"]) for row in rows(finished, "pelvis")} == {
        (9.0, 2100)
    }
    assert {(row["age_months"], row["planned_steps"]) for row in rows(finished, "none")} == {
        (7.0, 100)
    }
    longest = [max(float(row["dose_h"]) for row in rows(finished, arm)) for arm in STUDY.arms]
    assert longest[0] > longest[1] > 0


@pytest.mark.slow
def test_the_policy_records_the_rewards_of_its_practice(finished: Path) -> None:
    for folder in store.committed(finished):
        cell = cell_record(folder).cell
        arguments = read_bundle_manifest(folder / "policy").metadata.environment_kwargs
        assert arguments["reward_weights"] == ALL_IN_ONE.reward_weights(cell.arm)


@pytest.mark.slow
def test_a_reward_changes_what_is_learnt_and_never_a_test_before_practice(
    finished: Path, tmp_path: Path
) -> None:
    plain = override(ALL_IN_ONE, ["rewards={}", "arms.none.rewards={}"])
    run = open_run("all", plain, SHIPPED, RunOptions(folder=tmp_path / "run"))
    cell = one(plan("all", plain, SHIPPED), "none")
    folder = store.cell_folder(run.folder, cell.key)
    folder.mkdir()
    run_cell(cell, folder, catalog=SHIPPED)
    ours = read_table(folder / "episodes.parquet", columns_of("episodes"))
    theirs = rows(finished, "none")
    upright = [[row["time_upright_s"] for row in which[:6]] for which in (ours, theirs)]
    assert upright[0] == upright[1]
    policies = [
        (store.cell_folder(where, key) / "policy/policy.zip").read_bytes()
        for where, key in ((run.folder, cell.key), (finished, str(theirs[0]["cell"])))
    ]
    assert policies[0] != policies[1]


@pytest.mark.slow
def test_its_report_tells_all_of_it(finished: Path) -> None:
    page = write_report(finished).read_text()
    for said in (
        "had infants of 9 months, a dose of 2100 control steps, the reward stillness weighted 0.1",
        "Other tests",
        "transfer, no hands, not pushed",
        "hands at the waist, pushed",
        "the file is unchanged since, and this report answers it",
        "hands at the pelvis, for 2.3 simulated minutes; or no hands, for 1.1 simulated minutes",
    ):
        assert said in page, said
    assert verify(finished).problems == ()
