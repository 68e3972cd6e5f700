"""The state of the world at one control step: plain arrays, made once, read by everybody."""

from dataclasses import dataclass, field

import numpy as np

from dmi_sim.arrays import Vector


@dataclass(frozen=True, slots=True)
class State:
    """A frozen snapshot; segments and axes in the order of ``SEGMENTS`` and ``AXES``.

    Attributes:
        time_s: Time since the start of the episode [s].
        segment_pos_world: Origins of the segment frames [m], shape (15, 3).
        segment_quat_world: Orientations (x, y, z, w), shape (15, 4).
        segment_matrix_world: Orientations as rotation matrices, shape (15, 3, 3).
        segment_angular_velocity_own: Angular velocities in the segment frames [rad/s], (15, 3).
        joint_angle_rad: Anatomical angles [rad], shape (34,).
        joint_velocity_rad_s: Rates of the anatomical angles [rad/s], shape (34,).
        activation: Activation of the muscles [0..1], shape (n,).
        com_m: Centre of mass of the body, world [m], shape (3,).
        com_velocity_m_s: Velocity of the centre of mass, world [m/s], shape (3,).
        head_height_m: Height of the head's centre of mass above the floor [m].
        upright_rad: Tilt of the line from pelvis to C7 from the vertical [rad].
        support_force_n: Mean norm of the summed hand force over the last control step [N].
        support_share: Mean upward hand force over body weight in the last control step.
        support_pos_world: Attachment points of the hands [m], shape (h, 3).
        support_force_world: Mean force of each hand on the infant [N], shape (h, 3).
        support_work_j: Mechanical work of the hands since the start of the episode [J], shape (2,):
            done on the infant, and taken from it while it moved against them (negative).
        muscle_work_j: Mechanical work of the active fibres since the start of the episode [J],
            shape (2,): of muscles that shorten (concentric), and of muscles that are stretched
            (eccentric, negative); passive tissue does not count.
        push_force_world: Summed force of all pushes and pulls now [N], shape (3,).
        push_pos_world: Point where the largest of them acts [m], shape (3,).
        support_site: Name of the support that holds now; ``none`` without hands.
        support_strength: Its strength, 0 to 1; 0 without hands.
        platform: Shift of the platform along x, y [m] and its tilt about x, y [rad], world, shape
            (4,); zeros without one.
    """

    time_s: float
    segment_pos_world: Vector
    segment_quat_world: Vector
    segment_matrix_world: Vector
    segment_angular_velocity_own: Vector
    joint_angle_rad: Vector
    joint_velocity_rad_s: Vector
    activation: Vector
    com_m: Vector
    com_velocity_m_s: Vector
    head_height_m: float
    upright_rad: float
    support_force_n: float
    support_share: float
    support_pos_world: Vector
    support_force_world: Vector
    push_force_world: Vector
    push_pos_world: Vector
    support_work_j: Vector = field(default_factory=lambda: np.zeros(2))
    muscle_work_j: Vector = field(default_factory=lambda: np.zeros(2))
    platform: Vector = field(default_factory=lambda: np.zeros(4))
    support_site: str = "none"
    support_strength: float = 0.0
