"""What is measured of practice is what a worker of a study does."""

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from dmi_sim.benchmark.practice import play_test_episode
from dmi_sim.outcome.episode import episode_outcomes
from dmi_sim.rollout.environment import make_environment
from dmi_sim.rollout.recorder import rollout
from dmi_sim.study.columns import outcome_columns
from dmi_sim.study.tables import read_table


def test_a_test_episode_leaves_all_outcomes_as_in_a_study(tmp_path: Path) -> None:
    """A worker loads libraries for them, which count as its memory."""
    path = tmp_path / "test.parquet"
    with closing(make_environment("DMI/Sitting-v1", {"support": "waist"})) as env:
        play_test_episode(env, None, path)
        expected = episode_outcomes(rollout(env, None, 0, {}))
    (row,) = read_table(path, outcome_columns())
    assert row == pytest.approx({name: expected[name] for name in row}, nan_ok=True)
    assert np.isfinite(list(expected.values())).sum() > 10
