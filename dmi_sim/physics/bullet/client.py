"""A connection to Bullet that knows its own id and refuses to work after it was closed.

Only the calls that the package needs, typed. The module-level API of pybullet falls back to client
0 when an id is forgotten, and ids are used again; neither can happen through this class.
"""

import weakref
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dmi_sim.arrays import Vector
from dmi_sim.body.statics import GRAVITY_M_S2
from dmi_sim.files import text_as_file
from dmi_sim.physics.bullet.meshes import lent_ellipsoid
from dmi_sim.physics.coordinates import JOINT_U, N_U
from dmi_sim.physics.scene import Form

Point = Sequence[float]
UPRIGHT = (0.0, 0.0, 0.0, 1.0)

AT_REST = 2
"""Collision group that Bullet gives to bodies without mass: floor, platform, furniture."""
FREEZE_GAIN = 0.5
"""Share of a joint's error that the motors of frozen joints correct in a step."""
SOLVER_ITERATIONS = 50
SOLVER_RESIDUAL = 1e-5
"""50 iterations that stop when converged cost as much as 10 fixed ones, and frozen joints hold."""

_JOINTS = list(range(len(JOINT_U)))
_JOINT_PARTS = [slice(start - 6, end - 6) for start, end in pairwise([*JOINT_U.tolist(), N_U])]
"""The part of the torques that belongs to each joint; a hinge given three numbers is ignored."""


class BulletContact(NamedTuple):
    """A contact point of a body.

    Attributes:
        other: Id of the other body.
        link: Own link; -1 is the base.
        other_link: Link of the other body.
        distance_m: Distance [m], negative where one is in the other.
        normal_force_n: Normal force in the last step [N].
    """

    other: int
    link: int
    other_link: int
    distance_m: float
    normal_force_n: float


def load_bullet() -> Any:
    """The pybullet module, imported when the first client is made."""
    import pybullet

    return pybullet


def _disconnect(bullet: Any, client_id: int | None) -> None:
    bullet.disconnect(physicsClientId=client_id)


