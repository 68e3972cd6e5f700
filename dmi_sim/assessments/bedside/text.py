"""A bedside examination in the words and degrees of a clinic, and as plain data."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from math import degrees

from dmi_sim.assessments.bedside.result import NOTICE, BedsideResult, ExaminedInfant
from dmi_sim.tables import columns


@dataclass(frozen=True)
class Sign:
    """One row of an examination.

    Attributes:
        test: Name of the test; empty if it is that of the row above.
        name: Quantity that is judged.
        found: Finding, in words and numbers.
    """

    test: str
    name: str
    found: str


def examination_lines(examined: Sequence[ExaminedInfant]) -> Iterator[str]:
    """The findings as a table, one row per sign and one column per infant.

    Args:
        examined: Infants with their results, the infant in question first.
    """
    found = [[one.title, *(sign.found for sign in signs(one.result))] for one in examined]
    names = [("", ""), *((sign.test, sign.name) for sign in signs(examined[0].result))]
    widths = [f"<{max(map(len, column)) + 2}" for column in found]
    rows = (name + cells for name, cells in zip(names, zip(*found, strict=True), strict=True))
    yield from columns(" ".join(["<21 <32", *widths]), rows)
    yield from ("", NOTICE)


def signs(result: BedsideResult) -> tuple[Sign, ...]:
    """The rows of an examination, with angles in degrees."""
    pull, prone = result.pull_to_sit, result.ventral_suspension
    seat, slip = result.righting, result.slip_through
    verdict = "head lag" if pull.has_head_lag else "no head lag"
    holds = f"slips through, {slip.slip:.0%} of weight" if slip.slip else "holds"
    forward = _degs(seat.forward_trunk_rad, seat.forward_head_rad)
    sideways = _degs(seat.sideways_trunk_rad, seat.sideways_head_rad)
    scarf = _degs(*(one.crossing_rad for one in result.scarf_sign))
    popliteal = _degs(*(one.angle_rad for one in result.popliteal_angle))
    ankles = _degs(*(one.angle_rad for one in result.dorsiflexion))
    return (
        Sign("pull to sit", "head behind trunk at 45°", f"{_deg(pull.lag_rad)}, {verdict}"),
        Sign("", "largest lag; lag at the end", _degs(pull.largest_lag_rad, pull.end_lag_rad)),
        Sign("ventral suspension", "head above horizontal", _deg(prone.head_rad)),
        Sign("", "back; arms; legs", _degs(prone.back_rad, prone.arm_rad, prone.leg_rad)),
        Sign("tilted seat, 15°", "forward: trunk; head", forward),
        Sign("", "sideways: trunk; head", sideways),
        Sign("lifted at the armpits", "carries, of body weight", f"{slip.carried:.2f}, {holds}"),
        Sign("scarf sign", "arm past straight forward, L; R", scarf),
        Sign("popliteal angle", "L; R", popliteal),
        Sign("ankle", "dorsiflexion, knee straight, L; R", ankles),
        *_pendulum_signs(result),
    )


def _pendulum_signs(result: BedsideResult) -> Iterator[Sign]:
    legs = result.pendulum
    first_swings = _degs(*(one.first_swing_rad for one in legs))
    yield Sign("pendulum of the leg", "first swing, L; R", first_swings)
    yield Sign("", "swings, L; R", "; ".join(f"{one.swings}" for one in legs))
    indices = "; ".join(f"{one.relaxation_index:.2f}" for one in legs)
    yield Sign("", "relaxation index, L; R", indices)


def _degs(*angles_rad: float) -> str:
    return "; ".join(map(_deg, angles_rad))


def _deg(angle_rad: float) -> str:
    return f"{degrees(angle_rad) + 0.0:.0f}°".replace("-0°", "0°")


def examination_data(examined: Sequence[ExaminedInfant]) -> dict[str, object]:
    """The findings of the infant in question and of the typical one, as plain data."""
    return {
        "notice": NOTICE,
        "findings": as_data(examined[0].result),
        "typical": as_data(examined[-1].result),
    }


def as_data(value: object) -> object:
    """A result as nested dictionaries and lists, without the states for the pictures."""
    if is_dataclass(value):
        names = [one.name for one in fields(value) if one.compare]
        return {name: as_data(getattr(value, name)) for name in names}
    return list(map(as_data, value)) if isinstance(value, tuple) else value  # pyright: ignore
