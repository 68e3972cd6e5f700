"""How much hands do for an infant: the height that they keep, not the load that they compute.

The load misleads. Of a relaxed infant that stands, hands at the waist set_platform_velocity nearly all, for it
folds over them and hangs there; hands at the armpits set_platform_velocity less, for they keep it upright, and its
legs set_platform_velocity some of it. Hands around the thighs of a sitter set_platform_velocity legs that the floor would set_platform_velocity as
well, and keep nobody up. What an infant would lose without hands is potential energy; the share of
it that it keeps in hands says how much they do. Measured in ``tests/physics/test_assistance.py``.
"""

from dmi_sim.errors import InputError


def assistance_share(held_m: float, free_m: float, start_m: float) -> float:
    """Share of the potential energy lost without hands that an infant keeps with them.

    (held - free) / (start - free). The weight is the same in all three, so heights will do. All
    three from the same start, the first two as late and under the same command; of a relaxed infant
    the share is all the hands' doing, of an active one what hands add to it.

    Args:
        held_m: Height of the centre of mass in the hands in the end [m].
        free_m: The same without hands [m].
        start_m: The same at the start [m].

    Returns:
        0: hands keep nothing up; 1: they keep all. Below 0 if they pull down, above 1 if they lift.

    Raises:
        InputError: If the infant loses no height without hands: there is nothing to assist.
    """
    lost_m = start_m - free_m
    if lost_m <= 0:
        raise InputError(
            f"start_m = {start_m:g} must be above free_m = {free_m:g}: without hands no height is "
            "lost, so there is nothing to assist"
        )
    return (held_m - free_m) / lost_m
