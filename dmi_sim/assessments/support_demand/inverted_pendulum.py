"""The body above the support as an inverted pendulum: toppling stiffness and delay limit.

The body above the hands is treated as one rigid piece that can turn forward or back about the point
of support. The supported segment is cut there and its upper piece counts. Arms hang, so their
weight acts at the shoulder joint. Without hands, or if they support a segment that the floor
already holds, the pivot is the joint at which the body leaves the floor: the hips in sitting.

Source:
    Stepan (1989), Retarded Dynamical Systems, ``stepan1989``: an inverted pendulum under
    proportional and derivative feedback can be stable only if the delay is below
    sqrt(2 I / (m g h)).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dmi_sim.anatomy import SEGMENTS, SegmentKind
from dmi_sim.arrays import Vector
from dmi_sim.assessments.support_demand.static_posture import AXIAL, StaticPosture
from dmi_sim.body.kinematics import PARENT
from dmi_sim.body.segments import Segment
from dmi_sim.body.statics import GRAVITY_M_S2
from dmi_sim.spec.support import SupportSpec

_ARM_KINDS = ("upper_arm", "forearm")
_UPPER_THORAX = AXIAL.index("upper_thorax")


@dataclass(frozen=True)
class InvertedPendulum:
    """A rigid body that stands on a pivot.

    Attributes:
        stiffness_nm_per_rad: Toppling stiffness m g h, the least that keeps it upright [N m/rad].
        inertia_kgm2: Moment of inertia about the lateral axis through the pivot [kg m2].

    >>> round(InvertedPendulum(stiffness_nm_per_rad=8.0, inertia_kgm2=0.08).fall_time_s, 6)
    0.1
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
        """Longest delay with which feedback of lean and lean rate can balance it [s]."""
        return float(np.sqrt(2)) * self.fall_time_s


@dataclass(frozen=True)
class _Piece:
    """A rigid piece: mass, centre of mass in the pelvis frame, inertia about its lateral axis."""

    mass_kg: float
    centre_m: Vector
    inertia_kgm2: float


def body_above_hands(posture: StaticPosture, support: SupportSpec) -> InvertedPendulum:
    """The body above the hands, or above the floor without them, as an inverted pendulum.

    Args:
        posture: Infant and posture.
        support: Site of the hands.
    """
    pos, matrix = posture.segments()
    supported = posture.supported(support)
    if supported.size:
        pivots = [pos[s] + matrix[s] @ posture.attachment_m(support, s) for s in supported]
    else:
        pivots = [pos[s] for s in _edge_of_floor(posture)]
    if not pivots:
        return InvertedPendulum(0.0, 0.0)
    pivot = np.mean(pivots, axis=0)
    stiffness = inertia = 0.0
    for piece in _pieces_above(posture, support):
        lever = piece.centre_m - pivot
        stiffness += GRAVITY_M_S2 * piece.mass_kg * float(lever @ posture.up_pelvis)
        inertia += piece.inertia_kgm2 + piece.mass_kg * float(lever[0] ** 2 + lever[2] ** 2)
    return InvertedPendulum(stiffness, inertia)


def _edge_of_floor(posture: StaticPosture) -> list[int]:
    """The segments at whose joint to the parent the body leaves the floor, arms excepted."""
    floor = posture.on_floor
    return [
        s
        for s, node in enumerate(SEGMENTS)
        if node.parent and node.kind not in _ARM_KINDS and floor[s] != floor[PARENT[s]]
    ]


def _pieces_above(posture: StaticPosture, support: SupportSpec) -> Iterator[_Piece]:
    """The rigid pieces of the body above the hands."""
    supported = posture.supported(support)
    cranial = _cranial_to(support.segment if supported.size else None)
    above = [s for s in cranial if not posture.on_floor[s]]
    yield from (_whole_segment(posture, s) for s in above)
    yield from (_piece_above_hands(posture, support, s) for s in supported)
    if _UPPER_THORAX in above or _below_shoulders(posture, support):
        yield from _hanging_arms(posture)


def _cranial_to(supported: SegmentKind | None) -> list[int]:
    """The segments of trunk, head and legs that are cranial to the supported ones."""
    kinds = ("foot", "shank", "thigh", *AXIAL)
    first = 0 if supported is None else kinds.index(supported) + 1
    return [s for s, node in enumerate(SEGMENTS) if node.kind in kinds[first:]]


def _below_shoulders(posture: StaticPosture, support: SupportSpec) -> bool:
    """Whether hands support the upper thorax below the shoulders, so that arms lie above them."""
    if support.segment != "upper_thorax":
        return False
    shoulder = posture.infant.segments["left_upper_arm"].joint_m
    return bool(posture.attachment_m(support, _UPPER_THORAX)[2] < shoulder[2])


def _whole_segment(posture: StaticPosture, segment: int) -> _Piece:
    pos, matrix = posture.segments()
    own, turn = posture.infant.ordered_segments[segment], matrix[segment]
    lateral = float((turn @ np.diag(own.inertia_kgm2) @ turn.T)[1, 1])
    return _Piece(own.mass_kg, pos[segment] + turn @ np.array(own.com_m), lateral)


def _piece_above_hands(posture: StaticPosture, support: SupportSpec, segment: int) -> _Piece:
    """The piece of a supported segment above the hands, as a cylinder of uniform density."""
    pos, matrix = posture.segments()
    own = posture.infant.ordered_segments[segment]
    attachment = posture.attachment_m(support, segment)
    top = np.array([0.0, 0.0, _cranial_end_m(own)])
    share = float(np.clip(abs(top[2] - attachment[2]) / own.length_m, 0.0, 1.0))
    mass = share * own.mass_kg
    # The inertia of a cylinder about a lateral axis is m (across + length^2 / 12), where only the
    # second term depends on its length, which the cut changes.
    across = max(0.0, own.inertia_kgm2[1] / own.mass_kg - own.length_m**2 / 12)
    inertia = mass * (across + (share * own.length_m) ** 2 / 12)
    return _Piece(mass, pos[segment] + matrix[segment] @ ((attachment + top) / 2), inertia)


def _cranial_end_m(segment: Segment) -> float:
    """The cranial end of a segment, along its own z axis [m]."""
    if segment.node.kind not in AXIAL:
        return 0.0
    is_pelvis = segment.node.kind == "pelvis"
    return segment.com_m[2] + segment.length_m / 2 if is_pelvis else segment.length_m


def _hanging_arms(posture: StaticPosture) -> Iterator[_Piece]:
    """The segments of the arms as point masses at the shoulder joints."""
    pos, _ = posture.segments()
    for s, node in enumerate(SEGMENTS):
        if node.kind in _ARM_KINDS and not posture.on_floor[s]:
            shoulder = s if node.kind == "upper_arm" else PARENT[s]
            yield _Piece(posture.infant.ordered_segments[s].mass_kg, pos[shoulder], 0.0)
