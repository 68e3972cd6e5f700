"""The frames that everything drawn is fixed to, and where they are at a moment or at many.

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
    """Positions and orientations of n frames or solids, at one moment or at many.

    Attributes:
        position_m: Positions [m], shape (..., n, 3); NaN where there is nothing to draw.
        quaternion: Orientations (x, y, z, w), shape (..., n, 4).
    """

    position_m: Vector
    quaternion: Vector

    def at(self, moment: int) -> "Poses":
        """The poses at one of many moments; negative counts from the end."""
        return Poses(self.position_m[moment], self.quaternion[moment])

    def attached(self, frames: Sequence[int], local: "Poses") -> "Poses":
        """Poses in the world of what is fixed to some of these frames.

        Args:
            frames: Indices of the frames, n of them.
            local: Poses in the frames, shapes (n, 3) and (n, 4).
        """
        orientation = self.quaternion[..., frames, :]
        position = self.position_m[..., frames, :] + rotated(orientation, local.position_m)
        return Poses(position, products(orientation, local.quaternion))


@dataclass(frozen=True)
class HandPlacement:
    """What a therapist's left and right hand hold.

    Attributes:
        segments: Index of the segment that each hand holds.
        local: Poses of the hands in the frames of these segments; NaN where no hand is.
    """

    segments: tuple[int, int]
    local: Poses


NO_HANDS = HandPlacement((0, 0), Poses(np.full((2, 3), np.nan), np.tile(IDENTITY, (2, 1))))


def frame_poses(moments: State | Recording, hands: HandPlacement = NO_HANDS) -> Poses:
    """The poses of all frames, of a recording at every moment.

    Args:
        moments: A state, or a recording of T control steps.
        hands: Placement of the therapist's hands all along.

    Returns:
        Poses with shapes (20, 3) and (20, 4), or (T, 20, 3) and (T, 20, 4).
    """
    body = Poses(moments.segment_pos_world, moments.segment_quat_world)
    parts = (
        body,
        body.attached(hands.segments, hands.local),
        _push_pose(moments.com_m, moments.push_force_world),
        _platform_pose(moments.platform),
        _platform_pose(np.zeros_like(moments.platform)),  # at rest, its frame is the world's
    )
    return Poses(
        np.concatenate([part.position_m for part in parts], axis=-2),
        np.concatenate([part.quaternion for part in parts], axis=-2),
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
