"""The frames that all solids are fixed to, and their poses at one time or at many.

Frames are the segments of the body, the therapist's hands, a push, the platform and the world.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import N_SEGMENTS
from dmi_sim.body.rotation import products, quaternions_from_z, quaternions_of, rotated
from dmi_sim.physics.state import State
from dmi_sim.recording import Recording

FRAMES = (
    *(segment.name for segment in SEGMENTS), "left_hand", "right_hand", "push", "platform", "world",
)  # fmt: skip
"""Names of the frames, segments first."""
LEFT_HAND, RIGHT_HAND, PUSH, PLATFORM, WORLD = range(N_SEGMENTS, len(FRAMES))
"""Indices of the frames after those of the segments.

A hand has its origin in the palm and +y away from the skin, a push its origin in the infant's
centre of mass and +z along the force, the platform its origin in the middle of its top.
"""
IDENTITY = (0.0, 0.0, 0.0, 1.0)
"""Quaternion (x, y, z, w) of no rotation."""


@dataclass(frozen=True)
class Poses:
    """Positions and orientations of n frames or solids, at one time or at many.

    Attributes:
        position_m: Positions [m], shape (..., n, 3); NaN if there is nothing to draw.
        quaternion: Orientations (x, y, z, w), shape (..., n, 4).
    """

    position_m: Vector
    quaternion: Vector

    def at(self, step: int) -> "Poses":
        """The poses at one of many steps; a negative step counts from the end."""
        return Poses(self.position_m[step], self.quaternion[step])

    def attached(self, frames: Sequence[int], local: "Poses") -> "Poses":
        """World poses of n solids that are fixed to some of these frames.

        Args:
            frames: Index of the frame of each solid.
            local: Poses of the solids in their frames, shapes (n, 3) and (n, 4).
        """
        orientation = self.quaternion[..., frames, :]
        position = self.position_m[..., frames, :] + rotated(orientation, local.position_m)
        return Poses(position, products(orientation, local.quaternion))


@dataclass(frozen=True)
class HandPlacement:
    """The placement of a therapist's left and right hand on segments.

    Attributes:
        segments: Index of the segment that each hand holds.
        local: Poses of the hands in the frames of these segments; NaN without a hand.
    """

    segments: tuple[int, int]
    local: Poses


NO_HANDS = HandPlacement((0, 0), Poses(np.full((2, 3), np.nan), np.tile(IDENTITY, (2, 1))))


def frame_poses(motion: State | Recording, hands: HandPlacement = NO_HANDS) -> Poses:
    """The poses of all frames, of a recording at every control step.

    Args:
        motion: A state, or a recording of T control steps.
        hands: Placement of the therapist's hands, the same at all times.

    Returns:
        Poses with shapes (20, 3) and (20, 4), or (T, 20, 3) and (T, 20, 4).
    """
    body = Poses(motion.segment_pos_world, motion.segment_quat_world)
    at_rest = np.zeros_like(motion.platform)  # a platform at rest has the frame of the world
    groups = (
        body,
        body.attached(hands.segments, hands.local),
        _push_pose(motion.com_m, motion.push_force_world),
        _platform_pose(motion.platform),
        _platform_pose(at_rest),
    )
    return Poses(
        np.concatenate([group.position_m for group in groups], axis=-2),
        np.concatenate([group.quaternion for group in groups], axis=-2),
    )


def _push_pose(com_m: Vector, force: Vector) -> Poses:
    is_pushed = np.any(force != 0, axis=-1, keepdims=True)
    position = np.where(is_pushed, com_m, np.nan)
    direction = np.where(is_pushed, force, (0.0, 0.0, 1.0))
    return Poses(position[..., None, :], quaternions_from_z(direction)[..., None, :])


def _platform_pose(platform: Vector) -> Poses:
    zero = np.zeros_like(platform[..., :1])
    position = np.concatenate((platform[..., :2], zero), axis=-1)
    tilt = np.concatenate((platform[..., 2:], zero), axis=-1)
    return Poses(position[..., None, :], quaternions_of(tilt)[..., None, :])
