"""A connection to Bullet through its C interface, with the methods of :class:`.Client`.

The commands are those that pybullet sends, in the same order, so that a world is the same to the
bit. What is only seen, and pictures, stay with pybullet.
"""

import ctypes
import weakref
from collections.abc import Sequence
from itertools import chain, pairwise
from typing import Any

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.statics import GRAVITY_M_S2
from dmi_sim.files import text_as_file
from dmi_sim.physics.bullet import c_api
from dmi_sim.physics.bullet.client import (
    AT_REST,
    FREEZE_GAIN,
    SOLVER_ITERATIONS,
    SOLVER_RESIDUAL,
    UPRIGHT,
    BulletContact,
    Point,
)
from dmi_sim.physics.coordinates import JOINT_U, N_U
from dmi_sim.physics.scene import Form

_URDF_FLAGS = c_api.USE_INERTIA_FROM_FILE | c_api.USE_SELF_COLLISION | c_api.IGNORE_VISUAL_SHAPES
_LOCKING_FORCE = 1e3


def _doubles(numbers: Sequence[float]) -> Any:
    return (ctypes.c_double * len(numbers))(*numbers)


_REST = _doubles((0.0, 0.0, 0.0))


def _of_joints(base: int, numbers: list[float]) -> tuple[int, Any, Any]:
    """Count, coordinates, and which of them are given: all but the ``base`` first."""
    count = base + len(numbers)
    given = (ctypes.c_int * count)(*[0] * base, *[1] * len(numbers))
    return count, _doubles([0.0] * base + numbers), given


