"""What reaches the controller: late by the nerves, noisy by the generator; and how it acts."""

import math
from collections.abc import Generator
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.env import posture_env
from dmi_sim.env.actions import ACTION_MODES
from dmi_sim.env.config import EnvBuild, EnvConfig
from dmi_sim.env.observations import OBSERVATIONS
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.env.sensing import SensoryPathway
from dmi_sim.errors import InputError
from dmi_sim.spec.exercise import CocontractionSpec
from tests.env.contexts import make_context
from tests.env.episodes import full, last_step, paths, play, quiet, zero_action


@pytest.fixture(scope="module")
def env() -> Generator[PostureEnv, None, None]:
    made = PostureEnv(EnvConfig("sitting"))
    yield made
    made.close()


@pytest.mark.parametrize("delay_s", [2 / 30, 4 / 30])
def test_senses_arrive_late_by_the_delay(monkeypatch: pytest.MonkeyPatch, delay_s: float) -> None:
    monkeypatch.setattr(posture_env, "build_env", quiet)
    now, late = (observations(d) for d in (0.0, delay_s))
    steps = round(30 * delay_s)
    assert late[steps:] == now[:-steps]
    assert late[:steps] == [now[0]] * steps


def observations(delay_s: float) -> list[list[float]]:
    """What a supported infant observes, its own actions aside, in twenty steps of fixed actions."""
    env = PostureEnv(EnvConfig("sitting", sensory_delay_s=delay_s, support="waist"))
    felt = [i for i, name in enumerate(env.observation_names) if not name.startswith("last_action")]
    first, *rest = play(env, 20)
    env.close()
    return [[numbers[i] for i in felt] for numbers in (first, *(step[0] for step in rest))]


DELAYED = [name for name in OBSERVATIONS if OBSERVATIONS[name].is_delayed]


@pytest.mark.parametrize("name", DELAYED)
@pytest.mark.parametrize("late", [0, 1, 7, 9])
def test_a_delayed_sense_tells_of_one_physics_step_and_of_nothing_after_it(
    monkeypatch: pytest.MonkeyPatch, name: str, late: int
) -> None:
    """Posture and contacts alike, wherever that step lies in its control step."""

    def with_one_sense(config: EnvConfig, catalog: Catalog | None = None) -> EnvBuild:
        build = quiet(config, catalog)
        return replace(build, spec=build.spec.model_copy(update={"observations": (name,)}))

    monkeypatch.setattr(posture_env, "build_env", with_one_sense)
    env = PostureEnv(EnvConfig("walking", support="pelvis", sensory_delay_s=late / 240))
    told = [env.reset(seed=1)[0].tolist()] * (late + 1)
    start = env.state

    def tell() -> None:
        now = make_context(env.world.observe(), contact_force=env.world.contact_force())
        now = replace(now, start=start, body_length_m=env.infant.length_m)
        told.append(OBSERVATIONS[name].compute(now).tolist())

    random = np.random.default_rng(1)
    with env.world.listening("senses", tell):
        for _ in range(6):
            action = random.uniform(-1, 1, len(env.action_names))
            felt = env.step(action.astype(np.float32))[0]
            assert felt == pytest.approx(np.clip(told[-1 - late], -5, 5), abs=1e-6)
    assert len({tuple(numbers) for numbers in told}) > 40
    env.close()


