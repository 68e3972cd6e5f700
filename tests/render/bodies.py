"""A body of fifteen segments that topples forward as one rigid piece, for tests without physics."""

from math import nan

import numpy as np

from dmi_sim.body.rotation import quaternions_of, rotated
from dmi_sim.recording import Recording
from dmi_sim.render.shapes import Clothing, Shape

HZ = 30
HEAD, PELVIS = 4, 0
SKULL_M = (0.07, 0.06, 0.08)
"""Half axes of the head [m], whose centre is one half axis above its joint."""
ORIGINS = np.array(
    [
        (0, 0, 0.07), (0, 0, 0.13), (0, 0, 0.19), (0, 0, 0.25), (0, 0, 0.33),
        (0, 0.08, 0.30), (0.05, 0.09, 0.20), (0.02, 0.05, 0.06), (0.15, 0.10, 0.06),
        (0.28, 0.12, 0.05),
        (0, -0.08, 0.30), (0.05, -0.09, 0.20), (0.02, -0.05, 0.06), (0.15, -0.10, 0.06),
        (0.28, -0.12, 0.05),
    ]
)  # fmt: skip


def shapes() -> tuple[Shape, ...]:
    """A ball for every segment, a head with hair, a capsule for the pelvis."""
    balls = [_ball(index, 0.03, "skin") for index in range(15) if index not in (HEAD, PELVIS)]
    skull = Shape("head", HEAD, "ellipsoid", (0, 0, 0.08), (0, 0, 0.08), SKULL_M, "skin")
    hair = Shape("head", HEAD, "ellipsoid", (0, 0, 0.1), (0, 0, 0.1), (0.07, 0.06, 0.07), "hair")
    seat = Shape(
        "pelvis", PELVIS, "capsule", (0, -0.04, 0), (0, 0.04, 0), (0.05, 0.05, 0.05), "trousers"
    )
    return (seat, *balls, skull, hair)


def _ball(index: int, radius: float, colour: Clothing) -> Shape:
    return Shape(
        f"s{index}", index, "ellipsoid", (0, 0, 0), (0, 0, 0), (radius, radius, radius), colour
    )


def toppling(seconds: float = 1.0, *, supported: bool = False, fell: bool = True) -> Recording:
    """A fall from upright to a right angle forward, with a push to the left after a third of it."""
    count = round(seconds * HZ) + 1
    lean = np.linspace(0, np.pi / 2 if fell else 0.0, count)
    turns = quaternions_of(lean[:, None] * np.array((0.0, 1.0, 0.0)))
    positions = rotated(turns[:, None, :], ORIGINS[None])
    push = np.zeros((count, 3))
    push[count // 3 : count // 3 + 3, 1] = 8.0
    return Recording(
        time_s=np.arange(count) / HZ,
        segment_pos_world=positions,
        segment_quat_world=np.repeat(turns[:, None], 15, axis=1),
        com_m=positions[:, 2],
        head_height_m=positions[:, HEAD, 2],
        upright_rad=lean,
        support_force_n=np.zeros(count),
        support_share=np.zeros(count),
        support_pos_world=positions[:, 3:4] if supported else np.zeros((count, 0, 3)),
        support_force_world=np.zeros((count, int(supported), 3)),
        support_site=np.full(count, "axillae" if supported else "none"),
        support_strength=np.full(count, float(supported)),
        push_force_world=push,
        activation_rms=np.zeros(count),
        activation=np.zeros((count, 2), dtype=np.float32),
        muscle_names=np.array(["left_multifidus", "left_rectus_abdominis"]),
        joint_angle_rad=np.zeros((count, 34)),
        joint_velocity_rad_s=np.zeros((count, 34)),
        com_velocity_m_s=np.zeros((count, 3)),
        cop_m=np.zeros((count, 3)),
        contact_force=np.zeros((count, 15)),
        contact_spheres=np.zeros((0, 5)),
        platform=np.zeros((count, 4)),
        support_work_j=np.zeros((count, 2)),
        muscle_work_j=np.zeros((count, 2)),
        mass_kg=8.0,
        stride_hz=nan,
        control_hz=HZ,
        fell=fell,
        is_success=not fell,
        completion=0.0 if fell else 1.0,
        physics_fault=False,
    )
