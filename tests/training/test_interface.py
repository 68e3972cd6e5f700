"""Policies and environments must have the same interface, and the exercise must be a known one."""

import json
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from dmi_sim.anatomy import AXES
from dmi_sim.catalog import Catalog
from dmi_sim.env.actions import ACTION_MODES
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import InputError
from dmi_sim.names import environment_id, exercises, old_exercises
from dmi_sim.rollout.environment import make_environment
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.repertoire import RepertoireSpec
from dmi_sim.training.interface import (
    NOT_FELT,
    PolicyInterface,
    PractisedExercise,
    felt_exercise,
    policy_interface,
    practised_exercise,
)

Change = Callable[[ExerciseSpec], dict[str, Any]]
Altered = Callable[[str, Change], tuple[PolicyInterface, PractisedExercise]]


def belongs(exercise: str, **arguments: Any) -> tuple[PolicyInterface, PractisedExercise]:
    """Interface and exercise of an environment."""
    with closing(make_environment(environment_id(exercise), arguments)) as env:
        return policy_interface(env), practised_exercise(env)


def spec_of(exercise: str) -> ExerciseSpec:
    return Catalog.shipped().load(ExerciseSpec, exercise)


@pytest.fixture
def altered(tmp_path: Path) -> Altered:
    """Gives the same of an exercise of one's own, in which some fields are other ones."""

    def altered_by(exercise: str, change: Change) -> tuple[PolicyInterface, PractisedExercise]:
        spec = spec_of(exercise)
        path = tmp_path / f"envs/{exercise}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({**spec.model_dump(mode="json"), **change(spec)}))
        return belongs(exercise, catalog=Catalog(tmp_path, Catalog.shipped().root))

    return altered_by


def test_an_environment_has_an_interface(leaning: str) -> None:
    interface = policy_interface(make_environment(leaning, {}))
    assert interface.observation_shape == (2,)
    assert interface.action_shape == (1,)
    assert interface.control_hz == 20
    assert practised_exercise(make_environment(leaning, {})).name == leaning


def test_equal_environments_do_not_differ_whatever_their_physics(leaning: str) -> None:
    light = policy_interface(make_environment(leaning, {"gravity": 1.0}))
    heavy = policy_interface(make_environment(leaning, {"gravity": 9.0}))
    assert light.differences(heavy) == ()


def test_renamed_observations_of_the_same_shape_differ(leaning: str) -> None:
    env = make_environment(leaning, {})
    before = policy_interface(env)
    env.unwrapped.__dict__["observation_names"] = ("lean_rate", "lean")
    first, _ = before.differences(policy_interface(env))
    assert first == "observations[0]: made for lean, this environment has lean_rate"


def test_each_difference_is_named(leaning: str) -> None:
    pole, pendulum = (
        policy_interface(make_environment(name, {})) for name in (leaning, "Pendulum-v1")
    )
    text = "\n".join(pole.differences(pendulum))
    assert "control_hz: made for 20, this environment has 30" in text
    assert "number of observations: made for 2, this environment has 3" in text
    assert "actions.push: made for one, this environment has none" in text


def test_many_differences_are_counted() -> None:
    crawling, sitting = (belongs(name)[0] for name in ("crawling_v0", "sitting_v0"))
    *shown, last = crawling.differences(sitting)
    assert len(shown) == 8
    assert last.endswith("more differences")


def test_a_discrete_action_is_refused() -> None:
    with pytest.raises(InputError, match="CartPole-v1: a policy needs a flat Box as action space"):
        policy_interface(make_environment("CartPole-v1", {}))


@pytest.mark.parametrize("exercise", exercises())
def test_an_action_mode_is_part_of_the_interface(exercise: str) -> None:
    posture = belongs(exercise)[0]
    for mode in ACTION_MODES:
        found = posture.differences(belongs(exercise, action_mode=mode)[0])
        expected = f"action_mode: made for posture, this environment has {mode}"
        assert (expected in found) == (mode != "posture")


