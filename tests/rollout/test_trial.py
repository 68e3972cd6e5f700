"""Trials of an exercise, as many as its median needs."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.env.config import EnvConfig
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.rollout import trial
from dmi_sim.rollout.controllers import SILENT_MUSCLES
from dmi_sim.rollout.trial import TrialResult, completions, run_trial
from dmi_sim.spec.exercise import ExerciseSpec
from tests.assessments.sitters import upright
from tests.leaning import HOLD_STEPS, LIMIT_STEPS, Leaning, balance, pusher

SEED = 2**31
ALONE = {"support": "none"}


@pytest.fixture(scope="module")
def env() -> Iterator[PostureEnv]:
    env = PostureEnv(EnvConfig("sitting"))
    yield env
    env.close()


def test_a_limp_infant_falls_early_and_a_sitter_completes_the_exercise(env: PostureEnv) -> None:
    limp = run_trial(env, None, SEED, {**ALONE, **SILENT_MUSCLES})
    assert limp.completion < 0.15
    assert not limp.is_success
    assert run_trial(env, upright(env), SEED, ALONE) == TrialResult(
        1.0, is_success=True, fell=False
    )


def test_a_fall_ends_a_trial_with_what_was_done_before_it() -> None:
    pushed_over = run_trial(Leaning(), pusher(9, 9), seed=1)
    assert 0 < pushed_over.completion < 1
    assert not pushed_over.is_success
    assert pushed_over.fell


def test_a_trial_is_over_once_the_exercise_is_completed() -> None:
    env = Leaning()
    assert run_trial(env, balance(), seed=1) == TrialResult(1.0, is_success=True, fell=False)
    assert env.state.time_s == HOLD_STEPS / 20 < LIMIT_STEPS / 20


def test_an_infant_whose_exercise_is_done_at_once_takes_one_step(tmp_path: Path) -> None:
    shipped = Catalog.shipped()
    text = shipped.path(ExerciseSpec, "rolling_v0").read_text(encoding="utf-8")
    (tmp_path / "envs").mkdir()
    anyhow = re.sub(r"within_rad: [0-9.]+", "within_rad: 3.2", text)
    (tmp_path / "envs/rolling_v0.yaml").write_text(anyhow, encoding="utf-8")
    env = PostureEnv(EnvConfig("rolling_v0"), catalog=Catalog(tmp_path, *shipped.roots))
    assert run_trial(env, None, SEED, ALONE).is_success
    assert env.state.time_s == pytest.approx(1 / env.build.spec.control_hz)
    env.close()


def test_trials_stop_when_the_median_is_certain(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {1: 0.5, 2: 1.0, 3: 1.0, 4: 1.0, 5: 0.2}

    def known(_env: object, _controller: object, seed: int, _options: object) -> TrialResult:
        return TrialResult(given[seed], is_success=False, fell=False)

    monkeypatch.setattr(trial, "run_trial", known)
    played = completions(Leaning(), None, list(given), {})
    assert played == (0.5, 1.0, 1.0, 1.0)
    assert np.median(played) == np.median(list(given.values()))
    assert completions(Leaning(), None, [1, 2, 5], {}) == (0.5, 1.0, 0.2)
