"""The time to learn to sit: who sits, and when training ends."""

from collections.abc import Iterator
from types import SimpleNamespace

import gymnasium as gym
import pytest

from dmi_sim.benchmark import training
from dmi_sim.benchmark.training import learning_time, sits
from dmi_sim.rollout.environment import make_environment
from dmi_sim.spec.training import TrainingSpec


def test_an_infant_with_reflexes_only_does_not_sit() -> None:
    env = make_environment("DMI/Sitting-v1", {})
    assert not sits(None, env)
    env.close()


def test_an_infant_must_sit_on_eight_of_ten_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    def outcomes(failures: int) -> Iterator[SimpleNamespace]:
        yield from (SimpleNamespace(is_success=seed >= failures) for seed in range(10))

    for failures, verdict in ((0, True), (2, True), (3, False)):
        played = outcomes(failures)
        monkeypatch.setattr(training, "record_episode", lambda *_, played=played: next(played))
        assert sits(None, gym.Env()) is verdict


def test_training_ends_when_its_steps_are_over() -> None:
    short = TrainingSpec(
        total_steps=40, n_envs=2, n_steps=16, batch_size=16, n_epochs=1, chunk_rollouts=1
    )
    progress: list[tuple[int, int]] = []
    found = learning_time(short, lambda steps, total: progress.append((steps, total)))
    assert not found.is_learned
    assert progress == [(32, 40), (64, 40)]
    assert found.control_steps == 64
    assert found.dose_h == pytest.approx(64 / 30 / 3600)
    assert found.cpu_s > 0
    assert found.episode_s == 10
    assert found.action_mode == "posture"
    assert 0.3 < found.upright_s < 5
