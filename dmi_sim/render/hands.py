"""The placement of a therapist's hands on the skin; in a state, supports act inside the body."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import atan2

import numpy as np
from numpy.typing import NDArray

from dmi_sim.anatomy import LEFT, RIGHT, SEGMENTS
from dmi_sim.arrays import Vector
from dmi_sim.body.rotation import conjugate, products, quaternions_of, rotated
from dmi_sim.physics.state import State
from dmi_sim.recording import Recording
from dmi_sim.render.drawable import Drawable
from dmi_sim.render.frames import IDENTITY, NO_HANDS, HandPlacement, Poses, frame_poses
from dmi_sim.render.scene import body_drawables, world_poses
from dmi_sim.render.shapes import Shape

_HALF_THICKNESS_M = 0.012
"""Distance of the middle of a palm from the skin [m]."""
_LEAST_RISE = 0.4
"""Least upward component of the direction of a forearm, whose length is about 1."""
_SEEN = (
    "segment_pos_world", "segment_quat_world", "com_m", "push_force_world", "platform",
    "support_pos_world",
)  # fmt: skip
"""Series of a recording from which the poses of all frames follow."""
_HALF_TURN_ABOUT_X = (1.0, 0.0, 0.0, 0.0)


def hand_placement(shapes: Sequence[Shape], motion: State | Recording) -> HandPlacement:
    """The placement of the hands at the first step: both on one segment, or each on a limb.

    Further supports beside a pair of limbs, such as the straps of a seat, are not drawn.

    Args:
        shapes: Solids of the infant's body.
        motion: A state or a recording.
    """
    points = _first(motion.support_pos_world)
    points = points[~np.isnan(points).any(axis=1)]  # a hand that does not hold has no point
    if len(points) == 0 or not shapes:
        return NO_HANDS
    body = Poses(_first(motion.segment_pos_world), _first(motion.segment_quat_world))
    solids = body_drawables(shapes)
    candidates = _candidates(solids, is_midline=len(points) == 1)
    pair = (points[0], points[:2][-1])  # the same where both hands act as one spring
    left, right = (_supported_segment(candidates, body, point) for point in pair)
    positions, quaternions = zip(
        _pose_in_segment(solids, body, left, pair[0], LEFT),
        _pose_in_segment(solids, body, right, pair[1], RIGHT),
        strict=True,
    )
    return HandPlacement((left, right), Poses(np.array(positions), np.array(quaternions)))


def frames_with_hands(shapes: Sequence[Shape], motion: State | Recording) -> Poses:
    """The poses of all frames, hands where they hold at each step, see :func:`.frame_poses`.

    Args:
        shapes: Solids of the infant's body.
        motion: A state, or a recording in which one support may follow another.
    """
    if isinstance(motion, State):
        return frame_poses(motion, hand_placement(shapes, motion))
    parts = [_steps_of(motion, grip) for grip in _grips(motion.support_site)]
    poses = [frame_poses(part, hand_placement(shapes, part)) for part in parts]
    return Poses(
        np.concatenate([pose.position_m for pose in poses]),
        np.concatenate([pose.quaternion for pose in poses]),
    )


def _grips(support_site: NDArray[np.str_]) -> list[slice]:
    """The steps for which one support holds after the other."""
    changes = np.flatnonzero(support_site[1:] != support_site[:-1]) + 1
    ends = [0, *changes.tolist(), len(support_site)]
    return [slice(first, end) for first, end in pairwise(ends)]


def _steps_of(recording: Recording, steps: slice) -> Recording:
    """Some steps of a recording, as far as a picture shows them."""
    return replace(recording, **{name: getattr(recording, name)[steps] for name in _SEEN})


def _first(values: Vector) -> Vector:
    """Values of the first step, (n, k), of a recording, (T, n, k), or of a state, (n, k)."""
    return values[0] if values.ndim == 3 else values


def _candidates(solids: Sequence[Drawable], *, is_midline: bool) -> list[Drawable]:
    """Solids that hands may support: trunk and head without the neck, or limbs."""
    kinds = ("ellipsoid",) if is_midline else ("ellipsoid", "capsule")
    found = (solid for solid in solids if (SEGMENTS[solid.frame].side == 0) == is_midline)
    return [solid for solid in found if solid.kind in kinds] or list(solids)


def _supported_segment(solids: Sequence[Drawable], body: Poses, point: Vector) -> int:
    """The segment of the solid in which a point [m] in the world, (3,), is deepest."""
    world = world_poses(solids, body)
    local = rotated(conjugate(world.quaternion), point - world.position_m)
    core, rounding = np.moveaxis(np.array([solid.core_and_rounding_m() for solid in solids]), 1, 0)
    share = np.linalg.norm((local - local.clip(-core, core)) / rounding, axis=1)
    return solids[int(np.argmin((share - 1) * rounding.min(axis=1)))].frame


def _pose_in_segment(
    solids: Sequence[Drawable], body: Poses, segment: int, point: Vector, side: int
) -> tuple[Vector, Vector]:
    """Position [m] and orientation of a hand on the skin beside a point in the world, (3,)."""
    back = conjugate(body.quaternion[segment])
    breadth_m = max(s.half_extents_m()[1] for s in solids if s.frame == segment)
    palm = rotated(back, point - body.position_m[segment])
    palm[1] += side * (breadth_m + _HALF_THICKNESS_M)
    forward, _, up = rotated(back, _forearm_direction(body, segment))
    turn = quaternions_of(np.array((0.0, atan2(up, -forward), 0.0)))
    return palm, products(turn, np.array(IDENTITY if side == LEFT else _HALF_TURN_ABOUT_X))


def _forearm_direction(body: Poses, segment: int) -> Vector:
    """Direction from palm to elbow: behind trunk or head, in front of limbs, never downward."""
    forward = -1.0 if SEGMENTS[segment].side == 0 else 1.0
    direction = rotated(body.quaternion[0], np.array((forward, 0.0, 0.0)))
    direction[2] = max(float(direction[2]), _LEAST_RISE)
    return direction
