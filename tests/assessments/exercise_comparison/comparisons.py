"""Invented comparisons of four controllers, without physics."""

import math

import numpy as np

from dmi_sim.assessments.exercise_comparison.procedure import (
    ControllerName,
    ControllerTrials,
    ExerciseComparison,
    TrainingCost,
)


def tried(*rates: float, episodes: int = 10) -> ControllerTrials:
    """Trials with the given success rate of each infant; failures complete almost nothing."""
    quantile = (np.arange(episodes) + 0.5) / episodes
    success = np.array([(quantile < rate).astype(float) for rate in rates])
    return ControllerTrials(success, np.maximum(success, 0.05))


def compared(
    name: str, trained: ControllerTrials | None, silent_muscles: ControllerTrials, age: float = 6.0
) -> ExerciseComparison:
    by: dict[ControllerName, ControllerTrials] = {
        "zero_action": silent_muscles,
        "silent_muscles": silent_muscles,
        "random": silent_muscles,
    }
    learning = (
        TrainingCost(40_000, 2.0),
        TrainingCost(80_000, 4.0),
        TrainingCost(math.nan, math.nan),
    )
    if trained is None:
        return ExerciseComparison(name, age, age + 1, "none", (), by)
    return ExerciseComparison(name, age, age + 1, "none", learning, {"trained": trained, **by})


FELL = tried(0, 0, 0)