class Client:
    """One physics world without a window; freed when it is closed or nobody refers to it.

    Args:
        dt_s: Physics step [s].
    """

    def __init__(self, dt_s: float) -> None:
        self._bullet = load_bullet()
        self._id: int | None = self._bullet.connect(self._bullet.DIRECT)
        # Without it a world that nobody closed would keep its 28 MB until the process ends.
        self._disconnect = weakref.finalize(self, _disconnect, self._bullet, self._id)
        self._disconnect.atexit = False
        self._dt_s = dt_s
        self.clear()

    @property
    def id(self) -> int:
        """The id of the connection.

        Raises:
            RuntimeError: If the connection was closed.
        """
        if self._id is None:
            raise RuntimeError("this physics client is closed")
        return self._id

    def close(self) -> None:
        """End the connection; a second call does nothing."""
        self._disconnect()
        self._id = None

    def clear(self) -> None:
        """Empty the world and set gravity, step and solver anew."""
        self._bullet.resetSimulation(physicsClientId=self.id)
        self._bullet.setPhysicsEngineParameter(
            fixedTimeStep=self._dt_s,
            numSolverIterations=SOLVER_ITERATIONS,
            solverResidualThreshold=SOLVER_RESIDUAL,
            deterministicOverlappingPairs=1,
            enableFileCaching=0,
            physicsClientId=self.id,
        )
        self._bullet.setGravity(0, 0, -GRAVITY_M_S2, physicsClientId=self.id)

    def use_high_accuracy_solver(self) -> None:
        """Solve contacts and motors to high accuracy, slowly, until :meth:`clear`."""
        self._bullet.setPhysicsEngineParameter(
            numSolverIterations=6 * SOLVER_ITERATIONS,
            solverResidualThreshold=1e-4 * SOLVER_RESIDUAL,
            physicsClientId=self.id,
        )

    def add_obstacle(self, form: Form, pos: Point, quaternion: Point = UPRIGHT) -> int:
        """Add a solid without mass to stand on or lean against, with friction 1; gives its body id.

        It stays where it is, or moves at the velocity it is given, whatever touches it.

        Args:
            form: ``box`` with half extents, or ``capsule`` with radius and length along z; all [m].
            pos: Centre [m], world.
            quaternion: Orientation (x, y, z, w).
        """
        b, (kind, sizes) = self._bullet, form
        geometry: dict[str, Any] = {
            "box": lambda: {"shapeType": b.GEOM_BOX, "halfExtents": sizes},
            "capsule": lambda: {
                "shapeType": b.GEOM_CAPSULE,
                "radius": sizes[0],
                "height": sizes[1],
            },
        }[kind]()
        shape = b.createCollisionShape(physicsClientId=self.id, **geometry)
        solid = b.createMultiBody(
            0, shape, basePosition=pos, baseOrientation=quaternion, physicsClientId=self.id
        )
        b.changeDynamics(solid, -1, lateralFriction=1.0, physicsClientId=self.id)
        return solid

    def add_body(self, urdf: str) -> int:
        """Load a body from URDF text and give its id."""
        b = self._bullet
        flags = (
            b.URDF_USE_INERTIA_FROM_FILE | b.URDF_USE_SELF_COLLISION | b.URDF_IGNORE_VISUAL_SHAPES
        )
        with text_as_file(urdf) as path:
            return b.loadURDF(path, flags=flags, physicsClientId=self.id)

    def joint_names(self, body: int) -> list[str]:
        """Names of the joints in the order of their indices."""
        count = self._bullet.getNumJoints(body, physicsClientId=self.id)
        return [
            self._bullet.getJointInfo(body, j, physicsClientId=self.id)[1].decode()
            for j in range(count)
        ]

    def release_motors(self, body: int) -> None:
        """Switch off the motors with which Bullet locks every joint of a new body."""
        b = self._bullet
        for j in range(b.getNumJoints(body, physicsClientId=self.id)):
            kind = b.getJointInfo(body, j, physicsClientId=self.id)[2]
            if kind == b.JOINT_SPHERICAL:
                self._hold_ball(body, j, [0, 0, 0, 1], gain=0, force=0)
            else:
                b.setJointMotorControl2(
                    body, j, b.VELOCITY_CONTROL, force=0, physicsClientId=self.id
                )

    def lock_motors(self, body: int, positions: Sequence[Point]) -> None:
        """Hold every joint where it is with strong motors, as a rigid body."""
        b = self._bullet
        for j, position in enumerate(positions):
            if len(position) == 4:
                self._hold_ball(body, j, position, gain=FREEZE_GAIN, force=1e3)
            else:
                b.setJointMotorControl2(
                    body,
                    j,
                    b.POSITION_CONTROL,
                    targetPosition=position[0],
                    positionGain=FREEZE_GAIN,
                    force=1e3,
                    physicsClientId=self.id,
                )

    def _hold_ball(
        self, body: int, joint: int, quaternion: Point, *, gain: float, force: float
    ) -> None:
        self._bullet.setJointMotorControlMultiDof(
            body,
            joint,
            self._bullet.POSITION_CONTROL,
            targetPosition=quaternion,
            positionGain=gain,
            velocityGain=1,
            force=[force] * 3,
            physicsClientId=self.id,
        )

    def set_surface(self, body: int, link: int, friction: float) -> None:
        """Set the friction of a link, and no damping of Bullet's own (one call covers the body)."""
        self._bullet.changeDynamics(
            body,
            link,
            lateralFriction=friction,
            linearDamping=0,
            angularDamping=0,
            jointDamping=0,
            physicsClientId=self.id,
        )

    def set_collision_filter(self, body: int, link: int, group: int, others: int) -> None:
        """Let a link touch bodies at rest, and links of the groups that allow each other.

        Args:
            body: Id of the link's body.
            link: Index of the link; -1 is the base.
            group: Bits of the link's own group, above :data:`AT_REST`.
            others: Bits of the groups that it may touch.
        """
        self._bullet.setCollisionFilterGroupMask(
            body, link, group, AT_REST | others, physicsClientId=self.id
        )

    def detect_collisions(self) -> None:
        """Run one collision pass, without which a snapshot does not restore exactly."""
        self._bullet.performCollisionDetection(physicsClientId=self.id)

    def save(self) -> int:
        """Take a snapshot and give its id."""
        return self._bullet.saveState(physicsClientId=self.id)

    def restore(self, snapshot: int) -> None:
        """Return to a snapshot."""
        self._bullet.restoreState(snapshot, physicsClientId=self.id)

    def step(self) -> None:
        """Advance by one physics step."""
        self._bullet.stepSimulation(physicsClientId=self._id)

    def set_base(self, body: int, pos: Point, quaternion: Point) -> None:
        """Put the base's centre of mass at a pose, at rest."""
        b = self._bullet
        b.resetBasePositionAndOrientation(body, pos, quaternion, physicsClientId=self.id)
        b.resetBaseVelocity(body, [0, 0, 0], [0, 0, 0], physicsClientId=self.id)

    def set_base_velocity(self, body: int, linear: Point, angular: Point) -> None:
        """Set the velocity of the base's centre of mass [m/s] and its angular velocity [rad/s]."""
        self._bullet.resetBaseVelocity(body, linear, angular, physicsClientId=self.id)

    def set_joints(
        self, body: int, positions: Sequence[Point], velocities: Sequence[Point]
    ) -> None:
        """Put all joints at positions (quaternion or angle) and velocities (child frame)."""
        self._bullet.resetJointStatesMultiDof(
            body,
            list(range(len(positions))),
            positions,
            targetVelocities=velocities,
            physicsClientId=self.id,
        )

    def read(self, body: int, q: Vector, u: Vector) -> None:
        """Write the positions and velocities of a body, see :mod:`dmi_sim.physics.coordinates`.

        A solid without joints has 7 and 6.
        """
        b, own = self._bullet, self._id
        pos, quaternion = b.getBasePositionAndOrientation(body, physicsClientId=own)
        linear, angular = b.getBaseVelocity(body, physicsClientId=own)
        positions, velocities = [*pos, *quaternion], [*linear, *angular]
        joints = range(b.getNumJoints(body, physicsClientId=own))
        if joints:
            for at, moving, _, _ in b.getJointStatesMultiDof(body, joints, physicsClientId=own):
                positions += at
                velocities += moving
        q[:], u[:] = positions, velocities

    def apply_torques(self, body: int, torque: Vector) -> None:
        """Apply joint torques conjugate to ``u`` for the next step [N m], shape (34,)."""
        numbers = torque.tolist()
        self._bullet.setJointMotorControlMultiDofArray(
            body,
            _JOINTS,
            self._bullet.TORQUE_CONTROL,
            forces=[numbers[part] for part in _JOINT_PARTS],
            physicsClientId=self._id,
        )

    def apply_force(self, body: int, link: int, force: Point, pos: Point) -> None:
        """Apply a force to a link for the next step [N] at a point [m], world."""
        self._bullet.applyExternalForce(
            body, link, force, pos, self._bullet.WORLD_FRAME, physicsClientId=self._id
        )

    def apply_torque(self, body: int, link: int, torque: Point) -> None:
        """Apply a torque to a link for the next step [N m], world."""
        self._bullet.applyExternalTorque(
            body, link, torque, self._bullet.WORLD_FRAME, physicsClientId=self._id
        )

    def add_solid(self, form: Form, colour: Sequence[float], pos: Point) -> int:
        """Add a solid that is only seen, without mass or contact; gives its body id.

        Args:
            form: ``box`` with half extents, ``ellipsoid`` with half axes, ``capsule`` with radius
                and length along z; all [m].
            colour: Red, green, blue, opacity [0..1].
            pos: Centre [m], world.
        """
        return self._bullet.createMultiBody(
            0,
            baseVisualShapeIndex=self._visual_shape(form, colour),
            basePosition=pos,
            physicsClientId=self.id,
        )

    def _visual_shape(self, form: Form, colour: Sequence[float]) -> int:
        b, (kind, sizes) = self._bullet, form
        if kind == "box":
            return b.createVisualShape(
                b.GEOM_BOX, halfExtents=sizes, rgbaColor=colour, physicsClientId=self.id
            )
        # Bullet's own capsules are drawn with pointed ends.
        half_axes, apart_m = (sizes, 0.0) if kind == "ellipsoid" else ((sizes[0],) * 3, sizes[1])
        with lent_ellipsoid(half_axes, apart_m) as mesh:
            return b.createVisualShape(
                b.GEOM_MESH, rgbaColor=colour, physicsClientId=self.id, **mesh
            )

    def picture(self, eye: Point, target: Point, size: tuple[int, int]) -> NDArray[np.uint8]:
        """A picture of the world, shape (height, width, 3).

        Args:
            eye: Position of the camera [m], world.
            target: Point that the camera looks at [m], world.
            size: Width and height in pixels.
        """
        b = self._bullet
        width, height = size
        image = b.getCameraImage(
            width,
            height,
            viewMatrix=b.computeViewMatrix(eye, target, [0, 0, 1]),
            projectionMatrix=b.computeProjectionMatrixFOV(34, width / height, 0.05, 20),
            lightDirection=[1.5, -1.0, 2.5],
            shadow=1,
            renderer=b.ER_TINY_RENDERER,
            physicsClientId=self.id,
        )[2]
        return np.asarray(image, dtype=np.uint8).reshape(height, width, 4)[:, :, :3].copy()

    def contacts(self, body: int) -> list[BulletContact]:
        """Contacts of a body."""
        found = self._bullet.getContactPoints(bodyA=body, physicsClientId=self.id)
        return [BulletContact(c[2], c[3], c[4], c[8], c[9]) for c in found]

    def contact_forces(self, body: int) -> Vector:
        """Contact points [m] and forces [N] of other bodies on a body, world, shape (n, 6)."""
        found = self._bullet.getContactPoints(bodyA=body, physicsClientId=self.id)
        rows = [(*c[6], *c[7], c[9], *c[11], c[10], *c[13], c[12]) for c in found if c[2] != body]
        seen = np.array(rows).reshape(-1, 15)
        force = sum(seen[:, k : k + 3] * seen[:, k + 3 : k + 4] for k in (3, 7, 11))
        return np.hstack([seen[:, :3], force])
