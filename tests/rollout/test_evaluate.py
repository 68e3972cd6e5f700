"""Tests are the same for every controller, and on starts that were never trained on."""

import pytest

from dmi_sim.errors import InputError
from dmi_sim.outcome.episode import episode_outcomes
from dmi_sim.rollout.environment import make_environment
from dmi_sim.rollout.evaluate import EpisodeRow, evaluate, summarise
from dmi_sim.rollout.recorder import rollout
from dmi_sim.rollout.seeds import evaluation_seeds


def test_a_row_holds_the_outcomes_of_its_recording(leaning: str) -> None:
    env = make_environment(leaning, {})
    rows = evaluate(None, env, (5, 6), {"push_rad": 0.1})
    assert [(row["episode"], row["seed"]) for row in rows] == [(0, 5), (1, 6)]
    expected = episode_outcomes(rollout(env, None, 6, {"push_rad": 0.1}))
    assert {name: rows[1][name] for name in expected} == pytest.approx(expected, nan_ok=True)
    assert rows[1]["success"] == 0.0


def test_an_infant_with_reflexes_only_falls_in_every_test() -> None:
    env = make_environment("DMI/Sitting-v1", {"age_months": 7.0})
    rows = evaluate(None, env, evaluation_seeds(3), {"support": "none", "pushes": False})
    env.close()
    assert all(row["fell"] and not row["success"] for row in rows)
    assert all(0.2 < row["time_upright_s"] < 3.0 for row in rows)
    assert len({row["sway_path_mm"] for row in rows}) == 3


def test_a_summary_spreads_each_column_over_episodes() -> None:
    rows: list[EpisodeRow] = [
        {"episode": 0, "seed": 7, "success": True, "time_upright_s": 10.0},
        {"episode": 1, "seed": 8, "success": False, "time_upright_s": 4.0},
    ]
    summary = summarise(rows)
    assert summary == {
        "success": {"mean": 0.5, "sd": 0.5, "min": 0.0, "max": 1.0},
        "time_upright_s": {"mean": 7.0, "sd": 3.0, "min": 4.0, "max": 10.0},
    }


def test_nothing_cannot_be_summarised() -> None:
    with pytest.raises(InputError, match="no episodes"):
        summarise([])
