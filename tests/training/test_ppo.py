"""Seeds of training."""

from dmi_sim.rollout.seeds import FIRST_EVALUATION_SEED
from dmi_sim.training.ppo import chunk_seed


def test_seeds_of_training_differ_and_stay_below_those_of_evaluation() -> None:
    seeds = [chunk_seed(seed, steps) for seed in range(20) for steps in range(0, 20_000, 1000)]
    assert len(set(seeds)) == len(seeds)
    assert max(seeds) + 63 < FIRST_EVALUATION_SEED
