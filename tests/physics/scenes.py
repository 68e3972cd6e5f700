"""Passive motions of an infant that Bullet and MuJoCo play under the same laws of force."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dmi_sim.anatomy import AXIS_INDEX
from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import N_AXES, N_JOINTS
from dmi_sim.body.rotation import rotation_vector_of
from dmi_sim.body.segments import SEGMENTS
from dmi_sim.infant import Infant
from dmi_sim.physics.bullet.engine import BulletEngine
from dmi_sim.physics.pose import UPRIGHT, Pose
from tests.body import peer
from tests.body.peer import mujoco
from tests.physics.joints import joint_numbers
from tests.physics.readings import body, joints, read

FRAMES_PER_S = 30
HEAD = 4
TRUNK_AND_HEAD = {1, 2, 3, 4}
"""Segments whose touch ends a fall; their bodies in MuJoCo count from 1."""
CONTACT_TIME_S = 0.002
"""Of MuJoCo's contacts, whose default is ten times softer: Bullet's floor is hard."""


@dataclass(frozen=True)
class Scene:
    """A body, where it starts at rest and what acts on it besides weight and floor.

    Attributes:
        infant: Whose body.
        start: Its pose.
        stiffness: Of each joint towards the straight body [N m/rad], shape (14,).
        damping: Of each joint [N m s/rad], shape (14,).
        hold: Hands carry the weight and keep the pelvis in place.
    """

    infant: Infant
    start: Pose
    stiffness: Vector
    damping: Vector
    hold: bool = False

    def joint_torques(self, quat: Vector, spin: Vector) -> Vector:
        """Torques on the children in their frames [N m], as an engine takes them, shape (34,)."""
        theta = np.array([rotation_vector_of(own) for own in quat])
        return joint_numbers(-self.stiffness[:, None] * theta - self.damping[:, None] * spin)

    def hands(self, moved: Vector, velocity: Vector, quat: Vector, spin: Vector) -> Vector:
        """Force [N] on the pelvis' centre of mass and torque [N m], world, shape (6,)."""
        mass, inertia = self.infant.mass_kg, self.infant.mass_kg * self.infant.length_m**2
        force = mass * (-300 * moved - 30 * velocity + np.array([0, 0, peer.GRAVITY_M_S2]))
        return np.concatenate([force, -inertia * (30 * rotation_vector_of(quat) + 0.3 * spin)])


class Trace(NamedTuple):
    """What an engine makes of a scene, 30 times a second.

    Attributes:
        angle_rad: Anatomical angles, shape (n, 34).
        com_m: Centre of mass of the body, world, shape (n, 3).
        head_m: Centre of mass of the head, world, shape (n, 3).
        has_landed: Whether trunk or head touch the floor or the legs, shape (n,).
    """

    angle_rad: Vector
    com_m: Vector
    head_m: Vector
    has_landed: NDArray[np.bool_]


def swinging_leg(infant: Infant) -> Scene:
    """Held upright in the air, the straightened left leg let go from 60 degrees in front."""
    angle = np.zeros(N_AXES)
    angle[AXIS_INDEX["left_hip.flexion"]] = np.radians(60)
    angle[AXIS_INDEX["left_knee.flexion"]] = np.radians(20)
    free = np.array([place.joint in ("left_hip", "left_knee") for place in SEGMENTS[1:]])
    weight_nm = infant.mass_kg * peer.GRAVITY_M_S2 * infant.length_m
    inertia = infant.mass_kg * infant.length_m**2
    return Scene(
        infant,
        Pose(np.array([0.0, 0.0, 5.0]), UPRIGHT, angle),
        stiffness=np.where(free, 0.0, 0.2 * weight_nm),
        damping=np.where(free, 0.006, 0.04) * inertia,
        hold=True,
    )


def collapse(infant: Infant, start: Pose) -> Scene:
    """Let go from sitting: nothing but a little friction in the joints."""
    damping = np.full(N_JOINTS, 0.02 * infant.mass_kg * infant.length_m**2)
    return Scene(infant, start, np.zeros(N_JOINTS), damping)


