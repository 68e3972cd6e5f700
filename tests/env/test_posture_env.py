"""The environment: the contract of Gymnasium, faults, ends."""

import json
import pickle
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.error import ResetNeeded

import dmi_sim
from dmi_sim.catalog import Catalog
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import OBSERVATION_LIMIT, PostureEnv
from dmi_sim.errors import InputError
from dmi_sim.nervous.motor_command import MotorCommand
from dmi_sim.physics.platform import PlatformKeyframe, PlatformMotion
from dmi_sim.physics.push import horizontal_push
from dmi_sim.physics.state import State
from dmi_sim.spec.exercise import ExerciseSpec
from tests.env.episodes import Step, full, last_step, paths, play, zero_action
from tests.physics.bullet_access import corrupt


def first_push_s(env: PostureEnv) -> float:
    pushes = env.build.spec.pushes
    assert pushes
    return pushes.first_s


@pytest.fixture(scope="module")
def env() -> Generator[PostureEnv, None, None]:
    made = PostureEnv(EnvConfig("sitting"))
    yield made
    made.close()


def test_an_infant_is_as_old_as_its_exercise_asks_unless_told() -> None:
    for name, months in (("standing", 12), ("sitting", 7)):
        made = PostureEnv(EnvConfig(name))
        assert made.infant.config.age_months == months
        made.close()
    assert PostureEnv(EnvConfig("standing", age_months=15)).infant.config.age_months == 15


def test_without_a_choice_the_support_is_the_most_distal_one() -> None:
    for name, site in (("sitting", "none"), ("pull_to_sit", "forearms")):
        made = PostureEnv(EnvConfig(name))
        assert made.build.support(None, 1.0) is made.build.support(site, 1.0)


def test_pushes_that_an_exercise_does_not_have_are_refused() -> None:
    with pytest.raises(InputError, match="pushes"):
        PostureEnv(EnvConfig("rolling", pushes=True))
    made = PostureEnv(EnvConfig("rolling"))
    with pytest.raises(InputError, match="pushes"):
        made.reset(options={"pushes": True})


def test_silent_muscles_do_nothing_whatever_the_policy_wants(env: PostureEnv) -> None:
    env.reset(seed=1, options={"silent_muscles": True})
    env.step(full(env))
    assert env.state.activation.max() == 0
    env.reset(seed=1)
    env.step(full(env))
    assert env.state.activation.max() > 0.2


def test_pushes_of_ones_own_replace_the_drawn_ones(env: PostureEnv) -> None:
    push = horizontal_push(3, 0.0, 0.2, 1.0, 0.0)
    env.reset(seed=1, options={"push_schedule": (push,)})
    env.step(zero_action(env))
    assert env.state.push_force_world.tolist() == pytest.approx([5.0, 0.0, 0.0])


def test_what_an_infant_does_of_its_own_accord_comes_on_top(env: PostureEnv) -> None:
    seen: list[float] = []

    def tense(state: State, command: MotorCommand) -> MotorCommand:
        seen.append(state.time_s)
        return replace(command, excitation=command.excitation + 1.0)

    env.reset(seed=1, options={"voluntary": tense})
    for _ in range(3):
        env.step(zero_action(env))
    assert seen == pytest.approx([0, 1 / 30, 2 / 30])
    assert env.state.activation.min() > 0.4


def test_a_platform_moves_as_told_where_there_is_one() -> None:
    made = PostureEnv(EnvConfig("sitting", on_platform=True))
    platform_motion = PlatformMotion((PlatformKeyframe(0.5, (0.05, 0.0)),))
    made.reset(seed=1, options={"platform_motion": platform_motion})
    for _ in range(15):
        made.step(zero_action(made))
    assert made.state.platform == pytest.approx([0.05, 0, 0, 0], abs=1e-6)
    made.close()


def test_a_motion_without_a_platform_is_refused(env: PostureEnv) -> None:
    with pytest.raises(InputError, match="platform"):
        env.reset(
            options={"platform_motion": PlatformMotion((PlatformKeyframe(0.5, (0.05, 0.0)),))}
        )


def test_an_exercise_on_a_platform_moves_it_by_itself() -> None:
    made = PostureEnv(EnvConfig("sitting_tilt"))
    for seed in (1, 2):
        made.reset(seed=seed, options={"support": "head"})
        for _ in range(45):
            made.step(zero_action(made))
        assert np.abs(made.state.platform).max() > 0.01
    made.close()


def test_a_pickled_environment_plays_the_same_episode(env: PostureEnv) -> None:
    env.reset(seed=1)
    copy = pickle.loads(pickle.dumps(env))
    assert copy.build.config == env.build.config
    assert play(copy, 15) == play(env, 15)
    copy.close()


def test_the_seed_decides_the_episode(env: PostureEnv) -> None:
    ours, again, other = play(env, 15, seed=1), play(env, 15, seed=1), play(env, 15, seed=2)
    assert ours == again
    assert ours[0] != other[0]


