"""How the platform moves under an infant in one episode, drawn from the environment's generator."""

import numpy as np

from dmi_sim.physics.platform import STATIONARY, PlatformKeyframe, PlatformMotion
from dmi_sim.spec.exercise import PlatformSpec


def draw_platform_motion(
    spec: PlatformSpec | None, duration_s: float, length_m: float, random: np.random.Generator
) -> PlatformMotion:
    """A platform that tilts and slides to any side and back, farther each time.

    Args:
        spec: When and how far; without one the platform rests.
        duration_s: Of the episode.
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
