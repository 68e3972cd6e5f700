"""How steeply the body above the support topples, and how late a response may come.

The body above the grip is taken as one rigid piece that can turn forward or back about the grip;
the held segment is cut there and what lies above it counts. Arms hang, so their weight acts at the
shoulder joint. Without a grip, or where the hands hold what the floor holds already, the pivot is
the joint at which the body leaves the floor: the hips in sitting.

Source:
    Stepan (1989), Retarded Dynamical Systems: an inverted pendulum under proportional and
    derivative feedback can be stable only if the delay is below sqrt(2 I / (m g h)).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import PARENT
from dmi_sim.body.segments import PLACES
from dmi_sim.body.statics import GRAVITY_M_S2
from dmi_sim.assessments.support_demand.static_posture import AXIAL, Stance
from dmi_sim.spec.support import HoldSpec

_ARM = ("upper_arm", "forearm")
_UPPER_THORAX = AXIAL.index("upper_thorax")


@dataclass(frozen=True)
class Topple:
    """The rigid body above the support as an inverted pendulum.

    Attributes:
        stiffness_nm_per_rad: m g h: the least stiffness that keeps it upright [N m/rad].
        inertia_kgm2: About the lateral axis through the pivot [kg m2].
    """

    stiffness_nm_per_rad: float
    inertia_kgm2: float

    @property
    def fall_time_s(self) -> float:
        """Time in which a lean grows e-fold, sqrt(I / m g h); infinite if it does not topple."""
        if self.stiffness_nm_per_rad <= 0:
            return float("inf")
        return float(np.sqrt(self.inertia_kgm2 / self.stiffness_nm_per_rad))

    @property
    def delay_limit_s(self) -> float:
        """Longest delay with which feedback of lean and its rate can balance it [s]."""
        return float(np.sqrt(2)) * self.fall_time_s


@dataclass(frozen=True)
class _Piece:
    """Mass [kg], centre [m] in the pelvis frame and inertia about a lateral axis there [kg m2]."""

    mass_kg: float
    centre_m: Vector
    inertia_kgm2: float


def topple(stance: Stance, hold: HoldSpec) -> Topple:
    """The body above the support as an inverted pendulum.

    Args:
        stance: Infant and posture.
        hold: Where the hands are.
    """
    pos, matrix = stance.segments()
    held = stance.held(hold)
    if held.size:
        pivots = [pos[s] + matrix[s] @ stance.grip_m(hold, s) for s in held]
    else:
        pivots = [pos[s] for s in _edge_of_floor(stance)]
    if not pivots:
        return Topple(0.0, 0.0)
    pivot = np.mean(pivots, axis=0)
    stiffness = inertia = 0.0
    for piece in _pieces_above(stance, hold):
        arm = piece.centre_m - pivot
        stiffness += GRAVITY_M_S2 * piece.mass_kg * float(arm @ stance.up_pelvis)
        inertia += piece.inertia_kgm2 + piece.mass_kg * float(arm[0] ** 2 + arm[2] ** 2)
    return Topple(stiffness, inertia)


def _edge_of_floor(stance: Stance) -> list[int]:
    """Segments at whose joint to the parent the body leaves the floor; arms do not carry it."""
    floor = stance.on_floor
    return [
        s
        for s, place in enumerate(PLACES)
        if place.parent and place.kind not in _ARM and floor[s] != floor[PARENT[s]]
    ]


def _pieces_above(stance: Stance, hold: HoldSpec) -> Iterator[_Piece]:
    held = stance.held(hold)
    above = [s for s in _cranial_to(hold if held.size else None) if not stance.on_floor[s]]
    yield from (_whole(stance, s) for s in above)
    yield from (_cut(stance, hold, s) for s in held)
    if _UPPER_THORAX in above or _below_shoulders(stance, hold):
        yield from _hanging_arms(stance)


def _cranial_to(hold: HoldSpec | None) -> list[int]:
    """Segments of trunk, head and legs on the side of the head, those that are held left out."""
    kinds = ("foot", "shank", "thigh", *AXIAL)
    first = 0 if hold is None or hold.segment is None else kinds.index(hold.segment) + 1
    return [s for s, place in enumerate(PLACES) if place.kind in kinds[first:]]


def _below_shoulders(stance: Stance, hold: HoldSpec) -> bool:
    """Whether hands hold the upper thorax below the shoulder joints, which then are free."""
    if hold.segment != "upper_thorax":
        return False
    shoulder = next(part for part in stance.infant.parts if part.place.kind == "upper_arm")
    return bool(stance.grip_m(hold, _UPPER_THORAX)[2] < shoulder.joint_m[2])


def _whole(stance: Stance, segment: int) -> _Piece:
    pos, matrix = stance.segments()
    part, turn = stance.infant.parts[segment], matrix[segment]
    lateral = float((turn @ np.diag(part.inertia_kgm2) @ turn.T)[1, 1])
    return _Piece(part.mass_kg, pos[segment] + turn @ np.array(part.com_m), lateral)


def _cut(stance: Stance, hold: HoldSpec, segment: int) -> _Piece:
    """What of a held segment lies above the grip, as a cylinder of even density."""
    pos, matrix = stance.segments()
    part = stance.infant.parts[segment]
    grip = stance.grip_m(hold, segment)
    top = np.array([0.0, 0.0, _cranial_end(stance, segment)])
    share = float(np.clip(abs(top[2] - grip[2]) / part.length_m, 0.0, 1.0))
    mass = share * part.mass_kg
    across = max(0.0, part.inertia_kgm2[1] / part.mass_kg - part.length_m**2 / 12)
    inertia = mass * (across + (share * part.length_m) ** 2 / 12)
    return _Piece(mass, pos[segment] + matrix[segment] @ ((grip + top) / 2), inertia)


def _cranial_end(stance: Stance, segment: int) -> float:
    """End of a segment towards the head, along its own z axis [m]."""
    part = stance.infant.parts[segment]
    if part.place.kind not in AXIAL:
        return 0.0
    return part.com_m[2] + part.length_m / 2 if part.place.kind == "pelvis" else part.length_m


def _hanging_arms(stance: Stance) -> Iterator[_Piece]:
    pos, _ = stance.segments()
    for s, place in enumerate(PLACES):
        if place.kind in _ARM and not stance.on_floor[s]:
            shoulder = s if place.kind == "upper_arm" else PARENT[s]
            yield _Piece(stance.infant.parts[s].mass_kg, pos[shoulder], 0.0)
