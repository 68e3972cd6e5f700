"""Attempts at an exercise, and when enough of them were seen."""

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

import dmi_sim.rollout.random_actions as random_actions_module
from dmi_sim.catalog import Catalog
from dmi_sim.env import posture_env
from dmi_sim.env.config import EnvBuild, EnvConfig, build_env
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.rollout.random_actions import (
    RANDOM_HELD_S,
    RandomActions,
    random_actions,
    shares_done,
)
from dmi_sim.rollout.trial import TrialResult, attempt
from tests.assessments.sitters import upright

SEED = 2**31
ALONE = {"support": "none"}


@pytest.fixture(scope="module")
def env() -> Iterator[PostureEnv]:
    env = PostureEnv(EnvConfig("sitting"))
    yield env
    env.close()


def test_a_limp_infant_falls_early_and_a_sitter_completes_the_exercise(env: PostureEnv) -> None:
    limp = attempt(env, None, SEED, {**ALONE, "silent_muscles": True})
    assert limp.completion < 0.15
    assert not limp.is_success
    assert attempt(env, upright(env), SEED, ALONE) == TrialResult(1.0, is_success=True)


def test_an_attempt_is_over_once_the_exercise_is_completed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def done_at_once(config: EnvConfig, catalog: Catalog | None = None) -> EnvBuild:
        build = build_env(config, catalog)
        success = build.spec.success.model_copy(update={"params": {"within_rad": math.pi}})
        return replace(build, spec=build.spec.model_copy(update={"success": success}))

    monkeypatch.setattr(posture_env, "build_env", done_at_once)
    env = PostureEnv(EnvConfig("rolling"))
    assert attempt(env, None, SEED, ALONE).is_success
    assert env.state.time_s == pytest.approx(1 / env.build.spec.control_hz)
    env.close()


def test_attempts_stop_when_the_median_is_certain(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {1: 0.5, 2: 1.0, 3: 1.0, 4: 1.0, 5: 0.2}

    def known(_env: object, _policy: object, seed: int, _options: object) -> TrialResult:
        return TrialResult(given[seed], is_success=False)

    monkeypatch.setattr(random_actions_module, "attempt", known)
    nowhere: PostureEnv = None  # type: ignore[assignment]
    played = shares_done(nowhere, None, list(given), {})
    assert played == (0.5, 1.0, 1.0, 1.0)
    assert np.median(played) == np.median(list(given.values()))
    assert shares_done(nowhere, None, [1, 2, 5], {}) == (0.5, 1.0, 0.2)


def test_random_actions_are_held_and_differ_by_seed_only(env: PostureEnv) -> None:
    def drawn(policy: RandomActions, steps: int) -> np.ndarray:
        return np.array([policy.predict(np.zeros(1, np.float32)) for _ in range(steps)])

    held = round(RANDOM_HELD_S * env.build.spec.control_hz)
    first = drawn(random_actions(env, 1), 3 * held)
    assert (np.ptp(first[:held], axis=0) == 0).all()
    assert (np.abs(np.diff(first[::held], axis=0)) > 0).all()
    assert np.abs(first).max() <= 1
    assert np.array_equal(first, drawn(random_actions(env, 1), 3 * held))
    assert not np.array_equal(first, drawn(random_actions(env, 2), 3 * held))
