"""The pushes of one episode, drawn from the environment's generator."""

import numpy as np

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.physics.push import Push, horizontal_push
from dmi_sim.spec.exercise import PushSpec


def draw_pushes(
    spec: PushSpec, mass_kg: float, duration_s: float, random: np.random.Generator
) -> tuple[Push, ...]:
    """Level pushes from any side, each harder than the last on average.

    Args:
        spec: When and how hard.
        mass_kg: Of the infant.
        duration_s: Of the episode.
        random: Source of headings and sizes.
    """
    segment = [place.kind for place in SEGMENTS].index(spec.segment)
    starts = np.arange(spec.first_s, duration_s, spec.every_s)
    speeds = spec.first_m_s + spec.growth_m_s * np.arange(starts.size)
    sizes = mass_kg * speeds * random.uniform(1 - spec.spread, 1 + spec.spread, starts.size)
    headings = random.uniform(-np.pi, np.pi, starts.size)
    return tuple(
        horizontal_push(segment, float(start), spec.duration_s, float(size), float(heading))
        for start, size, heading in zip(starts, sizes, headings, strict=True)
    )
