"""Evaluation has seeds of its own."""

import pytest

from dmi_sim.errors import InputError
from dmi_sim.rollout.seeds import FIRST_EVALUATION_SEED, evaluation_seeds


def test_evaluation_seeds_are_fixed_and_begin_where_those_of_training_end() -> None:
    assert evaluation_seeds(3) == tuple(FIRST_EVALUATION_SEED + i for i in range(3))


def test_no_episode_is_refused() -> None:
    with pytest.raises(InputError, match="episodes = 0 must be at least 1"):
        evaluation_seeds(0)
