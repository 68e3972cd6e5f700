"""One infant and its scene in Bullet: load, set pose, read states, apply forces, step."""

import numpy as np

from dmi_sim.anatomy import SEGMENTS, SegmentKind
from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import InertialParams, inertial_params, joint_quaternions
from dmi_sim.body.rotation import matrix_of, quaternion_of
from dmi_sim.infant import Infant
from dmi_sim.physics.bullet.c_api import library
from dmi_sim.physics.bullet.client import UPRIGHT, Client, Point
from dmi_sim.physics.bullet.direct_client import DirectClient
from dmi_sim.physics.coordinates import IS_HINGE
from dmi_sim.physics.engine import Contact
from dmi_sim.physics.episode_arrays import Advance, EpisodeArrays
from dmi_sim.physics.loop import advance_plainly
from dmi_sim.physics.pose import Pose
from dmi_sim.physics.scene import FLOOR_BELOW_PLATFORM_M, FLOOR_ONLY, PLATFORM_HALF_EXTENTS_M, Scene

_STILL = [[0.0] * (1 if hinge else 3) for hinge in IS_HINGE]
_FAR_AWAY = [0.0, 0.0, 100.0]
_FLOOR_HALF_EDGE_M = 5.0
_PLATFORM_HOME = (0.0, 0.0, -PLATFORM_HALF_EXTENTS_M[2])


