"""The contract of environments with players of episodes: real infants and their doubles.

Tests elsewhere use a double where physics does not matter; here it is held to what an infant does.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import numpy as np
import pytest
from gymnasium.spaces import Box

import dmi_sim
from dmi_sim.anatomy import UPPER_THORAX
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.env.task import build_task
from dmi_sim.errors import InputError
from dmi_sim.names import INFANT_ID, environment_id, exercises
from dmi_sim.physics.push import horizontal_push
from dmi_sim.physics.state import State
from dmi_sim.render.captions import ending
from dmi_sim.rollout.controllers import SILENT_MUSCLES, Controller
from dmi_sim.rollout.environment import Env, control_hz
from dmi_sim.rollout.episode import Step, episode
from dmi_sim.rollout.recorder import record_episode
from dmi_sim.rollout.seeds import evaluation_seeds
from dmi_sim.rollout.trial import run_trial
from dmi_sim.training.library import open_bundle, policy_name, shipped_folder
from tests.leaning import LIMIT_STEPS, Leaning, balance
from tests.physics.bullet_access import corrupt

TRIES = 10
SEED = evaluation_seeds(1)[0]
DOUBLES = {"Leaning": Leaning}
INFO = {
    "is_success": bool,
    "completion": float,
    "physics_fault": bool,
    "support_force_n": float,
    "support_share": float,
    "head_height_m": float,
    "com_m": np.ndarray,
    "upright_rad": float,
}
"""Keys of ``info`` and what they hold; beside them there is one for each reward term."""


@dataclass(frozen=True)
class ContractCase:
    """An environment, what succeeds in it, and how it is known from outside that it fell."""

    env: Env
    controller: Controller
    limp: dict[str, Any]
    limit_steps: int
    has_fallen: Callable[[], bool]

    @property
    def inner(self) -> Any:
        return self.env.unwrapped

    def success(self) -> "Played":
        """The first of a few episodes that succeeds without a fall."""
        played = (self.play(self.controller, seed) for seed in evaluation_seeds(TRIES))
        return next(one for one in played if one.last.step.info["is_success"] and one.stands)

    def play(self, controller: Controller | None, seed: int, **options: Any) -> "Played":
        steps = episode(self.env, controller, seed, options)
        return Played(
            tuple(Seen(step, self.has_fallen(), step.info["completion"]) for step in steps), seed
        )


@dataclass(frozen=True)
class Seen:
    """A step, and what was true of the environment then."""

    step: Step
    has_fallen: bool
    completion: float


@dataclass(frozen=True)
class Played:
    """An episode from the reset to its end."""

    steps: tuple[Seen, ...]
    seed: int

    @property
    def last(self) -> Seen:
        return self.steps[-1]

    @property
    def stands(self) -> bool:
        return not any(one.has_fallen for one in self.steps)


def real(exercise: str) -> Iterator[ContractCase]:
    """An infant of ours, with the shipped policy of its exercise."""
    with open_bundle(shipped_folder() / policy_name(exercise, 0)) as (env, policy):
        inner = env.unwrapped
        assert isinstance(inner, PostureEnv)
        spec = inner.build.spec
        limit = round(spec.duration_s * spec.control_hz)

        def fell() -> bool:
            return build_task(spec).has_fallen(inner.context)

        yield ContractCase(env, policy, dict(SILENT_MUSCLES), limit, fell)


def double(name: str) -> Iterator[ContractCase]:
    """A test double, and what makes it fall."""
    env = DOUBLES[name]()
    limp = {"push_rad": 0.5}
    yield ContractCase(env, balance(), limp, LIMIT_STEPS, lambda: env.state.upright_rad > 1)


@pytest.fixture(scope="module", params=[*DOUBLES, *exercises()])
def case(request: pytest.FixtureRequest) -> Iterator[ContractCase]:
    yield from double(request.param) if request.param in DOUBLES else real(request.param)


@pytest.fixture(scope="module")
def success(case: ContractCase) -> Played:
    return case.success()


@pytest.fixture(scope="module")
def limp(case: ContractCase) -> Played:
    return case.play(None, 1, **case.limp)


def test_every_environment_is_held_to_the_contract() -> None:
    assert {*map(environment_id, exercises()), INFANT_ID} == set(dmi_sim.environments())


def test_a_fall_terminates_an_episode_and_nothing_else_does(success: Played, limp: Played) -> None:
    for one in (*success.steps, *limp.steps):
        assert one.step.terminated == one.has_fallen


def test_success_ends_no_episode(case: ContractCase, success: Played) -> None:
    assert len(success.steps) == 1 + case.limit_steps
    before = list(takewhile(lambda one: not one.step.info["is_success"], success.steps))
    after = success.steps[len(before) :]
    assert all(one.step.info["is_success"] and not one.step.terminated for one in after)


def test_a_recording_tells_success_and_fall_as_the_environment_does(case: ContractCase) -> None:
    for controller, seed, options in ((case.controller, SEED, {}), (None, 1, case.limp)):
        seen = case.play(controller, seed, **options)
        end, told = record_episode(case.env, controller, seed, options).recording, seen.last.step
        assert (end.fell, end.is_success) == (told.terminated, told.info["is_success"])
        assert (end.fell, end.completion) == (not seen.stands, seen.last.completion)
        trial = run_trial(case.env, controller, seed, options)
        assert trial.is_success or trial.fell == end.fell


def test_an_infant_that_succeeds_and_is_then_knocked_over_did_both(
    case: ContractCase, success: Played
) -> None:
    """Only where an exercise can be completed before its end, and an infant can fall."""
    inner = case.inner
    if not isinstance(inner, PostureEnv) or not inner.build.spec.terminations:
        pytest.skip("nobody can fall in it")
    done = sum(not one.step.info["is_success"] for one in success.steps)
    if done == case.limit_steps:
        pytest.skip("it is completed at its very end")
    at_s, impulse_n_s = (done + 1) / inner.build.spec.control_hz, 3 * inner.infant.mass_kg
    blows = (horizontal_push(UPPER_THORAX, at_s + k / 4, 0.2, impulse_n_s, k) for k in range(8))
    knocked = {"push_schedule": tuple(blows)}
    end = record_episode(case.env, case.controller, success.seed, knocked).recording
    assert end.fell
    assert end.is_success
    assert end.completion == 1.0
    assert ending(end) == "succeeded, then fell"


def test_an_episode_is_cut_at_its_time_limit_and_not_before(
    case: ContractCase, success: Played, limp: Played
) -> None:
    for played in (success, limp):
        for number, one in enumerate(played.steps):
            is_last = number == case.limit_steps
            assert one.step.truncated == (is_last and not one.has_fallen)


def spoil(env: Any) -> None:
    """Let the physics of an environment go wrong in its next step."""
    if isinstance(env, Leaning):
        env.corrupt()
    else:
        corrupt(env.world)


def test_a_fault_of_the_physics_cuts_an_episode_and_is_cured_by_a_reset(case: ContractCase) -> None:
    case.env.reset(seed=1)
    spoil(case.inner)
    _, reward, terminated, truncated, info = case.env.step(zero(case))
    assert (reward, terminated, truncated) == (0.0, False, True)
    assert info["physics_fault"]
    assert not info["is_success"]
    assert not case.env.reset(seed=1)[1]["physics_fault"]


def test_info_has_the_same_keys_and_types_at_the_reset_and_at_every_step(
    success: Played, limp: Played
) -> None:
    keys = success.steps[0].step.info.keys()
    assert keys >= INFO.keys()
    for one in (*success.steps, *limp.steps):
        info = one.step.info
        assert info.keys() == keys
        assert all(isinstance(info[name], kind) for name, kind in INFO.items())
        assert info["com_m"].shape == (3,)
        terms = [value for name, value in info.items() if name.startswith("reward/")]
        assert terms
        assert sum(terms) == pytest.approx(one.step.reward)


def test_ends_are_truth_values_and_rewards_numbers(limp: Played) -> None:
    for step in (one.step for one in limp.steps):
        assert isinstance(step.terminated, bool)
        assert isinstance(step.truncated, bool)
        assert isinstance(step.reward, float)


def test_completion_grows_to_success(success: Played, limp: Played) -> None:
    for played in (success, limp):
        shares = [one.completion for one in played.steps]
        assert shares == sorted(shares)
        assert all(0.0 <= share <= 1.0 for share in shares)
        for one in played.steps:
            assert isinstance(one.completion, float)
            assert one.step.info["is_success"] == (one.completion >= 1.0)


def test_info_agrees_with_the_state(case: ContractCase) -> None:
    for step in episode(case.env, None, 2):
        state = case.inner.state
        assert isinstance(state, State)
        for name in INFO.keys() - {"is_success", "completion", "physics_fault"}:
            assert np.array_equal(step.info[name], getattr(state, name))


def test_a_recorder_finds_what_it_records(case: ContractCase) -> None:
    hz, inner = control_hz(case.env), case.inner
    for number, _ in enumerate(episode(case.env, None, 3)):
        state = inner.state
        assert state.time_s == pytest.approx(number / hz)
        assert state.segment_pos_world.shape == (15, 3)
        assert state.activation.shape == (len(inner.infant.muscles.names),)
        centre_m, load_n = inner.world.pressure()
        assert centre_m.shape == (3,)
        assert isinstance(load_n, float)
        assert inner.world.contact_force().shape == (15,)
    assert len(inner.infant.ordered_segments) == 15
    for segment in inner.infant.ordered_segments:
        assert all(len(sphere.centre_m) == 3 for sphere in segment.spheres)


def test_every_number_of_observation_and_action_has_a_name(case: ContractCase) -> None:
    observation, action = case.env.observation_space, case.env.action_space
    assert isinstance(observation, Box)
    assert isinstance(action, Box)
    assert observation.shape == (len(case.inner.observation_names),)
    assert action.shape == (len(case.inner.action_names),)
    assert observation.dtype == action.dtype == np.float32
    assert case.env.reset(seed=0)[0] in observation
    assert case.env.step(zero(case))[0] in observation


def test_the_same_seed_starts_the_same_episode_whatever_came_before(case: ContractCase) -> None:
    first, other, again = (case.env.reset(seed=seed)[0] for seed in (4, 5, 4))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_an_unknown_option_is_refused(case: ContractCase) -> None:
    with pytest.raises(InputError, match="no 'suport'"):
        case.env.reset(options={"suport": "none"})


def zero(case: ContractCase) -> np.ndarray:
    return np.zeros(case.env.action_space.shape or (), np.float32)
