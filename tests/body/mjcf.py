"""The same body for MuJoCo, an engine that shares no line with Bullet or with our kinematics."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any

import numpy as np

from dmi_sim.body.arrays import Vector
from dmi_sim.body.axes import AXES
from dmi_sim.body.kinematics import attitudes
from dmi_sim.body.segments import Segment
from dmi_sim.infant import Infant

mujoco: Any = import_module("mujoco")
"""Its compiled module has no type stubs."""


def model_of(infant: Infant) -> Any:
    """A free-floating MuJoCo model: ball joints and hinges, inertia with the floor."""
    body = "".join(_body(infant.parts[0], infant.parts))
    return mujoco.MjModel.from_xml_string(f"<mujoco><worldbody>{body}</worldbody></mujoco>")


def _words(values: Iterable[float]) -> str:
    return " ".join(repr(float(value)) for value in values)


def _body(part: Segment, parts: tuple[Segment, ...]) -> Iterator[str]:
    moments = [moment + part.inertia_floor_kgm2 for moment in part.inertia_kgm2]
    yield f'<body name="{part.place.name}" pos="{_words(part.joint_m)}">'
    yield _joint(part)
    yield f'<inertial pos="{_words(part.com_m)}" mass="{part.mass_kg!r}"'
    yield f' diaginertia="{_words(moments)}"/>'
    for child in parts:
        if child.place.parent == part.place.name:
            yield from _body(child, parts)
    yield "</body>"


def _joint(part: Segment) -> str:
    if not part.place.joint:
        return "<freejoint/>"
    kind = 'type="hinge" axis="0 1 0"' if part.place.is_hinge else 'type="ball"'
    return f'<joint name="{part.place.joint}" {kind}/>'


def rotation_vector_jacobian(theta: Vector) -> Vector:
    """Child-frame angular velocity per rate of a rotation vector: MuJoCo differentiates.

    Column k is the rotation from ``theta - h e_k`` to ``theta + h e_k``, over 2 h.
    """
    columns = np.empty((3, 3))
    step = 1e-4
    for k, shift in enumerate(np.eye(3) * step):
        before, after = _quaternion(theta - shift), _quaternion(theta + shift)
        mujoco.mju_subQuat(columns[k], after, before)
    return columns.T / (2 * step)


def _quaternion(theta: Vector) -> Vector:
    angle = float(np.linalg.norm(theta))
    out = np.empty(4)
    mujoco.mju_axisAngle2Quat(out, theta / angle if angle else np.array([1.0, 0, 0]), angle)
    return out


def mass_matrix(model: Any, angle_rad: Vector) -> Vector:
    """MuJoCo's mass matrix over our coordinates, shape (40, 40), pelvis at the world's origin."""
    data = mujoco.MjData(model)
    theta = attitudes(angle_rad)
    data.qpos[3:7] = [1, 0, 0, 0]
    rates = np.zeros((model.nv, 6 + len(AXES)))
    rates[:6, :6] = np.eye(6)
    for column, axis in enumerate(AXES, start=6):
        joint = model.joint(axis.joint)
        start, speed = joint.qposadr[0], joint.dofadr[0]
        if joint.type[0] == mujoco.mjtJoint.mjJNT_HINGE:
            data.qpos[start] = theta[axis.joint_index, 1]
            rates[speed, column] = axis.sign
        else:
            own = theta[axis.joint_index]
            data.qpos[start : start + 4] = _quaternion(own)
            turn = rotation_vector_jacobian(own)[:, axis.component]
            rates[speed : speed + 3, column] = axis.sign * turn
    mujoco.mj_forward(model, data)
    full = np.zeros((model.nv, model.nv))
    mujoco.mj_fullM(model, data, full)
    return rates.T @ full @ rates


def turned(quaternion: Vector, rotation_vector: Vector, *, in_world: bool = False) -> Vector:
    """A quaternion (x, y, z, w) after a further small turn, in its own frame or in the world's."""
    own, turn, out = quaternion[[3, 0, 1, 2]], _quaternion(rotation_vector), np.empty(4)
    mujoco.mju_mulQuat(out, *((turn, own) if in_world else (own, turn)))
    return out[[1, 2, 3, 0]]
