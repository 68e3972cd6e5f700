"""BedsideResult in the words and degrees of a clinic, and as plain data."""

from dataclasses import dataclass, fields, is_dataclass
from math import degrees

from dmi_sim.assessments.bedside.procedure import BedsideResult


@dataclass(frozen=True)
class Line:
    """One row of an examination: the test, what is looked at, and what was found."""

    test: str
    sign: str
    found: str


def describe(findings: BedsideResult) -> tuple[Line, ...]:
    """An examination as rows, head to toe; degrees in place of radians."""
    pull, prone = findings.pull_to_sit, findings.ventral_suspension
    seat, slip = findings.righting, findings.slip_through
    verdict = "head lag" if pull.has_head_lag else "no head lag"
    holds = f"slips through, {slip.slip:.0%} of weight" if slip.slip else "holds"
    return (
        Line("pull to sit", "head behind trunk at 45°", f"{_deg(pull.lag_rad)}, {verdict}"),
        Line("", "largest lag; lag at the end", _degs(pull.largest_lag_rad, pull.end_lag_rad)),
        Line("ventral suspension", "head above horizontal", _deg(prone.head_rad)),
        Line("", "back; arms; legs", _degs(prone.back_rad, prone.arm_rad, prone.leg_rad)),
        Line("tilted seat, 15°", "forward: trunk; head", _degs(*_forward(findings))),
        Line("", "sideways: trunk; head", _degs(seat.sideways_trunk_rad, seat.sideways_head_rad)),
        Line("lifted at the armpits", "carries, of body weight", f"{slip.carried:.2f}, {holds}"),
        Line("scarf sign", "arm past straight forward, L; R", _degs(*_scarf(findings))),
        Line(
            "popliteal angle", "L; R", _degs(*(one.angle_rad for one in findings.popliteal_angle))
        ),
        Line("pendulum of the leg", "first swing, L; R", _degs(*_first_swings(findings))),
        Line("", "swings, L; R", "; ".join(str(one.swings) for one in findings.pendulum)),
        Line("", "relaxation index, L; R", "; ".join(_indices(findings))),
    )


def as_data(value: object) -> object:
    """BedsideResult as nested dictionaries and lists, without the states that were seen."""
    if is_dataclass(value):
        names = [one.name for one in fields(value) if one.compare]
        return {name: as_data(getattr(value, name)) for name in names}
    return list(map(as_data, value)) if isinstance(value, tuple) else value  # pyright: ignore


def _forward(findings: BedsideResult) -> tuple[float, float]:
    return findings.righting.forward_trunk_rad, findings.righting.forward_head_rad


def _scarf(findings: BedsideResult) -> tuple[float, ...]:
    return tuple(one.crossing_rad for one in findings.scarf_sign)


def _first_swings(findings: BedsideResult) -> tuple[float, ...]:
    return tuple(one.first_swing_rad for one in findings.pendulum)


def _indices(findings: BedsideResult) -> tuple[str, ...]:
    return tuple(f"{one.relaxation_index:.2f}" for one in findings.pendulum)


def _degs(*angles_rad: float) -> str:
    return "; ".join(map(_deg, angles_rad))


def _deg(angle_rad: float) -> str:
    return f"{degrees(angle_rad) + 0.0:.0f}°".replace("-0°", "0°")