def test_joints_are_felt_before_the_head_tells_of_the_fall(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each joint has its own delay, gravity the central one, one's own actions have none."""
    monkeypatch.setattr(posture_env, "build_env", quiet)
    env = PostureEnv(EnvConfig("sitting_v0"))
    nervous, start = env.infant.nervous, env.reset(seed=1)[0]
    assert nervous.central_delay_s < min(nervous.proprioceptive_delay_s)
    waiting = math.floor(nervous.central_delay_s * env.build.spec.control_hz)
    felt = last_step(env, full(env), steps=waiting - 1)[0]
    is_action = np.array([name.startswith("last_action") for name in env.observation_names])
    assert felt[~is_action] == pytest.approx(start[~is_action])
    assert felt[is_action].max() > 0.3
    felt = last_step(env, full(env), steps=2)[0]
    assert (felt[~is_action] != start[~is_action]).sum() > 20
    env.close()


def test_the_joints_in_an_observation_are_as_late_as_their_nerves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(posture_env, "build_env", quiet)
    env = PostureEnv(EnvConfig("sitting", support="waist"))
    env.reset(seed=1)
    felt = last_step(env, full(env), steps=11)[0]
    angle, rate = env.world.proprioception()
    actuated, start = env.build.actuated, env.world.start.angle_rad
    k = actuated.size
    assert felt[:k] == pytest.approx((angle - start)[actuated] / 0.5, abs=1e-6)
    assert felt[k : 2 * k] == pytest.approx(rate[actuated] / 3.0, abs=1e-6)
    env.close()


def test_without_noise_only_the_start_pose_depends_on_the_seed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(posture_env, "build_env", quiet)
    env = PostureEnv(EnvConfig("sitting"))
    first, _ = env.reset(seed=1)
    env.step(zero_action(env))
    again, _ = env.reset(seed=1)
    assert (first == again).all()
    env.close()


def test_senses_are_noisy_by_what_the_infant_has(env: PostureEnv) -> None:
    """Of many first observations of one pose, the spread is the noise of each sense."""
    spec, k = env.build.spec, env.build.actuated.size
    rates_hz = (spec.physics_hz, spec.control_hz)
    spread = SensoryPathway(
        spec.observations, env.infant.nervous, rates_hz, k, len(env.action_names)
    ).noise_sd
    felt = np.array([env.reset(seed=seed)[0] for seed in range(300)])
    turning, own = (
        [i for i, name in enumerate(env.observation_names) if name.startswith(term)]
        for term in ("angular_velocities", "last_actions")
    )
    assert felt[:, turning].std(axis=0) == pytest.approx(spread[turning], rel=0.25)
    assert (felt[:, own] == 0).all()


@pytest.mark.parametrize("given", [1, 3])
@pytest.mark.parametrize("is_delayed", [True, False])
def test_an_observation_that_gives_other_numbers_than_it_says_is_refused(
    monkeypatch: pytest.MonkeyPatch, env: PostureEnv, given: int, is_delayed: bool
) -> None:
    """One number too: it would fill the place of two."""
    own = replace(
        OBSERVATIONS["com_velocity"], compute=lambda _: np.zeros(given), is_delayed=is_delayed
    )
    monkeypatch.setattr(OBSERVATIONS, "_items", {"own": own})
    senses = SensoryPathway(["own"], env.infant.nervous, (240, 30), 3, 2)
    with pytest.raises(
        InputError, match=rf"observation 'own': gives shape \({given},\), not \(2,\)"
    ):
        senses.begin(make_context())


def test_noise_comes_from_the_generator_of_the_environment(env: PostureEnv) -> None:
    ours, again, other = (play(env, 8, seed=seed) for seed in (5, 5, 6))
    assert ours == again
    assert ours[0] != other[0]
    env.reset(seed=5)
    before = env.np_random.bit_generator.state
    env.step(zero_action(env))
    assert env.np_random.bit_generator.state != before


def test_noise_in_the_muscles_moves_the_infant_and_not_only_its_senses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paths_m: list[list[list[float]]] = []
    for noise in (0.0, 0.3):
        monkeypatch.setattr(posture_env, "build_env", partial(quiet, noise=noise))
        noisy = PostureEnv(EnvConfig("sitting"))
        paths_m.append(paths(noisy, 20, {}))
        noisy.close()
    assert paths_m[0] != paths_m[1]


@pytest.mark.parametrize("mode", ACTION_MODES)
def test_a_zero_action_leaves_all_to_the_reflexes(
    monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    """The stretch reflex answers to gravity; in version 0 in posture mode alone."""
    monkeypatch.setattr(posture_env, "build_env", quiet)
    for name in ("sitting", "sitting_v0"):
        env = PostureEnv(EnvConfig(name, action_mode=mode))
        env.reset(seed=1)
        for _ in range(9):
            env.step(zero_action(env))
        assert (env.state.activation.max() > 0) == (name == "sitting" or mode == "posture")
        env.close()


@pytest.mark.parametrize("mode", ACTION_MODES)
def test_every_mode_has_its_actions_and_plays_to_the_end(mode: str) -> None:
    env = PostureEnv(EnvConfig("sitting", action_mode=mode))
    expected = env.infant.muscles.names if mode == "muscle" else tuple(env.build.spec.synergies)
    assert env.action_names == expected
    assert env.action_space.shape == (len(expected),)
    env.reset(seed=2)
    observation, *_, info = last_step(env, full(env))
    assert env.observation_space.contains(observation)
    assert not info["physics_fault"]
    env.close()


def test_an_exercise_may_ask_for_cocontraction(monkeypatch: pytest.MonkeyPatch) -> None:
    stiff = {"stiff_trunk": CocontractionSpec(range=0.1, regions=("trunk",))}

    def cocontracting(config: EnvConfig, catalog: Catalog | None = None) -> EnvBuild:
        build = quiet(config, catalog)
        return replace(build, spec=build.spec.model_copy(update={"cocontractions": stiff}))

    monkeypatch.setattr(posture_env, "build_env", cocontracting)
    env = PostureEnv(EnvConfig("sitting_v0"))
    assert env.action_names[-1] == "stiff_trunk"
    assert env.observation_names[-1] == f"last_actions[{2 * len(env.action_names) - 1}]"
    in_trunk = np.array([part == "trunk" for part in env.infant.muscles.regions])
    cocontraction: list[float] = []
    for size in (0.0, 1.0):
        env.reset(seed=1)
        action = zero_action(env)
        action[-1] = size
        for _ in range(6):
            env.step(action)
        cocontraction.append(float(env.state.activation[in_trunk].mean()))
    assert cocontraction[1] > cocontraction[0] + 0.05
    env.close()
