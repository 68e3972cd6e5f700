"""One infant and its scene in Bullet: load, set pose, read states, apply forces, step."""

import numpy as np

from dmi_sim.anatomy import SEGMENTS, SegmentKind
from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import N_JOINTS, InertialParams, inertial_params, joint_quaternions
from dmi_sim.body.rotation import matrix_of, quaternion_of
from dmi_sim.infant import Infant
from dmi_sim.physics.body_state import BodyState, SegmentKinematics, body_state, segment_motion
from dmi_sim.physics.bullet.client import UPRIGHT, Client, Point
from dmi_sim.physics.neuromuscular import IS_HINGE
from dmi_sim.physics.pose import Pose
from dmi_sim.physics.scene import FLOOR_BELOW_PLATFORM_M, FLOOR_ONLY, PLATFORM_HALF_EXTENTS_M, Scene
from dmi_sim.physics.support_springs import SupportSprings, apply_moving_support

_JOINTS = list(range(N_JOINTS))
_FAR_AWAY = [0.0, 0.0, 100.0]
_FLOOR_HALF_EDGE_M = 5.0
_PLATFORM_HOME = (0.0, 0.0, -PLATFORM_HALF_EXTENTS_M[2])
_HINGES = np.flatnonzero(IS_HINGE).tolist()


class Engine:
    """A body and a scene in a Bullet client, with a snapshot to return to.

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
        self._client = Client(dt_s)
        self._pelvis_com = self.masses.com_m[0]
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
        still = [[0.0] * (1 if hinge else 3) for hinge in IS_HINGE]
        self._client.set_joints(self._body, positions, still)

    def freeze_joints(self, pose: Pose) -> None:
        """Hold every joint with a strong motor, as a rigid body, until the next :meth:`rebuild`."""
        self._client.lock_motors(self._body, joint_positions(pose.angle_rad))

    def use_high_accuracy_solver(self) -> None:
        """Solve to high accuracy until the next :meth:`rebuild`, so that no frozen joint sags."""
        self._client.use_high_accuracy_solver()

    def joint_states(self) -> Vector:
        """The joint states, flat, as :func:`.unpack_joints` reads them."""
        return self._client.joints(self._body, _JOINTS)

    def base_state(self) -> Vector:
        """The state of the pelvis' centre of mass: position, quaternion, velocities; (13,)."""
        return self._client.base(self._body)

    def segment_motion(self, flat: Vector) -> SegmentKinematics:
        """Positions and velocities of all segments at given joint states and the present pelvis."""
        return segment_motion(flat, self.base_state(), self._pelvis_com, self.masses.joint_m)

    def support_wrenches(self, flat: Vector, springs: SupportSprings, time_s: float) -> float:
        """Write the wrenches of the hands, see :func:`.apply_support`; gives their force [N]."""
        motion = (flat, self.base_state(), self._pelvis_com, self.masses.joint_m)
        return apply_moving_support(*motion, springs, time_s, self.dt_s)

    def body_state(self, flat: Vector) -> BodyState:
        """The whole body's kinematics at given joint states and the present pelvis."""
        m = self.masses
        return body_state(flat, self.base_state(), m.joint_m, m.com_m, m.mass_kg)

    def apply_joint_torques(self, torques: Vector) -> None:
        """Apply joint torques for the next step [N m], child frames, shape (14, 3)."""
        rows = torques.tolist()
        for hinge in _HINGES:
            del rows[hinge][1:]  # Bullet ignores a hinge that is given three numbers
        self._client.apply_torques(self._body, _JOINTS, rows)

    def apply_force(self, segment: int, force: Point, pos: Point) -> None:
        """Apply a force [N] to a segment for the next step, at a point [m], world."""
        self._client.apply_force(self._body, segment - 1, force, pos)

    def apply_torque(self, segment: int, torque: Point) -> None:
        """Apply a torque [N m] to a segment for the next step, world."""
        self._client.apply_torque(self._body, segment - 1, torque)

    def set_platform_velocity(self, linear: Point, angular: Point) -> None:
        """Set the velocity of the platform's centre [m/s] and its angular velocity [rad/s], world.

        A platform without mass is moved by its velocity and by nothing else, and its friction drags
        what it carries.
        """
        self._client.set_base_velocity(self._platform, linear, angular)

    def platform_state(self) -> Vector:
        """The state of the platform's centre, shape (13,), as :meth:`base_state`."""
        return self._client.base(self._platform)

    def step(self) -> None:
        """Advance by one physics step."""
        self._client.step()

    def detect_collisions(self) -> None:
        """Find the contacts in the present pose, without a step."""
        self._client.detect_collisions()

    def is_own(self, body: int) -> bool:
        """Whether a touched body is the infant itself."""
        return body == self._body

    def contact_forces(self) -> Vector:
        """Contact points of the scene on the infant [m] and its forces [N], world, (n, 6)."""
        return self._client.contact_forces(self._body)

    def contacts(self) -> list[tuple[int, int, int, float, float]]:
        """All contacts: other body, own segment, other segment, distance [m], normal force [N]."""
        return [
            (other, own + 1, theirs + 1, gap, force)
            for other, own, theirs, gap, force in self._client.contacts(self._body)
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
