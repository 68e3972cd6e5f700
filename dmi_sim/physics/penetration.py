"""Whether a posture fits into its scene: nothing stuck in the ground, no limb in another."""

from collections.abc import Callable
from typing import NamedTuple

from dmi_sim.anatomy import SEGMENTS

Contact = tuple[int, int, int, float, float]
"""Other body, own segment, other segment, distance [m], normal force [N]."""


class PenetrationCheck(NamedTuple):
    """How a pose fits.

    Attributes:
        depth_m: How deep the infant is in floor, platform or furniture [m]; 0 if it only touches.
        own_pairs: Names of its own segments that are in each other.
    """

    depth_m: float
    own_pairs: tuple[tuple[str, str], ...]


def penetration_check(contacts: list[Contact], is_own: Callable[[int], bool]) -> PenetrationCheck:
    """How contacts say that a pose fits.

    Args:
        contacts: Of the infant.
        is_own: Whether a body that is touched is the infant.
    """
    gaps = [gap for other, _, _, gap, _ in contacts if not is_own(other)]
    pairs = {
        (SEGMENTS[min(own, theirs)].name, SEGMENTS[max(own, theirs)].name)
        for other, own, theirs, gap, _ in contacts
        if is_own(other) and gap < 0
    }
    return PenetrationCheck(max(0.0, -min(gaps, default=0.0)), tuple(sorted(pairs)))
