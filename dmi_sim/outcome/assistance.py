"""The assistance of hands: the height that they keep, not the load that they carry.

The load misleads. Hands at the waist of an infant that is limp and stands carry nearly all of it,
for it folds over them and hangs there; hands at the armpits carry less, for they keep it upright,
and its legs carry some of it. Hands around the thighs of a sitter carry legs that the floor would
carry as well, and keep nobody up. What an infant would lose without hands is potential energy; the
share of it that it keeps in hands says how much they do. Measured in
``tests/physics/test_assistance.py``.
"""

from dmi_sim.errors import InputError


def assistance_share(held_m: float, free_m: float, start_m: float) -> float:
    """Share of the potential energy lost without hands that an infant keeps with them.

    (held - free) / (start - free). The weight is the same in all three, so heights will do. All
    three are from the same start, the first two as late and under the same command. If the infant
    is limp, the share is all the hands' doing; if it is active, it is what the hands add.

    >>> assistance_share(held_m=0.375, free_m=0.25, start_m=0.5)
    0.5

    Args:
        held_m: Height of the centre of mass in the hands in the end [m].
        free_m: The same without hands [m].
        start_m: The same at the start [m].

    Returns:
        0 if hands keep nothing up and 1 if they keep all, below 0 if they pull the infant down,
        above 1 if they lift it.

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