def in_bullet(scene: Scene, physics_hz: int, seconds: float = 1.0) -> Trace:
    """The scene in our engine."""
    engine = BulletEngine(scene.infant, 1 / physics_hz)
    engine.set_pose(scene.start)
    origin, frames = read(engine)[0][:3], [_seen(engine)]
    for _ in range(round(seconds * FRAMES_PER_S)):
        for _ in range(physics_hz // FRAMES_PER_S):
            _step(engine, scene, origin)
        frames.append(_seen(engine))
    engine.close()
    return Trace(*map(np.array, zip(*frames, strict=True)))


def _step(engine: BulletEngine, scene: Scene, origin: Vector) -> None:
    _, _, quat, spin = joints(engine)
    engine.apply_torques(scene.joint_torques(quat, spin))
    if scene.hold:
        q, u = read(engine)
        wrench = scene.hands(q[:3] - origin, u[:3], q[3:7], u[3:6]).tolist()
        engine.apply_force(0, wrench[:3], q[:3].tolist())
        engine.apply_torque(0, wrench[3:])
    engine.step()


def _seen(engine: BulletEngine) -> tuple[Vector, Vector, Vector, bool]:
    seen = body(engine)
    head = seen["pos"][HEAD] + seen["matrix"][HEAD] @ engine.masses.com_m[HEAD]
    touching = {one.segment for one in engine.contacts() if one.normal_force_n > 0}
    return seen["angle"], seen["com"], head, bool(touching & TRUNK_AND_HEAD)


def in_mujoco(scene: Scene, physics_hz: int, seconds: float = 1.0) -> Trace:
    """The scene in MuJoCo, with its own springs and dampers, by Runge-Kutta of fourth order."""
    model = _model(scene, physics_hz)
    start = scene.start
    data = peer.posed(model, start.pelvis_pos_world, start.pelvis_quat_world, start.angle_rad)
    origin, frames = data.xipos[1].copy(), [_seen_by_peer(model, data)]
    steps = physics_hz // FRAMES_PER_S
    for _ in range(round(seconds * FRAMES_PER_S)):
        if scene.hold:
            for _ in range(steps):
                data.xfrc_applied[1] = _hands_in_mujoco(model, data, scene, origin)
                mujoco.mj_step(model, data)
        else:
            mujoco.mj_step(model, data, steps)
        mujoco.mj_forward(model, data)
        frames.append(_seen_by_peer(model, data))
    return Trace(*map(np.array, zip(*frames, strict=True)))


def _model(scene: Scene, physics_hz: int) -> Any:
    model = peer.model_of(scene.infant, floor=True)
    model.opt.timestep = 1 / physics_hz
    model.opt.integrator = mujoco.mjtIntegrator.mjINT_RK4
    model.opt.cone = mujoco.mjtCone.mjCONE_ELLIPTIC
    model.geom_solref[:, 0] = model.pair_solref[:, 0] = CONTACT_TIME_S
    for j, place in enumerate(SEGMENTS[1:]):
        model.joint(place.joint).stiffness[:] = scene.stiffness[j]
        model.joint(place.joint).damping[:] = scene.damping[j]
    return model


def _hands_in_mujoco(model: Any, data: Any, scene: Scene, origin: Vector) -> Vector:
    velocity = np.empty(6)  # spin first
    mujoco.mj_objectVelocity(model, data, mujoco.mjtObj.mjOBJ_BODY, 1, velocity, 0)
    quat = data.xquat[1][[1, 2, 3, 0]]
    return scene.hands(data.xipos[1] - origin, velocity[3:], quat, velocity[:3])


def _seen_by_peer(model: Any, data: Any) -> tuple[Vector, Vector, Vector, bool]:
    head = data.xipos[model.body("head").id].copy()
    touching = {int(body) - 1 for body in model.geom_bodyid[data.contact.geom].ravel()}
    landed = bool(touching & TRUNK_AND_HEAD)
    return peer.angles(model, data), data.subtree_com[1].copy(), head, landed
