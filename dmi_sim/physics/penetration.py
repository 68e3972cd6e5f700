"""Penetration: whether a pose is stuck in the ground or a limb in another."""

from collections.abc import Callable
from typing import NamedTuple

from dmi_sim.anatomy import SEGMENTS

Contact = tuple[int, int, int, float, float]
"""Other body, own segment, other segment, distance [m], normal force [N]."""


class PenetrationCheck(NamedTuple):
    """The penetration of a pose.

    Attributes:
        depth_m: Depth of the infant in floor, platform or furniture [m]; 0 if it only touches.
        own_pairs: Names of the infant's own segments that are in each other.
    """

    depth_m: float
    own_pairs: tuple[tuple[str, str], ...]


def penetration_check(contacts: list[Contact], is_own: Callable[[int], bool]) -> PenetrationCheck:
    """The penetration that contacts tell.

    Args:
        contacts: Contacts of the infant.
        is_own: Tells whether a touched body is the infant itself.
    """
    gaps = [gap for other, _, _, gap, _ in contacts if not is_own(other)]
    pairs = {
        (SEGMENTS[min(own, theirs)].name, SEGMENTS[max(own, theirs)].name)
        for other, own, theirs, gap, _ in contacts
        if is_own(other) and gap < 0
    }
    return PenetrationCheck(max(0.0, -min(gaps, default=0.0)), tuple(sorted(pairs)))