class BulletEngine:
    """The :class:`.Engine` in Bullet.

    Its physics loop is compiled where pybullet exports Bullet's C interface, and otherwise plain.

    Args:
        infant: The infant whose body is loaded.
        dt_s: Physics step [s].
        scene: Floor or platform, and furniture.
    """

    def __init__(self, infant: Infant, dt_s: float, scene: Scene = FLOOR_ONLY) -> None:
        self.infant = infant
        self.scene = scene
        self.masses: InertialParams = inertial_params(infant.ordered_segments)
        self.dt_s = dt_s
        lib = library()
        self._client = Client(dt_s) if lib is None else DirectClient(dt_s, lib)
        self._pelvis_com = self.masses.com_m[0]
        self._platform = -1
        self.rebuild()

    def rebuild(self) -> None:
        """Make the world anew; nothing else repairs it after a number that was not finite."""
        self._client.clear()
        self._add_floor(FLOOR_BELOW_PLATFORM_M if self.scene.has_platform else 0.0)
        self._body = self._client.add_body(self.infant.urdf("bullet"))
        if self._client.joint_names(self._body) != [p.joint for p in SEGMENTS[1:]]:
            raise RuntimeError("Bullet numbers the joints in another order than SEGMENTS")
        self._client.release_motors(self._body)
        self._set_surfaces()
        self._add_scene()
        self._client.detect_collisions()
        self._snapshot = self._client.save()

    def _add_floor(self, top_m: float) -> None:
        """Add a box in place of an infinite plane, whose broad phase is cheaper."""
        size = _FLOOR_HALF_EDGE_M
        self._client.add_obstacle(("box", (size,) * 3), (0.0, 0.0, top_m - size))

    def _add_scene(self) -> None:
        for solid in self.scene.furniture:
            quaternion = quaternion_of(np.array(solid.rotation_rad)).tolist()
            self._client.add_obstacle(solid.form, solid.centre_m, quaternion)
        if self.scene.has_platform:
            self._platform = self._client.add_obstacle(
                ("box", PLATFORM_HALF_EXTENTS_M), _PLATFORM_HOME
            )

    def _set_surfaces(self) -> None:
        spec = self.infant.anthropometry.spec
        for link, (group, others) in enumerate(collision_groups(spec.touching_pairs), start=-1):
            self._client.set_surface(self._body, link, spec.contact_friction.value)
            self._client.set_collision_filter(self._body, link, group, others)

    def close(self) -> None:
        """End the connection to Bullet."""
        self._client.close()

    def set_pose(self, pose: Pose) -> None:
        """Return to the snapshot and take a pose, at rest; a platform is level and centred."""
        self._client.restore(self._snapshot)
        if self.scene.has_platform:
            self._client.set_base(self._platform, _PLATFORM_HOME, UPRIGHT)
        # Contacts of the last episode survive in Bullet's caches; far away they are dropped.
        self._client.set_base(self._body, _FAR_AWAY, [0.0, 0.0, 0.0, 1.0])
        self._client.detect_collisions()
        turned = matrix_of(pose.pelvis_quat_world) @ self._pelvis_com
        self._client.set_base(
            self._body,
            (pose.pelvis_pos_world + turned).tolist(),
            pose.pelvis_quat_world.tolist(),
        )
        positions = joint_positions(pose.angle_rad)
        self._client.set_joints(self._body, positions, _STILL)

    def freeze_joints(self, pose: Pose) -> None:
        """Hold every joint with a strong motor, as a rigid body, until the next :meth:`rebuild`."""
        self._client.lock_motors(self._body, joint_positions(pose.angle_rad))

    def use_high_accuracy_solver(self) -> None:
        """Solve to high accuracy until the next :meth:`rebuild`, so that no frozen joint sags."""
        self._client.use_high_accuracy_solver()

    def read(self, q: Vector, u: Vector) -> None:
        """Write the present positions and velocities."""
        self._client.read(self._body, q, u)

    def platform_state(self) -> tuple[Vector, Vector]:
        """Position and quaternion (7,) of the platform's centre, and its velocities (6,), world."""
        q, u = np.empty(7), np.empty(6)
        self._client.read(self._platform, q, u)
        return q, u

    def apply_torques(self, torque: Vector) -> None:
        """Apply joint torques conjugate to the joints' part of ``u`` for the next step [N m]."""
        self._client.apply_torques(self._body, torque)

    def apply_force(self, segment: int, force: Point, pos: Point) -> None:
        """Apply a force [N] to a segment for the next step, at a point [m], world."""
        self._client.apply_force(self._body, segment - 1, force, pos)

    def apply_torque(self, segment: int, torque: Point) -> None:
        """Apply a torque [N m] to a segment for the next step, world."""
        self._client.apply_torque(self._body, segment - 1, torque)

    def platform_commands(self, velocity: Vector) -> Vector:
        """The velocities that Bullet's integrator turns into the given ones, shape (n, 2, 3).

        In a step it replaces a base's velocity ``v`` by ``v + turn x v`` with the rotation ``turn``
        of the step; this solves for ``v``.
        """
        if not velocity.size:
            return velocity
        linear, turn = velocity[:, 0], self.dt_s * velocity[:, 1]
        along = (linear * turn).sum(axis=1, keepdims=True) * turn
        wanted = linear - np.cross(turn, linear) + along
        commands = velocity.copy()
        commands[:, 0] = wanted / (1 + (turn * turn).sum(1, keepdims=True))
        return commands

    def set_platform_velocity(self, linear: Point, angular: Point) -> None:
        """Set the velocity of the platform, one of :meth:`platform_commands`.

        A platform without mass is moved by its velocity and by nothing else, and its friction drags
        what it carries.
        """
        self._client.set_base_velocity(self._platform, linear, angular)

    def step(self) -> None:
        """Advance by one physics step."""
        self._client.step()

    def advance(self, now: EpisodeArrays, first: int, count: int) -> Advance:
        """Run whole physics steps with muscles, hands, pushes and platform."""
        if isinstance(self._client, Client):
            return advance_plainly(self, now, first, count)
        # Compiled code is loaded only now: without Bullet's functions it could not be linked.
        from dmi_sim.physics.bullet.compiled_loop import BulletWorld, advance_in_bullet

        return Advance(*advance_in_bullet(BulletWorld(*self.ids), now, first, count))

    @property
    def ids(self) -> tuple[int, int, int]:
        """The connection, the infant's body and the platform, by the numbers Bullet gave them."""
        return self._client.id, self._body, self._platform

    def detect_collisions(self) -> None:
        """Find the contacts in the present pose, without a step."""
        self._client.detect_collisions()

    def contact_forces(self) -> Vector:
        """Contact points of the scene on the infant [m] and its forces [N], world, (n, 6)."""
        return self._client.contact_forces(self._body)

    def contacts(self) -> list[Contact]:
        """All contacts of the infant."""
        return [
            Contact(
                c.other == self._body, c.link + 1, c.other_link + 1, c.distance_m, c.normal_force_n
            )
            for c in self._client.contacts(self._body)
        ]


def collision_groups(pairs: tuple[tuple[SegmentKind, SegmentKind], ...]) -> list[tuple[int, int]]:
    """The collision group of each segment and the groups that it may touch, as bits.

    Args:
        pairs: Kinds of segments that may touch each other.
    """
    kinds = sorted({kind for pair in pairs for kind in pair})
    bit = {kind: 4 << number for number, kind in enumerate(kinds)}
    touched = {
        kind: sum(bit[other] for other in kinds if (kind, other) in pairs or (other, kind) in pairs)
        for kind in kinds
    }
    return [(bit.get(node.kind, 1), touched.get(node.kind, 0)) for node in SEGMENTS]


def joint_positions(angle_rad: Vector) -> list[list[float]]:
    """The quaternion of each ball and the angle of each hinge, as Bullet takes them."""
    quats = joint_quaternions(angle_rad)
    return [
        [float(2 * np.arctan2(q[1], q[3]))] if hinge else q.tolist()
        for q, hinge in zip(quats, IS_HINGE, strict=True)
    ]
