"""Penetration: whether a pose is stuck in the ground or a limb in another."""

from typing import NamedTuple

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.physics.engine import Contact


class PenetrationCheck(NamedTuple):
    """The penetration of a pose.

    Attributes:
        depth_m: Depth of the infant in floor, platform or furniture [m]; 0 if it only touches.
        own_pairs: Names of the infant's own segments that are in each other.
    """

    depth_m: float
    own_pairs: tuple[tuple[str, str], ...]


def penetration_check(contacts: list[Contact]) -> PenetrationCheck:
    """The penetration that the contacts of the infant tell."""
    gaps_m = [contact.gap_m for contact in contacts if not contact.is_own]
    stuck = [contact for contact in contacts if contact.is_own and contact.gap_m < 0]
    pairs = {tuple(sorted((contact.segment, contact.other))) for contact in stuck}
    names = sorted((SEGMENTS[low].name, SEGMENTS[high].name) for low, high in pairs)
    return PenetrationCheck(max(0.0, -min(gaps_m, default=0.0)), tuple(names))
