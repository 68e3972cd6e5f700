"""The support of a therapist's hands: where they hold, how firmly, and how they move."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.arrays import Vector
from dmi_sim.body.statics import GRAVITY_M_S2
from dmi_sim.body.support_point import support_point
from dmi_sim.infant import Infant
from dmi_sim.physics.support_springs import Hand, SupportSprings, attachment_points
from dmi_sim.records import Records, records
from dmi_sim.spec.support import SupportMotionSpec, SupportSpec

_SPRING = ("stiffness_n_per_m", "damping_ns_per_m", "mass_kg", "cap_n")
_TWIST = (
    "rotation_stiffness_nm_per_rad", "rotation_damping_nms_per_rad", "inertia_kgm2", "cap_nm",
)  # fmt: skip
FIRMNESS = (*_SPRING, *_TWIST)
"""Numbers of a hand that say how firmly it holds."""


@dataclass(frozen=True)
class SupportAttachment:
    """One contact spring between the hands and a segment.

    Attributes:
        segment: Index of the held segment.
        point_m: Attachment point in the segment frame [m], shape (3,).
        force_params: Stiffness [N/m], damping [N s/m], lower bound of the mass felt [kg], cap [N].
        torque_params: Stiffness [N m/rad], damping [N m s/rad], inertia felt [kg m2], cap [N m].
    """

    segment: int
    point_m: Vector
    force_params: Vector
    torque_params: Vector


@dataclass(frozen=True)
class SupportTrajectory:
    """The motion of the hands while they hold; by default they stand still.

    Attributes:
        times_s: Times of the keyframes, rising [s], shape (k,).
        offsets_m: Offsets of the hands from their start [m], world, shape (k, 3); linear between
            the keyframes, still before the first and after the last.
        follow_per_s: Rates at which the hands follow the infant, forward, left, up in the world
            [1/s], shape (3,); 0 where they stand still.
        yield_n: Force on one hand above which it yields [N].
    """

    times_s: Vector = field(default_factory=lambda: np.zeros(0))
    offsets_m: Vector = field(default_factory=lambda: np.zeros((0, 3)))
    follow_per_s: Vector = field(default_factory=lambda: np.zeros(3))
    yield_n: float = np.inf


@dataclass(frozen=True)
class Support:
    """The contact springs of a pair of hands at one site, and how the hands move.

    Attributes:
        attachments: One spring for trunk or head, two for limbs, none without hands.
        trajectory: Motion of the hands, the same for all springs.
        site: Name of the support, as recordings tell it; ``none`` without hands.
        strength: Scale of stiffness and caps that it was built with, 0 to 1.
    """

    attachments: tuple[SupportAttachment, ...]
    trajectory: SupportTrajectory = field(default_factory=SupportTrajectory)
    site: str = "none"
    strength: float = 0.0

    def attach(self, pos: Vector, matrix: Vector, dt_s: float) -> SupportSprings:
        """The springs around a body where it is now, at rest: no force and no work yet.

        Args:
            pos: Origins of all segments [m], world, shape (15, 3).
            matrix: Rotation matrices of all segments, shape (15, 3, 3).
            dt_s: Physics step [s].
        """
        trajectory = self.trajectory
        hands = self._hands.copy()
        hands["target_pos"] = attachment_points(hands, pos, matrix)
        hands["target_matrix"] = matrix[[one.segment for one in self.attachments]]
        return SupportSprings(
            hands=hands,
            path=np.column_stack([trajectory.times_s, trajectory.offsets_m]),
            follow=1 - np.exp(-dt_s * trajectory.follow_per_s),
            yield_n=float(trajectory.yield_n),
            work_j=np.zeros(2),
        )

    @cached_property
    def _hands(self) -> Records[Hand]:
        """The hands before they hold, shape (h,)."""
        springs = np.array([one.force_params for one in self.attachments]).reshape(-1, 4).T
        twists = np.array([one.torque_params for one in self.attachments]).reshape(-1, 4).T
        columns = {
            "segment": [one.segment for one in self.attachments],
            "point_m": np.array([one.point_m for one in self.attachments]).reshape(-1, 3),
            **dict(zip(FIRMNESS, (*springs, *twists), strict=True)),
        }
        return records(Hand, columns)


NO_SUPPORT = Support(())


def build_support(
    spec: SupportSpec,
    infant: Infant,
    strength: float,
    support_motion: SupportMotionSpec | None = None,
) -> Support:
    """The support of an infant at a site; strength 0 or a site without segment gives no hands.

    Args:
        spec: The support file: site, stiffness, caps.
        infant: The infant that is held.
        strength: Scale of stiffness, caps and yield force together, 0 to 1.
        support_motion: Motion of the hands in place of the one in the file.
    """
    held = [i for i, node in enumerate(SEGMENTS) if node.kind == spec.segment]
    if strength == 0 or not held:
        return NO_SUPPORT
    share = strength / len(held)
    trajectory = _trajectory(support_motion or spec.support_motion, infant, share)
    return Support(tuple(_attachment(spec, infant, index, share) for index in held), trajectory)


def _trajectory(
    support_motion: SupportMotionSpec, infant: Infant, share: float
) -> SupportTrajectory:
    """The motion of a support file in metres and newtons; a hand takes ``share`` of the force."""
    offsets = [np.array(key.offset) * infant.length_m for key in support_motion.path]
    limit = support_motion.yields_above
    return SupportTrajectory(
        times_s=np.array([key.time_s for key in support_motion.path], dtype=np.float64),
        offsets_m=np.array(offsets, dtype=np.float64).reshape(-1, 3),
        follow_per_s=np.array([0.0 if tau is None else 1 / tau for tau in support_motion.follow_s]),
        yield_n=np.inf if limit is None else share * limit * infant.mass_kg * GRAVITY_M_S2,
    )


def _attachment(spec: SupportSpec, infant: Infant, index: int, share: float) -> SupportAttachment:
    segment = infant.ordered_segments[index]
    weight = infant.mass_kg * GRAVITY_M_S2
    stiffness = share * spec.stiffness.value * weight
    damping = 2 * spec.damping_ratio.value * np.sqrt(stiffness * share * infant.mass_kg)
    rotation_stiffness = share * spec.rotation_stiffness.value * weight * infant.length_m
    inertia = min(segment.inertia_kgm2) + segment.inertia_floor_kgm2
    point = support_point(spec, infant.anthropometry, segment)
    lever = float(np.linalg.norm(point - np.array(segment.com_m)))
    # Effective mass of the segment at the point, seen across its lever; half of it, to be safe.
    mass = 0.5 / (1 / segment.mass_kg + lever**2 / inertia)
    cap_n = share * spec.largest_force.value * weight
    cap_nm = share * spec.largest_torque.value * weight * infant.length_m
    return SupportAttachment(
        segment=index,
        point_m=point,
        force_params=np.array([stiffness, damping, mass, cap_n]),
        torque_params=np.array(
            [rotation_stiffness, 2 * np.sqrt(rotation_stiffness * inertia), 0.5 * inertia, cap_nm]
        ),
    )
