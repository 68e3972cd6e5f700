"""Tests are the same for every policy, and on starts that nobody practised."""

from functools import partial
from pathlib import Path

import pytest

from dmi_sim.errors import InputError
from dmi_sim.outcome.episode import episode_outcomes
from dmi_sim.rollout.evaluate import (
    EpisodeRow,
    evaluate,
    evaluate_bundle,
    evaluation_seeds,
    summarise,
)
from dmi_sim.rollout.recorder import rollout
from dmi_sim.spec.training import TrainingSpec
from dmi_sim.training.bundle import save_bundle
from dmi_sim.training.interface import make_environment
from dmi_sim.training.ppo import FIRST_EVALUATION_SEED
from dmi_sim.training.trainer import Trainer


@pytest.fixture
def bundle(tmp_path: Path, leaning: str, quick: TrainingSpec) -> Path:
    practice = Trainer.start(partial(make_environment, leaning, {"gravity": 1.0}), quick, 0)
    save_bundle(tmp_path, practice.policy, practice.metadata({"gravity": 1.0}))
    return tmp_path


def test_evaluation_seeds_are_fixed_and_begin_where_those_of_practice_end() -> None:
    assert evaluation_seeds(3) == tuple(FIRST_EVALUATION_SEED + i for i in range(3))


def test_no_episode_is_refused() -> None:
    with pytest.raises(InputError, match="episodes = 0 must be at least 1"):
        evaluation_seeds(0)


def test_a_row_holds_the_outcomes_of_its_recording(leaning: str) -> None:
    env = make_environment(leaning, {})
    rows = evaluate(None, env, (5, 6), {"push_rad": 0.1})
    assert [(row["episode"], row["seed"]) for row in rows] == [(0, 5), (1, 6)]
    expected = episode_outcomes(rollout(env, None, 6, {"push_rad": 0.1}))
    assert {name: rows[1][name] for name in expected} == pytest.approx(expected, nan_ok=True)
    assert rows[1]["is_success"] is False


def test_a_relaxed_infant_falls_in_every_test() -> None:
    env = make_environment("DMI/Sitting-v0", {"age_months": 7.0})
    rows = evaluate(None, env, evaluation_seeds(3), {"support": "none", "pushes": False})
    env.close()
    assert all(row["fell"] and not row["is_success"] for row in rows)
    assert all(0.2 < row["time_upright_s"] < 3.0 for row in rows)
    assert len({row["sway_path_mm"] for row in rows}) == 3


def test_a_bundle_is_tested_where_it_practised_unless_told_otherwise(
    bundle: Path, leaning: str
) -> None:
    seeds = evaluation_seeds(4)
    own = evaluate_bundle(bundle, seeds)
    light = evaluate_bundle(bundle, seeds, {"gravity": 1.0})
    heavy = evaluate_bundle(bundle, seeds, {"gravity": 9.0})
    assert own == light
    assert own != heavy


def test_a_summary_spreads_each_column_over_episodes() -> None:
    rows: list[EpisodeRow] = [
        {"episode": 0, "seed": 7, "is_success": True, "time_upright_s": 10.0},
        {"episode": 1, "seed": 8, "is_success": False, "time_upright_s": 4.0},
    ]
    summary = summarise(rows)
    assert summary == {
        "is_success": {"mean": 0.5, "sd": 0.5, "min": 0.0, "max": 1.0},
        "time_upright_s": {"mean": 7.0, "sd": 3.0, "min": 4.0, "max": 10.0},
    }


def test_nothing_cannot_be_summarised() -> None:
    with pytest.raises(InputError, match="no episodes"):
        summarise([])
