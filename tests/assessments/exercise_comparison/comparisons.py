"""What four controllers might have done, without any physics."""

import math

import numpy as np

from dmi_sim.assessments.exercise_comparison.procedure import (
    Compared,
    ControllerName,
    Learning,
    Tried,
)


def tried(*rates: float, episodes: int = 10) -> Tried:
    """As many successes among the episodes of each infant as its rate says; half done otherwise."""
    place = (np.arange(episodes) + 0.5) / episodes
    success = np.array([(place < rate).astype(float) for rate in rates])
    return Tried(success, np.maximum(success, 0.05))


def compared(name: str, trained: Tried | None, silent_muscles: Tried, age: float = 6.0) -> Compared:
    by: dict[ControllerName, Tried] = {
        "zero_action": silent_muscles,
        "silent_muscles": silent_muscles,
        "random": silent_muscles,
    }
    learning = (Learning(40_000, 2.0), Learning(80_000, 4.0), Learning(math.nan, math.nan))
    if trained is None:
        return Compared(name, age, age + 1, "none", (), by)
    return Compared(name, age, age + 1, "none", learning, {"trained": trained, **by})


FELL = tried(0, 0, 0)
