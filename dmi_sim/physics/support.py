"""A pair of hands: where they hold an infant, how firmly, and what they do meanwhile."""

from dataclasses import dataclass, field

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.support_point import grip_point
from dmi_sim.body.segments import PLACES
from dmi_sim.body.statics import GRAVITY_M_S2
from dmi_sim.infant import Infant
from dmi_sim.physics.support_springs import Rings, grips_at
from dmi_sim.spec.support import Handling, HoldSpec


@dataclass(frozen=True)
class Grip:
    """Where one ring of hands acts and how firmly.

    Attributes:
        segment: Index of the held segment.
        point_m: Grip in the segment frame [m], shape (3,).
        force_law: Stiffness [N/m], damping [N s/m], lower bound of the mass felt [kg], cap [N].
        torque_law: Stiffness [N m/rad], damping [N m s/rad], inertia felt [kg m2], cap [N m].
    """

    segment: int
    point_m: Vector
    force_law: Vector
    torque_law: Vector


@dataclass(frozen=True)
class Guide:
    """What all hands of a hold do while they hold; by default they stand still.

    Attributes:
        times_s: Key times of the path, rising [s], shape (k,).
        offsets_m: Where the hands are then from where they began [m], world, shape (k, 3); linear
            between the keys, still before the first and after the last.
        follow_per_s: Rates at which they go along with the infant, forward, left, up in the world
            [1/s], shape (3,); 0 where they stand still.
        yield_n: Pull on one hand above which it gives way [N].
    """

    times_s: Vector = field(default_factory=lambda: np.zeros(0))
    offsets_m: Vector = field(default_factory=lambda: np.zeros((0, 3)))
    follow_per_s: Vector = field(default_factory=lambda: np.zeros(3))
    yield_n: float = np.inf


@dataclass(frozen=True)
class Hold:
    """All grips of one hold and what its hands do.

    Attributes:
        grips: One for the trunk and head, two for limbs, none without hands.
        guide: How they move, alike for all.
    """

    grips: tuple[Grip, ...]
    guide: Guide = field(default_factory=Guide)

    def taken(self, pos: Vector, matrix: Vector, dt_s: float) -> Rings:
        """The hands around a body where it is now, with nothing felt and no work done yet.

        Args:
            pos: Origins of all segments [m], world, shape (15, 3).
            matrix: Their rotation matrices, shape (15, 3, 3).
            dt_s: Physics step [s].
        """
        count, guide = len(self.grips), self.guide
        segments = np.array([grip.segment for grip in self.grips], dtype=np.int64)
        points = np.array([grip.point_m for grip in self.grips]).reshape(-1, 3)
        return Rings(
            segments=segments,
            points=points,
            laws=np.array([(g.force_law, g.torque_law) for g in self.grips]).reshape(-1, 2, 4),
            path=np.column_stack([guide.times_s, guide.offsets_m]),
            follow=np.append(1 - np.exp(-dt_s * guide.follow_per_s), guide.yield_n),
            goal_pos=grips_at(segments, points, pos, matrix),
            goal_matrix=matrix[segments],
            wrench=np.zeros((count, 9)),
            felt=np.zeros((count, 3)),
            work=np.zeros(2),
        )


NO_HANDS = Hold(())


def build_hold(
    spec: HoldSpec, infant: Infant, strength: float, handling: Handling | None = None
) -> Hold:
    """Hands of a strength on an infant; strength 0 or no segment gives no hands.

    Args:
        spec: Where and how firmly.
        infant: Who is held.
        strength: Scales stiffness and caps together, 0 to 1, and with them what hands yield to.
        handling: What the hands do, instead of what the spec says.
    """
    held = [i for i, place in enumerate(PLACES) if place.kind == spec.segment]
    if strength == 0 or not held:
        return NO_HANDS
    share = strength / len(held)
    guide = _guide(handling or spec.handling, infant, share)
    return Hold(tuple(_grip(spec, infant, index, share) for index in held), guide)


def _guide(handling: Handling, infant: Infant, share: float) -> Guide:
    """Handling in metres and newtons; ``share`` of the hold's force falls to each hand."""
    offsets = [np.array(key.offset) * infant.length_m for key in handling.path]
    limit = handling.yields_above
    return Guide(
        times_s=np.array([key.time_s for key in handling.path], dtype=np.float64),
        offsets_m=np.array(offsets, dtype=np.float64).reshape(-1, 3),
        follow_per_s=np.array([0.0 if tau is None else 1 / tau for tau in handling.follow_s]),
        yield_n=np.inf if limit is None else share * limit * infant.mass_kg * GRAVITY_M_S2,
    )


def _grip(spec: HoldSpec, infant: Infant, index: int, share: float) -> Grip:
    segment = infant.parts[index]
    weight = infant.mass_kg * GRAVITY_M_S2
    stiffness = share * spec.stiffness.value * weight
    damping = 2 * spec.damping_ratio.value * np.sqrt(stiffness * share * infant.mass_kg)
    turning = share * spec.rotation_stiffness.value * weight * infant.length_m
    inertia = min(segment.inertia_kgm2) + segment.inertia_floor_kgm2
    point = grip_point(spec, infant.plan, segment)
    lever = float(np.linalg.norm(point - np.array(segment.com_m)))
    mass = 0.5 / (1 / segment.mass_kg + lever**2 / inertia)
    cap_n = share * spec.largest_force.value * weight
    cap_nm = share * spec.largest_torque.value * weight * infant.length_m
    return Grip(
        segment=index,
        point_m=point,
        force_law=np.array([stiffness, damping, mass, cap_n]),
        torque_law=np.array([turning, 2 * np.sqrt(turning * inertia), 0.5 * inertia, cap_nm]),
    )
