"""How the board moves under an infant in one episode, drawn from the environment's generator."""

import numpy as np

from dmi_sim.physics.platform import STILL, Ride, RideKey
from dmi_sim.spec.exercise import BoardSpec


def draw_ride(
    spec: BoardSpec | None, duration_s: float, length_m: float, random: np.random.Generator
) -> Ride:
    """A board that tilts and slides to any side and back, farther each time.

    Args:
        spec: When and how far; without one the board rests.
        duration_s: Of the episode.
        length_m: Body length of the infant [m].
        random: Source of directions, one for the tilt and one for the shift of each move.
    """
    if spec is None:
        return STILL
    one_s = 2 * (spec.move_s + spec.rest_s)
    count = int((duration_s - spec.first_s) // one_s)
    headings = random.uniform(-np.pi, np.pi, (count, 2))
    tilts = np.radians(spec.first_tilt_deg + spec.tilt_growth_deg * np.arange(count))
    shifts = length_m * (spec.first_shift + spec.shift_growth * np.arange(count))
    keys: list[RideKey] = []
    for move, (tilted, shifted) in enumerate(headings):
        tilt = tilts[move] * np.array([np.cos(tilted), np.sin(tilted)])
        shift = shifts[move] * np.array([np.cos(shifted), np.sin(shifted)])
        keys += _there_and_back(spec, spec.first_s + move * one_s, shift.tolist(), tilt.tolist())
    return Ride(tuple(keys))


def _there_and_back(
    spec: BoardSpec, start_s: float, shift_m: list[float], tilt_rad: list[float]
) -> list[RideKey]:
    there = (shift_m[0], shift_m[1]), (tilt_rad[0], tilt_rad[1])
    arrived = start_s + spec.move_s
    leaves = arrived + spec.rest_s
    return [
        RideKey(start_s),
        RideKey(arrived, *there),
        RideKey(leaves, *there),
        RideKey(leaves + spec.move_s),
    ]
