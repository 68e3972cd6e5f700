"""Whatever a cell will do is tried before anything is written."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from dmi_sim.catalog import Catalog, override
from dmi_sim.errors import InputError
from dmi_sim.names import conditions, exercises
from dmi_sim.outcome.registry import OUTCOMES
from dmi_sim.spec.condition import ConditionSpec
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.study import StudySpec
from dmi_sim.study.columns import columns_of, names
from dmi_sim.study.plan import plan
from dmi_sim.study.preflight import preflight
from dmi_sim.study.run import run_study
from dmi_sim.study.run_setup import RunOptions
from tests.study.fake_cells import STUDY

SHIPPED = Catalog.shipped()
CALM = ("test.pushes=[false]", "primary_outcome.pushed=false")


def study_of(exercise: str, *settings: str) -> StudySpec:
    """A study of an exercise with its most proximal and its most distal support."""
    spec = SHIPPED.load(ExerciseSpec, exercise)
    arms = {"pelvis": spec.supports[0], "none": spec.supports[-1]}
    supports = (f"arms.{arm}.support={support}" for arm, support in arms.items())
    return override(STUDY, ["seeds=1", f"exercise={exercise}", *supports, *settings])


def problems(study: StudySpec) -> Sequence[str]:
    """What preflight says of a study, one line each."""
    try:
        preflight(plan("s", study, SHIPPED), SHIPPED)
    except InputError as error:
        return error.problems
    return ()


@pytest.mark.parametrize("exercise", exercises())
def test_every_exercise_can_be_studied_with_the_tests_that_it_has(exercise: str) -> None:
    has_pushes = SHIPPED.load(ExerciseSpec, exercise).pushes is not None
    assert problems(study_of(exercise, *(() if has_pushes else CALM))) == ()


@pytest.mark.parametrize("exercise", exercises())
def test_pushes_that_an_exercise_does_not_have_are_refused_with_what_to_write(
    exercise: str,
) -> None:
    has_pushes = SHIPPED.load(ExerciseSpec, exercise).pushes is not None
    reason = f"envs/{exercise}.yaml has no pushes; write"
    expected = (
        f"dose.pushes: {reason} dose.pushes: false",
        f"test.pushes: {reason} test.pushes: [false] and primary_outcome.pushed: false",
    )
    found = problems(study_of(exercise, "dose.pushes=true"))
    assert found == (() if has_pushes else expected)


@pytest.mark.parametrize("exercise", exercises())
def test_a_support_of_another_exercise_is_refused_with_those_that_are_allowed(
    exercise: str,
) -> None:
    offered = SHIPPED.load(ExerciseSpec, exercise).supports
    for support in set(SHIPPED.load(ExerciseSpec, "sitting").supports) - {*offered}:
        study = study_of(exercise, f"arms.pelvis.support={support}", *CALM)
        (line,) = problems(study)
        assert line.startswith(f"arms.pelvis.support: no '{support}'; {exercise} allows")
        assert ", ".join(offered) in line


def test_the_nearest_support_is_named() -> None:
    study = study_of("sitting")
    arm = study.arms["pelvis"].model_copy(update={"support": "pelvic"})
    cells = [cell.model_copy(update={"arm_spec": arm}) for cell in plan("s", study, SHIPPED)]
    with pytest.raises(InputError, match="did you mean 'pelvis'"):
        preflight(cells, SHIPPED)


@pytest.mark.parametrize("condition", conditions())
def test_options_that_a_condition_does_not_have_are_refused_and_its_own_are_not(
    condition: str,
) -> None:
    options = SHIPPED.load(ConditionSpec, condition).options
    own = ", ".join(f"{name}: {option.default}" for name, option in options.items())
    assert (
        problems(study_of("sitting", f"conditions=[{{name: {condition}, options: {{{own}}}}}]"))
        == ()
    )
    odd = f"conditions=[{{name: {condition}, options: {{no_such_thing: 1}}}}]"
    (line,) = problems(study_of("sitting", odd))
    assert line.startswith(f"conditions ({condition} no_such_thing=1")
    assert "no_such_thing" in line


def test_all_problems_are_named_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    study = study_of("rolling", "arms.none.support=forearms", "dose.pushes=true")
    with pytest.raises(InputError) as refused:
        run_study("s", study, RunOptions(folder=folder), catalog=SHIPPED)
    fields = [line.partition(":")[0] for line in refused.value.problems]
    assert fields == ["dose.pushes", "test.pushes", "arms.none.support"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_may_be_the_primary_one(outcome: str) -> None:
    study = study_of("sitting", f"primary_outcome.outcome={outcome}")
    assert study.primary_outcome.outcome in {*columns_of_episodes()}
    assert len(plan("s", study, SHIPPED)) == 2


def columns_of_episodes() -> tuple[str, ...]:
    return names(columns_of("episodes"))
