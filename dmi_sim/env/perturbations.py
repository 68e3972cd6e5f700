"""What chance decides in one episode: pushes and platform motion.

Both are drawn from the environment's generator, in this order, after the start pose.
"""

from dataclasses import dataclass

import numpy as np

from dmi_sim.anatomy import SEGMENT_INDEX
from dmi_sim.arrays import Vector
from dmi_sim.physics.platform import STATIONARY, PlatformKeyframe, PlatformMotion
from dmi_sim.physics.push import Push, horizontal_push
from dmi_sim.spec.exercise import PlatformSpec, PushSpec


@dataclass(frozen=True, eq=False)
class DrawnPushes:
    """What chance says about the pushes of an episode, whether or not they come.

    Attributes:
        start_s: Time of each push since the start of the episode [s], shape (n,).
        share: Size of each push over what it is on average, shape (n,).
        heading_rad: Direction of each in the horizontal plane [rad], shape (n,).
    """

    start_s: Vector
    share: Vector
    heading_rad: Vector


def draw_pushes(spec: PushSpec, duration_s: float, random: np.random.Generator) -> DrawnPushes:
    """Times, sizes and sides of pushes, drawn for the whole of an episode.

    Args:
        spec: Times of the pushes, and how their sizes spread.
        duration_s: Duration of the episode [s].
        random: Source of sizes and headings.
    """
    starts = np.arange(spec.first_s, duration_s, spec.every_s)
    shares = random.uniform(1 - spec.spread, 1 + spec.spread, starts.size)
    return DrawnPushes(starts, shares, random.uniform(-np.pi, np.pi, starts.size))


def pushes_as_drawn(spec: PushSpec, drawn: DrawnPushes, mass_kg: float) -> tuple[Push, ...]:
    """Level pushes from any side, each harder than the last on average.

    Args:
        spec: Segment, sizes and duration of the pushes.
        drawn: What chance says about them.
        mass_kg: Body mass of the infant [kg].
    """
    segment = SEGMENT_INDEX[spec.segment]
    speeds = spec.first_m_s + spec.growth_m_s * np.arange(drawn.start_s.size)
    sizes = mass_kg * speeds * drawn.share
    return tuple(
        horizontal_push(segment, start_s, spec.duration_s, size, heading_rad)
        for start_s, size, heading_rad in zip(
            drawn.start_s.tolist(), sizes.tolist(), drawn.heading_rad.tolist(), strict=True
        )
    )


def draw_platform_motion(
    spec: PlatformSpec | None, duration_s: float, length_m: float, random: np.random.Generator
) -> PlatformMotion:
    """A platform that tilts and slides to any side and back, farther each time.

    Args:
        spec: Times and sizes of the moves; without one the platform rests.
        duration_s: Duration of the episode [s].
        length_m: Body length of the infant [m].
        random: Source of directions, one for the tilt and one for the shift of each move.
    """
    if spec is None:
        return STATIONARY
    one_s = 2 * (spec.move_s + spec.rest_s)
    count = int((duration_s - spec.first_s) // one_s)
    headings = random.uniform(-np.pi, np.pi, (count, 2))
    tilts = np.radians(spec.first_tilt_deg + spec.tilt_growth_deg * np.arange(count))
    shifts = length_m * (spec.first_shift + spec.shift_growth * np.arange(count))
    keys: list[PlatformKeyframe] = []
    for move, (tilted, shifted) in enumerate(headings):
        tilt = tilts[move] * np.array([np.cos(tilted), np.sin(tilted)])
        shift = shifts[move] * np.array([np.cos(shifted), np.sin(shifted)])
        keys += _there_and_back(spec, spec.first_s + move * one_s, shift.tolist(), tilt.tolist())
    return PlatformMotion(tuple(keys))


def _there_and_back(
    spec: PlatformSpec, start_s: float, shift_m: list[float], tilt_rad: list[float]
) -> list[PlatformKeyframe]:
    there = (shift_m[0], shift_m[1]), (tilt_rad[0], tilt_rad[1])
    arrived = start_s + spec.move_s
    leaves = arrived + spec.rest_s
    return [
        PlatformKeyframe(start_s),
        PlatformKeyframe(arrived, *there),
        PlatformKeyframe(leaves, *there),
        PlatformKeyframe(leaves + spec.move_s),
    ]