class DirectClient:
    """One physics world without a window; freed when it is closed or nobody refers to it.

    Args:
        dt_s: Physics step [s].
        lib: Bullet's functions, see :func:`.c_api.library`.
    """

    def __init__(self, dt_s: float, lib: Any) -> None:
        self._lib = lib
        self._handle: int | None = lib.b3ConnectPhysicsDirect()
        # Without it a world that nobody closed would keep its 28 MB until the process ends.
        self._disconnect = weakref.finalize(self, lib.b3DisconnectSharedMemory, self._handle)
        self._disconnect.atexit = False
        self._dt_s = dt_s
        self.clear()

    @property
    def id(self) -> int:
        """The handle of the connection.

        Raises:
            RuntimeError: If the connection was closed.
        """
        if self._handle is None:
            raise RuntimeError("this physics client is closed")
        return self._handle

    def close(self) -> None:
        """End the connection; a second call does nothing."""
        self._disconnect()
        self._handle = None

    def _submit(self, command: int) -> int:
        """The status with which Bullet answers a command."""
        return self._lib.b3SubmitClientCommandAndWaitStatus(self.id, command)

    def clear(self) -> None:
        """Empty the world and set gravity, step and solver anew."""
        lib = self._lib
        self._submit(lib.b3InitResetSimulationCommand(self.id))
        command = lib.b3InitPhysicsParamCommand(self.id)
        lib.b3PhysicsParamSetNumSolverIterations(command, SOLVER_ITERATIONS)
        lib.b3PhysicsParamSetSolverResidualThreshold(command, SOLVER_RESIDUAL)
        lib.b3PhysicsParamSetTimeStep(command, self._dt_s)
        lib.b3PhysicsParamSetEnableFileCaching(command, 0)
        lib.b3PhysicsParameterSetDeterministicOverlappingPairs(command, 1)
        self._submit(command)
        command = lib.b3InitPhysicsParamCommand(self.id)
        lib.b3PhysicsParamSetGravity(command, 0.0, 0.0, -GRAVITY_M_S2)
        self._submit(command)

    def use_high_accuracy_solver(self) -> None:
        """Solve contacts and motors to high accuracy, slowly, until :meth:`clear`."""
        command = self._lib.b3InitPhysicsParamCommand(self.id)
        self._lib.b3PhysicsParamSetNumSolverIterations(command, 6 * SOLVER_ITERATIONS)
        self._lib.b3PhysicsParamSetSolverResidualThreshold(command, 1e-4 * SOLVER_RESIDUAL)
        self._submit(command)

    def add_obstacle(self, form: Form, pos: Point, quaternion: Point = UPRIGHT) -> int:
        """Add a solid without mass, see :meth:`.Client.add_obstacle`; gives its body id."""
        lib, (kind, sizes) = self._lib, form
        command = lib.b3CreateCollisionShapeCommandInit(self.id)
        if kind == "box":
            lib.b3CreateCollisionShapeAddBox(command, _doubles(sizes))
        else:
            lib.b3CreateCollisionShapeAddCapsule(command, *sizes)
        shape = lib.b3GetStatusCollisionShapeUniqueId(self._submit(command))
        command = lib.b3CreateMultiBodyCommandInit(self.id)
        at = (_doubles(pos), _doubles(quaternion))
        own_frame = (_doubles((0.0, 0.0, 0.0)), _doubles(UPRIGHT))
        lib.b3CreateMultiBodyBase(command, 0.0, shape, -1, *at, *own_frame)
        solid = lib.b3GetStatusBodyIndex(self._submit(command))
        command = lib.b3InitChangeDynamicsInfo(self.id)
        lib.b3ChangeDynamicsInfoSetLateralFriction(command, solid, -1, 1.0)
        self._submit(command)
        return solid

    def add_body(self, urdf: str) -> int:
        """Load a body from URDF text and give its id.

        Raises:
            RuntimeError: If Bullet cannot load it.
        """
        lib = self._lib
        with text_as_file(urdf) as path:
            command = lib.b3LoadUrdfCommandInit(self.id, str(path).encode())
            lib.b3LoadUrdfCommandSetFlags(command, _URDF_FLAGS)
            lib.b3LoadUrdfCommandSetStartPosition(command, 0.0, 0.0, 0.0)
            lib.b3LoadUrdfCommandSetStartOrientation(command, *UPRIGHT)
            body = lib.b3GetStatusBodyIndex(self._submit(command))
        if body < 0:
            raise RuntimeError("Bullet cannot load the URDF of the infant")
        return body

    def _joints(self, body: int) -> list[c_api.JointInfo]:
        found = [c_api.JointInfo() for _ in range(self._lib.b3GetNumJoints(self.id, body))]
        for j, info in enumerate(found):
            self._lib.b3GetJointInfo(self.id, body, j, ctypes.byref(info))
        return found

    def joint_names(self, body: int) -> list[str]:
        """Names of the joints in the order of their indices."""
        return [info.joint_name.decode() for info in self._joints(body)]

    def release_motors(self, body: int) -> None:
        """Switch off the motors with which Bullet locks every joint of a new body."""
        lib = self._lib
        for info in self._joints(body):
            if info.joint_type == c_api.SPHERICAL_JOINT:
                self._hold_ball(body, info, UPRIGHT, gain=0.0, force=0.0)
                continue
            command = lib.b3JointControlCommandInit2(self.id, body, c_api.VELOCITY_CONTROL)
            lib.b3JointControlSetDesiredVelocity(command, info.u_index, 0.0)
            lib.b3JointControlSetKd(command, info.u_index, 1.0)
            lib.b3JointControlSetMaximumForce(command, info.u_index, 0.0)
            self._submit(command)

    def lock_motors(self, body: int, positions: Sequence[Point]) -> None:
        """Hold every joint where it is with strong motors, as a rigid body."""
        lib = self._lib
        for info, position in zip(self._joints(body), positions, strict=True):
            if len(position) == 4:
                self._hold_ball(body, info, position, gain=FREEZE_GAIN, force=_LOCKING_FORCE)
                continue
            command = lib.b3JointControlCommandInit2(self.id, body, c_api.POSITION_CONTROL)
            lib.b3JointControlSetDesiredPosition(command, info.q_index, position[0])
            lib.b3JointControlSetKp(command, info.u_index, FREEZE_GAIN)
            lib.b3JointControlSetDesiredVelocity(command, info.u_index, 0.0)
            lib.b3JointControlSetKd(command, info.u_index, 1.0)
            lib.b3JointControlSetMaximumForce(command, info.u_index, _LOCKING_FORCE)
            self._submit(command)

    def _hold_ball(
        self, body: int, info: c_api.JointInfo, quaternion: Point, *, gain: float, force: float
    ) -> None:
        lib, u = self._lib, info.u_index
        command = lib.b3JointControlCommandInit2(self.id, body, c_api.POSITION_CONTROL)
        lib.b3JointControlSetDesiredPositionMultiDof(command, info.q_index, _doubles(quaternion), 4)
        lib.b3JointControlSetKp(command, u, gain)
        lib.b3JointControlSetKd(command, u, 1.0)
        lib.b3JointControlSetDesiredForceTorqueMultiDof(command, u, _doubles((force,) * 3), 3)
        lib.b3JointControlSetDamping(command, u, 1.0)
        self._submit(command)

    def set_surface(self, body: int, link: int, friction: float) -> None:
        """Set the friction of a link, and no damping of Bullet's own (one call covers the body)."""
        command = self._lib.b3InitChangeDynamicsInfo(self.id)
        self._lib.b3ChangeDynamicsInfoSetLateralFriction(command, body, link, friction)
        self._lib.b3ChangeDynamicsInfoSetLinearDamping(command, body, 0.0)
        self._lib.b3ChangeDynamicsInfoSetAngularDamping(command, body, 0.0)
        self._lib.b3ChangeDynamicsInfoSetJointDamping(command, body, link, 0.0)
        self._submit(command)

    def set_collision_filter(self, body: int, link: int, group: int, others: int) -> None:
        """Let a link touch what it may, see :meth:`.Client.set_collision_filter`."""
        command = self._lib.b3CollisionFilterCommandInit(self.id)
        self._lib.b3SetCollisionFilterGroupMask(command, body, link, group, AT_REST | others)
        self._submit(command)

    def detect_collisions(self) -> None:
        """Run one collision pass, without which a snapshot does not restore exactly."""
        self._submit(self._lib.b3InitPerformCollisionDetectionCommand(self.id))

    def save(self) -> int:
        """Take a snapshot and give its id."""
        status = self._submit(self._lib.b3SaveStateCommandInit(self.id))
        return self._lib.b3GetStatusGetStateId(status)

    def restore(self, snapshot: int) -> None:
        """Return to a snapshot."""
        command = self._lib.b3LoadStateCommandInit(self.id)
        self._lib.b3LoadStateSetStateId(command, snapshot)
        self._submit(command)

    def step(self) -> None:
        """Advance by one physics step."""
        self._submit(self._lib.b3InitStepSimulationCommand(self.id))

    def set_base(self, body: int, pos: Point, quaternion: Point) -> None:
        """Put the base's centre of mass at a pose, at rest."""
        command = self._lib.b3CreatePoseCommandInit(self.id, body)
        self._lib.b3CreatePoseCommandSetBasePosition(command, *pos)
        self._lib.b3CreatePoseCommandSetBaseOrientation(command, *quaternion)
        self._lib.b3CreatePoseCommandSetBaseLinearVelocity(command, _REST)
        self._lib.b3CreatePoseCommandSetBaseAngularVelocity(command, _REST)
        self._submit(command)

    def set_base_velocity(self, body: int, linear: Point, angular: Point) -> None:
        """Set the velocity of the base's centre of mass [m/s] and its angular velocity [rad/s]."""
        command = self._lib.b3CreatePoseCommandInit(self.id, body)
        self._lib.b3CreatePoseCommandSetBaseLinearVelocity(command, _doubles(linear))
        self._lib.b3CreatePoseCommandSetBaseAngularVelocity(command, _doubles(angular))
        self._submit(command)

    def set_joints(
        self, body: int, positions: Sequence[Point], velocities: Sequence[Point]
    ) -> None:
        """Put all joints at positions (quaternion or angle) and velocities (child frame)."""
        q, u = list(chain(*positions)), list(chain(*velocities))
        command = self._lib.b3CreatePoseCommandInit(self.id, body)
        self._lib.b3CreatePoseCommandSetQ(command, *_of_joints(7, q))
        self._lib.b3CreatePoseCommandSetQdots(command, *_of_joints(6, u))
        self._submit(command)

    def read(self, body: int, q: Vector, u: Vector) -> None:
        """Write the positions and velocities of a body, see :mod:`dmi_sim.physics.coordinates`."""
        lib, found = self._lib, (ctypes.c_void_p * 2)()
        status = self._submit(lib.b3RequestActualStateCommandInit(self.id, body))
        at = ctypes.addressof(found)
        if not lib.b3GetStatusActualState(status, None, None, None, None, at, at + 8, None):
            raise RuntimeError(f"Bullet does not know the body {body}")
        ctypes.memmove(q.ctypes.data, found[0], q.nbytes)
        ctypes.memmove(u.ctypes.data, found[1], u.nbytes)

    def apply_torques(self, body: int, torque: Vector) -> None:
        """Apply joint torques conjugate to ``u`` for the next step [N m], shape (34,)."""
        command = self._lib.b3JointControlCommandInit2(self.id, body, c_api.TORQUE_CONTROL)
        for start, end in pairwise([*JOINT_U.tolist(), N_U]):
            self._lib.b3JointControlSetDesiredForceTorqueMultiDof(
                command, start, torque[start - 6 :].ctypes.data, end - start
            )
        self._submit(command)

    def apply_force(self, body: int, link: int, force: Point, pos: Point) -> None:
        """Apply a force to a link for the next step [N] at a point [m], world."""
        command = self._lib.b3ApplyExternalForceCommandInit(self.id)
        at = (_doubles(force), _doubles(pos), c_api.WORLD_FRAME)
        self._lib.b3ApplyExternalForce(command, body, link, *at)
        self._submit(command)

    def apply_torque(self, body: int, link: int, torque: Point) -> None:
        """Apply a torque to a link for the next step [N m], world."""
        command = self._lib.b3ApplyExternalForceCommandInit(self.id)
        self._lib.b3ApplyExternalTorque(command, body, link, _doubles(torque), c_api.WORLD_FRAME)
        self._submit(command)

    def _contact_points(self, body: int) -> Any:
        """The contact points of a body, an array of :data:`.c_api.CONTACT_POINT`."""
        command = self._lib.b3InitRequestContactPointInformation(self.id)
        self._lib.b3SetContactFilterBodyA(command, body)
        self._submit(command)
        found = c_api.ContactInformation()
        self._lib.b3GetContactPointInformation(self.id, ctypes.byref(found))
        size = found.count * c_api.CONTACT_POINT.itemsize
        data = ctypes.string_at(found.points, size) if size else b""
        return np.frombuffer(data, dtype=c_api.CONTACT_POINT)

    def contacts(self, body: int) -> list[BulletContact]:
        """Contacts of a body."""
        names = ("body_b", "link_a", "link_b", "distance", "normal_force")
        found = self._contact_points(body)
        columns = (found[name].tolist() for name in names)
        return [BulletContact(*row) for row in zip(*columns, strict=True)]

    def contact_forces(self, body: int) -> Vector:
        """Contact points [m] and forces [N] of other bodies on a body, world, shape (n, 6)."""
        found = self._contact_points(body)
        c = found[found["body_b"] != body]
        force = c["normal"] * c["normal_force"][:, None]
        force = force + c["friction_direction_1"] * c["friction_force_1"][:, None]
        force = force + c["friction_direction_2"] * c["friction_force_2"][:, None]
        return np.hstack([c["pos_on_b"], force])
