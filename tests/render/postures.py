"""How deep the limbs of an infant are in its trunk as it is drawn."""

import numpy as np

from dmi_sim.anatomy import SEGMENTS
from dmi_sim.arrays import Vector
from dmi_sim.body.rotation import conjugate, rotated
from dmi_sim.infant import Infant
from dmi_sim.physics.state import State
from dmi_sim.render.cloth import romper, slice_poses
from dmi_sim.render.drawable import Drawable
from dmi_sim.render.frames import Poses, frame_poses
from dmi_sim.render.scene import body_drawables, world_poses
from dmi_sim.render.shapes import Shape, visual_shapes

BEYOND_THE_JOINT = 0.5
"""Share of an upper arm or a thigh, from its far end, that has no business in the trunk."""


def depth_in_trunk(infant: Infant, state: State) -> dict[str, float]:
    """How deep the axes of limbs are in the trunk: 0 on its skin or outside, 1 in its middle.

    Upper arms and thighs begin inside and are looked at from their middle on.

    Args:
        infant: The infant.
        state: A state of it.
    """
    shapes = visual_shapes(infant)
    frames = frame_poses(state)
    limbs = [one for one in body_drawables(shapes) if SEGMENTS[one.frame].side]
    return {
        f"{SEGMENTS[limb.frame].name}/{limb.kind}": _depth(shapes, frames, limb) for limb in limbs
    }


def _depth(shapes: tuple[Shape, ...], frames: Poses, limb: Drawable) -> float:
    rings = [ring for cloth in romper(shapes) for ring in cloth.rings]
    planes = slice_poses(rings, frames)
    half_axes = np.array([ring.half_axes_m for ring in rings])
    points = _axis(frames, limb)[:, None]
    local = rotated(conjugate(planes.quaternion), points - planes.position_m)
    nearest = np.abs(local[..., 2]).argmin(axis=1)
    here = np.take_along_axis(local, nearest[:, None, None], axis=1)[:, 0]
    last = len(rings) - 1
    is_below, is_above = (nearest == 0) & (here[:, 2] < 0), (nearest == last) & (here[:, 2] > 0)
    is_beside = (np.abs(here[:, 2]) < 0.03) & ~is_below & ~is_above
    depth = 1 - np.linalg.norm(here[:, :2] / half_axes[nearest], axis=1)
    return float(np.where(is_beside, depth, 0.0).clip(0.0).max())


def _axis(frames: Poses, limb: Drawable) -> Vector:
    """Points on the axis of a solid, without the end at a joint with the trunk, world [m]."""
    pose = world_poses([limb], frames)
    half_m = limb.size_m[1] / 2 if limb.kind == "capsule" else limb.size_m[2]
    is_rooted = SEGMENTS[limb.frame].kind in ("upper_arm", "thigh")
    # Capsules run along +z from their joint on.
    along = np.linspace(2 * BEYOND_THE_JOINT - 1 if is_rooted else -1.0, 1.0, 15) * half_m
    return pose.position_m[0] + rotated(pose.quaternion[0], along[:, None] * (0.0, 0.0, 1.0))