def test_without_a_seed_the_next_episode_is_another(env: PostureEnv) -> None:
    first, _ = env.reset(seed=1)
    second, _ = env.reset()
    assert (first != second).any()


def test_with_and_without_pushes_a_seed_starts_alike(env: PostureEnv) -> None:
    starts = [env.reset(seed=4, options={"pushes": on})[0].tolist() for on in (True, False)]
    assert starts[0] == starts[1]


def test_pushes_change_the_episode_from_the_first_push_on(env: PostureEnv) -> None:
    calm, pushed = (paths(env, 60, {"support": "lower_ribs", "pushes": on}) for on in (False, True))
    first = round(first_push_s(env) * env.build.spec.control_hz)
    assert calm[:first] == pushed[:first]
    assert calm[first + 1 :] != pushed[first + 1 :]


def test_options_win_for_one_episode_only(env: PostureEnv) -> None:
    _, info = env.reset(seed=0, options={"support": "axillae", "support_strength": 0.5})
    assert env.state.support_pos_world.shape == (1, 3)
    env.reset(seed=0)
    assert env.state.support_pos_world.shape == (0, 3)
    env.reset(seed=0, options={"pushes": True})
    assert env.is_pushed
    env.reset(seed=0)
    assert not env.is_pushed
    assert info["support_force_n"] == 0.0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"suport": "pelvis"}, "options: no 'suport'; did you mean 'support'"),
        ({"support": "pelvs"}, "support: no 'pelvs'.*did you mean 'pelvis'"),
        ({"support_strength": -1.0}, "support_strength: -1.0 is outside 0 to 1"),
        ({"support_strength": "strong"}, "support_strength: .*strong"),
    ],
)
def test_a_wrong_option_names_the_right_one(
    env: PostureEnv, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        env.reset(options=options)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_an_action_that_is_no_number_is_refused_and_harms_nothing(
    env: PostureEnv, value: float
) -> None:
    env.reset(seed=1)
    bad = zero_action(env)
    bad[2] = value
    with pytest.raises(InputError, match="action: not all values are finite"):
        env.step(bad)
    _, _, _, truncated, info = env.step(zero_action(env))
    assert not truncated
    assert info["physics_fault"] is False


def test_an_action_of_another_shape_is_refused(env: PostureEnv) -> None:
    env.reset(seed=1)
    with pytest.raises(InputError, match=r"action: shape \(3,\), not \(33,\)"):
        env.step(np.zeros(3, np.float32))


def test_an_action_stays_as_its_owner_made_it(env: PostureEnv) -> None:
    env.reset(seed=1)
    action = np.full(env.action_space.shape or (), 7.0)
    env.step(action)  # pyright: ignore[reportArgumentType] a wrapper may give doubles
    moved = env.context.action.copy()
    action[:] = 0.0
    assert (env.context.action == moved).all()
    assert (moved > 0.0).all()


def test_an_action_beyond_its_bounds_counts_as_the_bound(env: PostureEnv) -> None:
    ends: list[list[float]] = []
    for size in (1.0, 7.0):
        env.reset(seed=1)
        ends.append(last_step(env, full(env, size), steps=5)[0].tolist())
    assert ends[0] == ends[1]


def test_info_of_one_step_does_not_change_at_the_next(env: PostureEnv) -> None:
    env.reset(seed=1)
    _, _, _, _, info = env.step(zero_action(env))
    before = info["com_m"].copy()
    info["com_m"] += 9.0
    _, _, _, _, again = env.step(zero_action(env))
    assert np.abs(again["com_m"] - before).max() < 0.1


def test_observations_are_float32_within_their_bounds_to_the_fall(env: PostureEnv) -> None:
    observation, _ = env.reset(seed=1)
    is_over = False
    while not is_over:
        assert observation.dtype == np.float32
        assert env.observation_space.contains(observation)
        observation, _, terminated, truncated, _ = env.step(full(env))
        is_over = terminated or truncated
    assert np.abs(observation).max() <= OBSERVATION_LIMIT


def test_the_layout_names_every_number(env: PostureEnv) -> None:
    assert (len(env.observation_names),) == env.observation_space.shape
    assert len(set(env.observation_names)) == len(env.observation_names)


def test_the_reward_is_the_sum_of_its_terms(env: PostureEnv) -> None:
    env.reset(seed=1)
    for _ in range(10):
        assert_sums(env.step(zero_action(env)))
    end = last_step(env, zero_action(env))
    assert_sums(end)
    assert end[2]
    assert end[4]["reward/fall"] == env.build.spec.on_fall["fall"].weight


def assert_sums(step: Step) -> None:
    terms = [value for key, value in step[4].items() if key.startswith("reward/")]
    assert step[1] == pytest.approx(sum(terms))


def test_weights_count_per_second(env: PostureEnv) -> None:
    env.reset(seed=1)
    _, _, _, _, info = env.step(zero_action(env))
    spec = env.build.spec
    highest = spec.rewards["trunk_upright"].weight / spec.control_hz
    assert 0.9 * highest < info["reward/trunk_upright"] <= highest


def test_an_infant_that_does_nothing_falls_which_ends_the_episode(env: PostureEnv) -> None:
    times: list[float] = []
    for seed in range(10):
        env.reset(seed=seed)
        _, _, terminated, truncated, info = last_step(env, zero_action(env))
        assert (terminated, truncated, info["is_success"]) == (True, False, False)
        times.append(env.state.time_s)
    assert min(times) >= 0.5
    assert max(times) <= 2.0


def test_who_is_up_when_the_time_is_over_has_succeeded() -> None:
    """In version 0, where to be up is enough."""
    env = PostureEnv(EnvConfig("sitting_v0"))
    env.reset(seed=1, options={"support": "axillae"})
    ends: list[tuple[bool, bool, bool]] = []
    for _ in range(round(env.build.spec.duration_s * env.build.spec.control_hz)):
        _, _, terminated, truncated, info = env.step(zero_action(env))
        ends.append((terminated, truncated, info["is_success"]))
    assert set(ends[:-1]) == {(False, False, False)}
    assert ends[-1] == (False, True, True)
    env.close()


def test_a_physics_fault_cuts_the_episode_and_the_next_is_as_good_as_new(env: PostureEnv) -> None:
    env.reset(seed=1, options={"support": "pelvis"})
    env.step(zero_action(env))
    corrupt(env.world)
    observation, reward, terminated, truncated, info = env.step(zero_action(env))
    assert (reward, terminated, truncated) == (0.0, False, True)
    assert info["physics_fault"] is True
    assert info["is_success"] is False
    assert env.observation_space.contains(observation)
    fresh = PostureEnv(EnvConfig("sitting"))
    assert play(env, 20) == play(fresh, 20)
    fresh.close()


def test_severity_zero_of_any_condition_is_a_typical_infant(env: PostureEnv) -> None:
    reference = play(env, 15)
    for condition in dmi_sim.conditions():
        other = PostureEnv(EnvConfig("sitting", condition=condition, severity=0.0))
        assert play(other, 15) == reference
        other.close()


def test_pictures_are_taken_only_when_asked_for(env: PostureEnv) -> None:
    env.reset(seed=1)
    assert env.render() is None
    seen = PostureEnv(EnvConfig("sitting"), render_mode="rgb_array")
    seen.reset(seed=1)
    picture = seen.render()
    assert picture is not None
    assert picture.dtype == np.uint8
    assert picture.std() > 10
    seen.close()


def test_after_a_fall_and_after_the_time_is_up_a_reset_is_needed(env: PostureEnv) -> None:
    for support in ("none", "axillae"):
        env.reset(seed=1, options={"support": support})
        last_step(env, zero_action(env))
        with pytest.raises(ResetNeeded, match="the episode is over"):
            env.step(zero_action(env))


def test_who_asks_for_it_may_watch_an_infant_after_its_fall(env: PostureEnv) -> None:
    env.reset(seed=1, options={"steps_after_end": True})
    fell_at_s = last_step(env, zero_action(env)) and env.state.time_s
    env.step(zero_action(env))
    assert env.state.time_s > fell_at_s


def test_completion_is_told_at_every_step(env: PostureEnv) -> None:
    _, info = env.reset(seed=1, options={"support": "axillae"})
    told = [info["completion"]]
    for _ in range(30):
        told.append(env.step(zero_action(env))[4]["completion"])
        assert told[-1] == env.completion
    assert told[0] == pytest.approx(0.0, abs=1e-6)
    assert told[-1] == pytest.approx(0.1, abs=1e-6)  # one second of ten
    assert told == sorted(told)


@pytest.fixture
def own_files(tmp_path: Path) -> Catalog:
    """A researcher's own sitting exercise, two seconds long, before the shipped files."""
    shipped = Catalog.shipped()
    short = {"duration_s": 2.0, "success": {"criterion": "no_fall", "hold_s": 1}}
    spec = shipped.load(ExerciseSpec, "sitting").model_dump(mode="json")
    path = tmp_path / "envs/sitting.yaml"
    path.parent.mkdir()
    path.write_text(json.dumps({**spec, **short}))
    return Catalog(tmp_path, *shipped.roots)


def test_files_are_read_from_the_catalog_that_is_given(own_files: Catalog) -> None:
    for made in (
        PostureEnv(EnvConfig("sitting"), catalog=own_files),
        gym.make("DMI/Sitting-v1", catalog=own_files).unwrapped,
    ):
        assert isinstance(made, PostureEnv)
        assert made.build.spec.duration_s == 2.0
        copy = pickle.loads(pickle.dumps(made))
        assert copy.build.spec == made.build.spec
        copy.close()
        made.close()
    assert PostureEnv(EnvConfig("sitting")).build.spec.duration_s > 2.0
