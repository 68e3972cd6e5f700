"""Ways to drive the same muscles: what actions mean, and that strength follows age in all."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from gymnasium.spaces import Box

from dmi_sim.anatomy import AXIS_INDEX
from dmi_sim.arrays import Vector
from dmi_sim.env import posture_env
from dmi_sim.env.actions import ACTION_MODES
from dmi_sim.env.config import EnvBuild, EnvConfig, build_env
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.infant import Infant
from dmi_sim.muscle.strength import active_torques
from dmi_sim.names import exercises, old_exercises
from dmi_sim.nervous.motor_command import SILENT_LENGTH, MotorCommand, equilibrium_command
from dmi_sim.nervous.reflex import reciprocal_inhibition, stretch_reflex
from dmi_sim.physics.neuromuscular import NeuromuscularParams
from dmi_sim.physics.neuromuscular_params import build_neuromuscular_params
from dmi_sim.spec.exercise import CocontractionSpec
from tests.env.episodes import paths, quiet
from tests.muscle.muscles import muscles_at
from tests.nervous.reflexes import moved

AGES = (0.0, 3.0, 6.0, 9.0, 12.0, 18.0, 24.0)
GRAVITY_M_S2 = 9.81
COCONTRACTIONS = {
    "stiff_trunk": CocontractionSpec(range=0.1, regions=("trunk",)),
    "stiff_legs": CocontractionSpec(range=0.2, regions=("hip", "knee", "ankle")),
}


@cache
def sitting(mode: str, age_months: float = 7.0) -> EnvBuild:
    return build_env(EnvConfig("sitting", age_months=age_months, action_mode=mode))


@cache
def cocontracting(mode: str) -> EnvBuild:
    """The exercise with two co-contractions among its actions."""
    build = sitting(mode)
    return replace(build, spec=build.spec.model_copy(update={"cocontractions": COCONTRACTIONS}))


def commanded(build: EnvBuild, action: Vector) -> MotorCommand:
    return build.actions(build.start.angle_rad).command(action)


def one(build: EnvBuild, name: str, size: float = 1.0) -> Vector:
    """An action of one number."""
    names = build.actions(build.start.angle_rad).names
    return size * np.array([float(other == name) for other in names])


def zero_action(build: EnvBuild) -> Vector:
    return np.zeros(len(build.actions(build.start.angle_rad).names))


@pytest.mark.parametrize("mode", ["posture", "synergy"])
def test_actions_have_the_names_of_the_exercise(mode: str) -> None:
    names = sitting(mode).actions(np.zeros(34)).names
    assert names == tuple(sitting(mode).spec.synergies)
    assert cocontracting(mode).actions(np.zeros(34)).names == (*names, *COCONTRACTIONS)


def test_in_muscle_mode_every_muscle_has_its_own() -> None:
    build = sitting("muscle")
    assert build.actions(np.zeros(34)).names == build.infant.muscles.names


@pytest.mark.parametrize("mode", ACTION_MODES)
@pytest.mark.parametrize("make", [sitting, cocontracting])
def test_a_zero_action_excites_nothing_of_its_own(
    mode: str, make: Callable[[str], EnvBuild]
) -> None:
    build = make(mode)
    command = commanded(build, zero_action(build))
    assert (command.excitation == 0).all()
    start = equilibrium_command(build.infant.muscles, build.start.angle_rad).length
    assert command.length.tolist() == start.tolist()


@pytest.mark.parametrize("mode", ACTION_MODES)
@pytest.mark.parametrize("exercise", exercises())
def test_a_zero_action_holds_the_same_posture_in_every_mode(
    monkeypatch: pytest.MonkeyPatch, exercise: str, mode: str
) -> None:
    """No mode leaves the infant limp: without noise its path is that of reflexes, to the bit."""
    monkeypatch.setattr(posture_env, "build_env", quiet)
    limp, *paths_m = (
        path_m(EnvConfig(exercise, action_mode=one), silent_muscles=silent)
        for one, silent in ((mode, True), (mode, False), ("posture", False))
    )
    assert paths_m[0] == paths_m[1]
    assert paths_m[0] != limp


def path_m(config: EnvConfig, **options: bool) -> list[list[float]]:
    """Places of the centre of mass in half a second of zero actions."""
    with closing(PostureEnv(config)) as env:
        return paths(env, 15, options)


@pytest.mark.parametrize("mode", ["synergy", "muscle"])
@pytest.mark.parametrize("exercise", exercises())
def test_excitations_leave_the_held_lengths_alone(exercise: str, mode: str) -> None:
    """So that a stretched muscle answers whatever the action excites beside it."""
    build = build_env(EnvConfig(exercise, action_mode=mode))
    actions = build.actions(build.start.angle_rad)
    some = np.random.default_rng(2).uniform(actions.low, actions.high, len(actions.names))
    command, held = actions.command(some), commanded(build, np.zeros(some.size))
    assert command.length.tolist() == held.length.tolist()
    assert command.excitation.max() > 0.5


@pytest.mark.parametrize("mode", ACTION_MODES)
@pytest.mark.parametrize("exercise", old_exercises())
def test_in_version_0_reflexes_are_silent_in_other_modes_than_posture(
    exercise: str, mode: str
) -> None:
    build = build_env(EnvConfig(exercise, action_mode=mode))
    command = commanded(build, zero_action(build))
    assert (command.length == SILENT_LENGTH).all() == (mode != "posture")


@pytest.mark.parametrize("mode", ACTION_MODES)
def test_no_action_asks_for_less_than_nothing_or_more_than_all(mode: str) -> None:
    build, random = sitting(mode), np.random.default_rng(0)
    for _ in range(50):
        actions, size = build.actions(np.zeros(34)), zero_action(build).size
        excitation = commanded(build, random.uniform(actions.low, actions.high, size)).excitation
        assert excitation.min() >= 0
        assert excitation.max() <= 1


def test_some_synergies_co_contract_and_most_do_not() -> None:
    assert {n for n, s in sitting("posture").spec.synergies.items() if s.cocontraction} == {
        "neck_flexion",
        "neck_bend",
    }


@pytest.mark.parametrize(
    "name", [n for n, s in sitting("posture").spec.synergies.items() if not s.cocontraction]
)
@pytest.mark.parametrize("size", [-1.0, 0.4])
def test_a_posture_action_moves_the_equilibrium_by_its_range(name: str, size: float) -> None:
    build = sitting("posture")
    synergy, angle = build.spec.synergies[name], build.start.angle_rad.copy()
    for label, weight in synergy.axes.items():
        angle[AXIS_INDEX[label]] += size * weight * np.radians(synergy.range_deg)
    command = commanded(build, one(build, name, size))
    assert command.length == pytest.approx(equilibrium_command(build.infant.muscles, angle).length)


@pytest.mark.parametrize("name", sitting("synergy").spec.synergies)
@pytest.mark.parametrize("sign", [1, -1])
def test_a_synergy_excites_the_muscles_that_pull_its_way_and_no_other(name: str, sign: int) -> None:
    build = sitting("synergy")
    turning = build.angle_matrix[:, list(build.spec.synergies).index(name)]
    excitation = commanded(build, one(build, name, sign)).excitation
    pull = sign * build.infant.muscles.moment_arms_m @ turning
    pull, excitation = np.round((pull, excitation), 12)  # arms over two joints may cancel out
    assert ((excitation > 0) == (pull > 0)).all()
    assert 0.3 < excitation.max() <= 1
    assert build.infant.muscles.moment_arms_m.T @ excitation @ turning * sign > 0


def test_a_muscle_is_excited_by_its_number() -> None:
    build = sitting("muscle")
    action = np.linspace(0, 1, zero_action(build).size)
    assert commanded(build, action).excitation == pytest.approx(action)


@pytest.mark.parametrize("mode", ACTION_MODES)
def test_actions_go_from_minus_one_to_one_and_those_of_muscles_from_zero(mode: str) -> None:
    """Every number of the range does something: no muscle can be excited less than not at all."""
    with closing(PostureEnv(EnvConfig("sitting_v0", action_mode=mode))) as env:
        space = env.action_space
        assert isinstance(space, Box)
        low, high = space.low, space.high
        assert (low == (0 if mode == "muscle" else -1)).all()
        assert (high == 1).all()
        env.reset(seed=0)
        below = [env.step(low - excess)[0] for excess in (0, 1)]
        assert all(np.isfinite(one).all() for one in below)
        assert (env.context.action >= low).all()  # cut off at the bound


@pytest.mark.parametrize("mode", ACTION_MODES)
@pytest.mark.parametrize("name", ["sitting", "sitting_v0"])
def test_a_stretched_muscle_answers_but_in_version_0_in_other_modes_than_posture(
    name: str, mode: str
) -> None:
    """Reflexes alone do something; without them the zero action is that of a limp infant."""
    with closing(PostureEnv(EnvConfig(name, action_mode=mode))) as env:
        activations: list[Vector] = []
        for silent in (False, True):
            env.reset(seed=0, options={"silent_muscles": silent})
            for _ in range(12):
                env.step(np.zeros(len(env.action_names), np.float32))
            activations.append(env.state.activation)
        reflexes, limp = activations
        assert np.array_equal(reflexes, limp) == (name == "sitting_v0" and mode != "posture")


def test_in_posture_mode_cocontraction_shortens_the_muscles_of_its_regions() -> None:
    build = cocontracting("posture")
    muscles, rest = build.infant.muscles, commanded(build, zero_action(build)).length
    for name, spec in COCONTRACTIONS.items():
        inside = np.array([region in spec.regions for region in muscles.regions])
        shortened = commanded(build, one(build, name)).length
        assert rest - shortened == pytest.approx(np.where(inside, spec.range, 0.0))


@pytest.mark.parametrize("size", [-0.5, 0.5])
def test_a_stiff_movement_shortens_all_muscles_around_its_joints_either_way(size: float) -> None:
    plain = build_env(EnvConfig("prone_propping"))
    muscles, synergies = plain.infant.muscles, dict(plain.spec.synergies)
    lift = synergies["neck_flexion"]
    synergies["neck_flexion"] = lift.model_copy(update={"cocontraction": 0.0})
    loose = replace(plain, spec=plain.spec.model_copy(update={"synergies": synergies}))
    lengths = [commanded(s, one(s, "neck_flexion", size)).length for s in (loose, plain)]
    inside = np.array([region == "neck" for region in muscles.regions])
    assert lengths[0] - lengths[1] == pytest.approx(np.where(inside, lift.cocontraction / 2, 0.0))


def test_in_synergy_mode_cocontraction_excites_all_muscles_of_its_regions() -> None:
    build = cocontracting("synergy")
    for name, spec in COCONTRACTIONS.items():
        inside = np.array([region in spec.regions for region in build.infant.muscles.regions])
        excitation = commanded(build, one(build, name, 0.3)).excitation
        assert excitation == pytest.approx(np.where(inside, 0.3, 0.0))


@pytest.mark.parametrize("mode", ["posture", "synergy"])
def test_the_negative_half_of_a_cocontraction_does_nothing(mode: str) -> None:
    build = cocontracting(mode)
    none, negative = (
        commanded(build, a) for a in (zero_action(build), one(build, "stiff_legs", -1))
    )
    assert (none.length == negative.length).all()
    assert (none.excitation == negative.excitation).all()


def test_cocontraction_does_not_turn_the_trunk_aside() -> None:
    build = cocontracting("posture")
    drive = static_drive(build, one(build, "stiff_trunk"))
    torque = active_torques(build.infant.muscles, build.start.angle_rad) @ drive
    assert drive.max() > 0.1
    for joint in ("thoracic", "thoracolumbar", "waist"):
        for axis in ("abduction", "rotation"):
            assert torque[AXIS_INDEX[f"{joint}.{axis}"]] == pytest.approx(0.0, abs=1e-9)


@cache
def law_of(age_months: float) -> NeuromuscularParams:
    return build_neuromuscular_params(Infant.from_spec(age_months), np.zeros(34), 1 / 240)


def static_drive(build: EnvBuild, action: Vector) -> Vector:
    """Excitation of all muscles of an infant who lies still in its start pose, shape (n,)."""
    command, law = commanded(build, action), law_of(build.config.age_months)
    length = build.infant.muscles.length_at(build.start.angle_rad)
    muscle = muscles_at(np.zeros(length.size), command.excitation, command.length)
    drive = stretch_reflex(muscle, moved(length, 0.0), law.reflex)
    reciprocal_inhibition(drive, law.reflex, law.arms)
    return np.clip(drive, 0, 1)


@cache
def reachable(mode: str, age_months: float, label: str, sign: int) -> float:
    """Largest static torque of any one action over mass x gravity x length.

    In muscle mode, of all actions that pull the right way together.
    """
    build = sitting(mode, age_months)
    infant, n = build.infant, zero_action(build).size
    per_muscle = sign * active_torques(infant.muscles, build.start.angle_rad)[AXIS_INDEX[label]]
    actions = [(per_muscle > 0).astype(float)] if mode == "muscle" else [*np.eye(n), *-np.eye(n)]
    torque = max(float(per_muscle @ static_drive(build, action)) for action in actions)
    return torque / (infant.mass_kg * GRAVITY_M_S2 * infant.length_m)


@pytest.mark.parametrize("mode", ACTION_MODES)
@pytest.mark.parametrize(
    ("label", "sign"),
    [
        ("neck.flexion", 1),
        ("neck.flexion", -1),
        ("waist.flexion", 1),
        ("waist.flexion", -1),
        ("waist.abduction", 1),
        ("left_hip.flexion", 1),
        ("left_hip.flexion", -1),
        ("right_hip.abduction", -1),
    ],
)
def test_in_every_mode_strength_against_gravity_rises_with_age(
    mode: str, label: str, sign: int
) -> None:
    relative = [reachable(mode, age, label, sign) for age in AGES]
    assert relative[0] > 0
    assert (np.diff(relative) > 0).all()


@pytest.mark.parametrize("mode", ["posture", "synergy"])
def test_no_mode_reaches_beyond_the_muscles(mode: str) -> None:
    for label, sign in (("neck.flexion", -1), ("left_hip.flexion", -1)):
        limit = reachable("muscle", 7.0, label, sign)
        assert 0.2 * limit < reachable(mode, 7.0, label, sign) < limit * (1 + 1e-9)