@pytest.mark.parametrize("exercise", [*exercises(), *old_exercises()])
def test_an_observed_angle_is_told_by_its_axis_and_an_efference_copy_by_its_action(
    exercise: str,
) -> None:
    with closing(PostureEnv(EnvConfig(exercise))) as env:
        told = [one.partition(": ") for one in policy_interface(env).observations]
        axes = [AXES[axis].label for axis in env.build.actuated]
        for term, expected in (
            ("actuated_angles", axes),
            ("actuated_rates", axes),
            ("last_action", [*env.action_names]),
            ("last_actions", [*env.action_names, *env.action_names]),
        ):
            found = [label for name, _, label in told if name.startswith(f"{term}[")]
            assert found == (expected if term in env.build.spec.observations else [])


def test_another_range_is_named(altered: Altered) -> None:
    def wider(spec: ExerciseSpec) -> dict[str, Any]:
        neck = spec.synergies["neck_flexion"].model_copy(update={"range_deg": 30.0})
        return {"synergies": {**spec.model_dump()["synergies"], "neck_flexion": neck.model_dump()}}

    (line,) = belongs("sitting_v0")[0].differences(altered("sitting_v0", wider)[0])
    assert line == (
        "actions.neck_flexion.axes_deg.neck.flexion: made for 60.0, this environment has 30.0"
    )


def test_another_axis_of_the_same_name_is_named(altered: Altered) -> None:
    def sideways(spec: ExerciseSpec) -> dict[str, Any]:
        neck = spec.synergies["neck_flexion"].model_copy(update={"axes": {"neck.rotation": 1.0}})
        return {"synergies": {**spec.model_dump()["synergies"], "neck_flexion": neck.model_dump()}}

    text = "\n".join(belongs("sitting_v0")[0].differences(altered("sitting_v0", sideways)[0]))
    assert "axes_deg.neck.rotation: made for none, this environment has 60.0" in text
    assert "made for actuated_angles[7]: neck.flexion" in text


def test_the_order_of_actions_counts(altered: Altered) -> None:
    def reversed_order(spec: ExerciseSpec) -> dict[str, Any]:
        return {"synergies": dict(reversed(spec.model_dump()["synergies"].items()))}

    text = "\n".join(belongs("sitting_v0")[0].differences(altered("sitting_v0", reversed_order)[0]))
    assert "made for last_actions[0]: lower_trunk_flexion" in text


@pytest.mark.parametrize("exercise", exercises())
def test_titles_rewards_and_judgements_are_not_felt(exercise: str) -> None:
    other = next(name for name in exercises() if name != exercise)
    judged = {field: getattr(spec_of(other), field) for field in NOT_FELT}
    assert felt_exercise(exercise, spec_of(exercise)) == felt_exercise(
        exercise, spec_of(exercise).model_copy(update=judged)
    )


@pytest.mark.parametrize("exercise", exercises())
def test_the_exercise_of_an_environment_is_that_of_its_file(exercise: str) -> None:
    spec, catalog = spec_of(exercise), Catalog.shipped()
    assert spec.repertoire is not None
    whole = spec.with_repertoire(catalog.load(RepertoireSpec, spec.repertoire))
    assert belongs(exercise)[1] == felt_exercise(exercise, whole)


def other_value(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool | str) or value is None:
        return f"other {value}"
    if isinstance(value, Mapping):
        return {name: other_value(inner) for name, inner in value.items()} or {"other": 1.0}
    if isinstance(value, list):
        return [*value, 1.0]
    return value + 1


@pytest.mark.filterwarnings(
    "ignore:Pydantic serializer warnings"
)  # the other values are of no type
@pytest.mark.parametrize("exercise", exercises())
def test_all_else_is_felt_and_named(exercise: str) -> None:
    """Every field but the judgements, those of later versions too."""
    spec = spec_of(exercise)
    before = felt_exercise(exercise, spec)
    for field in set(ExerciseSpec.model_fields) - NOT_FELT:
        data = spec.model_dump(mode="json")[field]
        after = felt_exercise(exercise, spec.model_copy(update={field: other_value(data)}))
        lines = before.differences(after)
        assert lines
        assert all(line.startswith((f"{exercise}: {field}", "and ")) for line in lines)


def test_hands_age_and_condition_are_free() -> None:
    assert belongs("sitting") == belongs(
        "sitting", support="pelvis", age_months=11, condition="hypotonia", pushes=True
    )


def test_a_forged_hash_of_an_exercise_is_refused() -> None:
    with pytest.raises(ValueError, match="not the hash of what is felt"):
        PractisedExercise(name="sitting", felt={"physics_hz": 240}, sha256="0" * 64)
