"""How steeply the body above the support topples, and how late a response may come.

The body above the attachment is taken as one rigid piece that can turn forward or back about the attachment;
the held segment is cut there and what lies above it counts. Arms hang, so their weight acts at the
shoulder joint. Without a attachment, or where the hands hold what the floor holds already, the pivot is
the joint at which the body leaves the floor: the hips in sitting.

Source:
    Stepan (1989), Retarded Dynamical Systems: an inverted pendulum under proportional and
    derivative feedback can be stable only if the delay is below sqrt(2 I / (m g h)).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.arrays import Vector
from dmi_sim.assessments.support_demand.static_posture import AXIAL, StaticPosture
from dmi_sim.body.kinematics import PARENT
from dmi_sim.body.statics import GRAVITY_M_S2
from dmi_sim.spec.support import SupportSpec

_ARM = ("upper_arm", "forearm")
_UPPER_THORAX = AXIAL.index("upper_thorax")


@dataclass(frozen=True)
class InvertedPendulum:
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


def topple(posture: StaticPosture, hold: SupportSpec) -> InvertedPendulum:
    """The body above the support as an inverted pendulum.

    Args:
        posture: Infant and posture.
        hold: Where the hands are.
    """
    pos, matrix = posture.segments()
    held = posture.held(hold)
    if held.size:
        pivots = [pos[s] + matrix[s] @ posture.attachment_m(hold, s) for s in held]
    else:
        pivots = [pos[s] for s in _edge_of_floor(posture)]
    if not pivots:
        return InvertedPendulum(0.0, 0.0)
    pivot = np.mean(pivots, axis=0)
    stiffness = inertia = 0.0
    for piece in _pieces_above(posture, hold):
        arm = piece.centre_m - pivot
        stiffness += GRAVITY_M_S2 * piece.mass_kg * float(arm @ posture.up_pelvis)
        inertia += piece.inertia_kgm2 + piece.mass_kg * float(arm[0] ** 2 + arm[2] ** 2)
    return InvertedPendulum(stiffness, inertia)


def _edge_of_floor(posture: StaticPosture) -> list[int]:
    """Segments at whose joint to the parent the body leaves the floor; arms do not set_platform_velocity it."""
    floor = posture.on_floor
    return [
        s
        for s, place in enumerate(SEGMENTS)
        if place.parent and place.kind not in _ARM and floor[s] != floor[PARENT[s]]
    ]


def _pieces_above(posture: StaticPosture, hold: SupportSpec) -> Iterator[_Piece]:
    held = posture.held(hold)
    above = [s for s in _cranial_to(hold if held.size else None) if not posture.on_floor[s]]
    yield from (_whole(posture, s) for s in above)
    yield from (_cut(posture, hold, s) for s in held)
    if _UPPER_THORAX in above or _below_shoulders(posture, hold):
        yield from _hanging_arms(posture)


def _cranial_to(hold: SupportSpec | None) -> list[int]:
    """Segments of trunk, head and legs on the side of the head, those that are held left out."""
    kinds = ("foot", "shank", "thigh", *AXIAL)
    first = 0 if hold is None or hold.segment is None else kinds.index(hold.segment) + 1
    return [s for s, place in enumerate(SEGMENTS) if place.kind in kinds[first:]]


def _below_shoulders(posture: StaticPosture, hold: SupportSpec) -> bool:
    """Whether hands hold the upper thorax below the shoulder joints, which then are free."""
    if hold.segment != "upper_thorax":
        return False
    shoulder = next(
        part for part in posture.infant.ordered_segments if part.node.kind == "upper_arm"
    )
    return bool(posture.attachment_m(hold, _UPPER_THORAX)[2] < shoulder.joint_m[2])


def _whole(posture: StaticPosture, segment: int) -> _Piece:
    pos, matrix = posture.segments()
    part, turn = posture.infant.ordered_segments[segment], matrix[segment]
    lateral = float((turn @ np.diag(part.inertia_kgm2) @ turn.T)[1, 1])
    return _Piece(part.mass_kg, pos[segment] + turn @ np.array(part.com_m), lateral)


def _cut(posture: StaticPosture, hold: SupportSpec, segment: int) -> _Piece:
    """What of a held segment lies above the attachment, as a cylinder of even density."""
    pos, matrix = posture.segments()
    part = posture.infant.ordered_segments[segment]
    attachment = posture.attachment_m(hold, segment)
    top = np.array([0.0, 0.0, _cranial_end(posture, segment)])
    share = float(np.clip(abs(top[2] - attachment[2]) / part.length_m, 0.0, 1.0))
    mass = share * part.mass_kg
    across = max(0.0, part.inertia_kgm2[1] / part.mass_kg - part.length_m**2 / 12)
    inertia = mass * (across + (share * part.length_m) ** 2 / 12)
    return _Piece(mass, pos[segment] + matrix[segment] @ ((attachment + top) / 2), inertia)


def _cranial_end(posture: StaticPosture, segment: int) -> float:
    """End of a segment towards the head, along its own z axis [m]."""
    part = posture.infant.ordered_segments[segment]
    if part.node.kind not in AXIAL:
        return 0.0
    return part.com_m[2] + part.length_m / 2 if part.node.kind == "pelvis" else part.length_m


def _hanging_arms(posture: StaticPosture) -> Iterator[_Piece]:
    pos, _ = posture.segments()
    for s, place in enumerate(SEGMENTS):
        if place.kind in _ARM and not posture.on_floor[s]:
            shoulder = s if place.kind == "upper_arm" else PARENT[s]
            yield _Piece(posture.infant.ordered_segments[s].mass_kg, pos[shoulder], 0.0)
