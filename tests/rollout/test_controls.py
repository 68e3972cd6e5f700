"""Controls: they are drawn anew for each trial, do not learn, and show whose success it was."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import numpy as np
import pytest

from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.rollout.controllers import Action, Controller
from dmi_sim.rollout.controls import (
    CONTROLS,
    HELD_S,
    ControlName,
    control_of,
    control_trials,
    credited,
)
from dmi_sim.rollout.episode import episode
from dmi_sim.rollout.seeds import FIRST_EVALUATION_SEED

SEED = FIRST_EVALUATION_SEED
DRAWN: tuple[ControlName, ...] = ("constant", "random", "random_held")


@pytest.fixture(scope="module")
def env() -> Iterator[PostureEnv]:
    env = PostureEnv(EnvConfig("sitting"))
    yield env
    env.close()


def acting(env: PostureEnv, name: ControlName, seed: int) -> Controller:
    controller, _ = control_of(name, env, seed)
    assert controller is not None
    return controller


def actions(env: PostureEnv, name: ControlName, seed: int = SEED, steps: int = 60) -> list[Action]:
    controller, state = acting(env, name, seed), None
    observation = np.zeros(env.observation_space.shape or (), np.float32)
    out = []
    for _ in range(steps):
        action, state = controller.predict(observation, state)
        out.append(action)
    return out


def test_a_constant_action_never_changes_and_a_random_one_always_does(env: PostureEnv) -> None:
    assert len({one.tobytes() for one in actions(env, "constant")}) == 1
    assert len({one.tobytes() for one in actions(env, "random")}) == 60


def test_a_held_action_changes_every_half_second(env: PostureEnv) -> None:
    held = [one.tobytes() for one in actions(env, "random_held")]
    changes = [step for step in range(1, 60) if held[step] != held[step - 1]]
    assert changes == list(range(15, 60, round(30 * HELD_S)))


@pytest.mark.parametrize("name", DRAWN)
def test_actions_are_uniform_in_the_action_space_and_drawn_for_each_trial(
    env: PostureEnv, name: ControlName
) -> None:
    drawn = np.array([actions(env, name, SEED + trial, steps=1)[0] for trial in range(200)])
    assert env.action_space.contains(drawn[0])
    assert np.quantile(drawn, [0.25, 0.75]) == pytest.approx([-0.5, 0.5], abs=0.06)
    assert actions(env, name)[0].tolist() == actions(env, name)[0].tolist()


def test_controls_do_not_share_their_actions(env: PostureEnv) -> None:
    assert len({actions(env, name)[0].tobytes() for name in DRAWN}) == len(DRAWN)


@pytest.mark.parametrize("name", CONTROLS)
def test_a_control_plays_an_episode(env: PostureEnv, name: ControlName) -> None:
    controller, options = control_of(name, env, SEED)
    *_, last = episode(env, controller, SEED, options)
    assert last.fell


def test_who_knows_nothing_falls_and_the_same_trials_give_the_same(env: PostureEnv) -> None:
    silent = control_trials(env, "silent_muscles", 3, {"support": "none"})
    reflexes = control_trials(env, "zero_action", 3, {"support": "none"})
    assert silent.successes == reflexes.successes == 0
    assert max(silent.completion) < min(reflexes.completion)
    assert control_trials(env, "zero_action", 3, {"support": "none"}) == reflexes


@pytest.mark.parametrize(
    ("support", "wanted"), [("none", ("child", "nobody")), ("axillae", ("hands", "nobody"))]
)
def test_success_is_the_hands_where_a_body_that_does_nothing_succeeds_in_them(
    support: str, wanted: tuple[str, str]
) -> None:
    """In version 0, where a trunk that hangs in hands counted as sitting."""
    with closing(PostureEnv(EnvConfig("sitting_v0"))) as hanging:
        found = credited(hanging, {SEED: True, SEED + 1: False}, {"support": support})
    assert tuple(found.values()) == wanted


def test_hands_too_weak_to_hold_are_credited_with_nothing(env: PostureEnv) -> None:
    options: dict[str, Any] = {"support": "axillae", "support_strength": 0.01}
    assert credited(env, {SEED: True}, options) == {SEED: "child"}
