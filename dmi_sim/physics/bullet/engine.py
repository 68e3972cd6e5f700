"""One infant in a scene in Bullet: load, pose, read, drive. No muscle_state but Bullet's own."""

import numpy as np

from dmi_sim.anatomy import SEGMENTS, SegmentKind
from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import N_JOINTS, InertialParams, inertial_params, joint_quaternions
from dmi_sim.body.rotation import matrix_of, quaternion_of
from dmi_sim.infant import Infant
from dmi_sim.physics.body_state import BodyState, SegmentKinematics, read_out, segment_motion
from dmi_sim.physics.bullet.client import UPRIGHT, Client, Point
from dmi_sim.physics.neuromuscular import IS_HINGE
from dmi_sim.physics.pose import Pose
from dmi_sim.physics.scene import FLOOR_ONLY, FLOOR_UNDER_BOARD_M, PLATFORM_HALF_EXTENTS_M, Scene
from dmi_sim.physics.support_springs import SupportSprings, apply_moving_support

_JOINTS = list(range(N_JOINTS))
_FAR_AWAY = [0.0, 0.0, 100.0]
_FLOOR_HALF_EDGE_M = 5.0
_BOARD_HOME = (0.0, 0.0, -PLATFORM_HALF_EXTENTS_M[2])
_HINGES = np.flatnonzero(IS_HINGE).tolist()


class Engine:
    """A body and a scene in a Bullet client, with a snapshot to return to.

    Args:
        infant: Whose body.
        dt_s: Physics step [s].
        scene: What it may contact_force besides itself.
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
        """Make the world anew; the only cure after a number that was not finite."""
        self._client.clear()
        self._add_floor(FLOOR_UNDER_BOARD_M if self.scene.has_platform else 0.0)
        self._body = self._client.add_body(self.infant.urdf())
        if self._client.joint_names(self._body) != [p.joint for p in SEGMENTS[1:]]:
            raise RuntimeError("Bullet counts the joints in another order than SEGMENTS")
        self._client.release_motors(self._body)
        self._set_surfaces()
        self._add_scene()
        self._client.collide()
        self._snapshot = self._client.save()

    def _add_floor(self, top_m: float) -> None:
        """A box in place of an infinite plane: only what is near it is looked at."""
        size = _FLOOR_HALF_EDGE_M
        self._client.add_obstacle(("box", (size,) * 3), (0.0, 0.0, top_m - size))

    def _add_scene(self) -> None:
        for solid in self.scene.furniture:
            turn = quaternion_of(np.array(solid.turn_rad)).tolist()
            self._client.add_obstacle(solid.form, solid.centre_m, turn)
        if self.scene.has_platform:
            self._platform = self._client.add_obstacle(
                ("box", PLATFORM_HALF_EXTENTS_M), _BOARD_HOME
            )

    def _set_surfaces(self) -> None:
        spec = self.infant.anthropometry.spec
        for link, (group, others) in enumerate(touch_groups(spec.touching_pairs), start=-1):
            self._client.set_surface(self._body, link, spec.contact_friction.value)
            self._client.let_touch(self._body, link, group, others)

    def close(self) -> None:
        """End the connection to Bullet."""
        self._client.close()

    def put(self, pose: Pose) -> None:
        """Return to the snapshot, then take a pose, at rest; a platform is level and centred."""
        self._client.restore(self._snapshot)
        if self.scene.has_platform:
            self._client.set_base(self._platform, _BOARD_HOME, UPRIGHT)
        # Contacts of the last episode survive in Bullet's caches; far away they are dropped.
        self._client.set_base(self._body, _FAR_AWAY, [0.0, 0.0, 0.0, 1.0])
        self._client.collide()
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
        """Hold every joint with a strong motor: a rigid body, until the next :meth:`rebuild`."""
        self._client.lock_motors(self._body, joint_positions(pose.angle_rad))

    def use_high_accuracy_solver(self) -> None:
        """Solve slowly and well, until the next :meth:`rebuild`: no joint of a rigid body sags."""
        self._client.use_high_accuracy_solver()

    def joints(self) -> Vector:
        """Joint states, flat, as ``sim.actuation`` reads them."""
        return self._client.joints(self._body, _JOINTS)

    def base(self) -> Vector:
        """State of the pelvis' centre of mass, shape (13,)."""
        return self._client.base(self._body)

    def motion(self, flat: Vector) -> SegmentKinematics:
        """SegmentKinematics of all segments at given joint states and the present pelvis."""
        return segment_motion(flat, self.base(), self._pelvis_com, self.masses.joint_m)

    def hold(self, flat: Vector, springs: SupportSprings, time_s: float) -> float:
        """What :func:`dmi_sim.physics.support_springs.apply_support` writes and gives, at given joint states."""
        motion = (flat, self.base(), self._pelvis_com, self.masses.joint_m)
        return apply_moving_support(*motion, springs, time_s, self.dt_s)

    def read_out(self, flat: Vector) -> BodyState:
        """What :func:`dmi_sim.physics.body_state.read_out` gives for this body."""
        m = self.masses
        return read_out(flat, self.base(), m.joint_m, m.com_m, m.mass_kg)

    def drive(self, torques: Vector) -> None:
        """Joint torques of the next step [N m], child frames, shape (14, 3)."""
        rows = torques.tolist()
        for hinge in _HINGES:
            del rows[hinge][1:]  # Bullet ignores a hinge that is given three numbers
        self._client.apply_torques(self._body, _JOINTS, rows)

    def push(self, segment: int, force: Point, pos: Point) -> None:
        """Force on a segment for the next step [N] at a point [m], world."""
        self._client.apply_force(self._body, segment - 1, force, pos)

    def twist(self, segment: int, torque: Point) -> None:
        """Torque on a segment for the next step [N m], world."""
        self._client.apply_torque(self._body, segment - 1, torque)

    def set_platform_velocity(self, linear: Point, angular: Point) -> None:
        """Velocity of the platform's centre [m/s] and angular velocity [rad/s], world, from now on.

        A platform without mass is moved by its velocity and by nothing else, and its friction drags
        what it carries.
        """
        self._client.set_base_velocity(self._platform, linear, angular)

    def platform(self) -> Vector:
        """State of the centre of the platform, shape (13,), as :meth:`base`."""
        return self._client.base(self._platform)

    def step(self) -> None:
        """Advance by one physics step."""
        self._client.step()

    def collide(self) -> None:
        """Find the contacts of where the infant is now, without a step."""
        self._client.collide()

    def is_own(self, body: int) -> bool:
        """Whether a body that is touched is the infant's own."""
        return body == self._body

    def contact_forces(self) -> Vector:
        """Where the scene presses on the infant [m] and its forces [N], world, shape (n, 6)."""
        return self._client.contact_forces(self._body)

    def contacts(self) -> list[tuple[int, int, int, float, float]]:
        """Other body, own segment, other segment, distance [m], normal force [N]."""
        return [
            (other, own + 1, theirs + 1, gap, force)
            for other, own, theirs, gap, force in self._client.contacts(self._body)
        ]


def touch_groups(pairs: tuple[tuple[SegmentKind, SegmentKind], ...]) -> list[tuple[int, int]]:
    """Collision group of each segment and the groups that it may contact_force, as bits.

    Args:
        pairs: Kinds of segments that may contact_force each other.
    """
    kinds = sorted({kind for pair in pairs for kind in pair})
    bit = {kind: 4 << place for place, kind in enumerate(kinds)}
    touched = {
        kind: sum(bit[other] for other in kinds if (kind, other) in pairs or (other, kind) in pairs)
        for kind in kinds
    }
    return [(bit.get(place.kind, 1), touched.get(place.kind, 0)) for place in SEGMENTS]


def joint_positions(angle_rad: Vector) -> list[list[float]]:
    """Quaternion of each ball and angle of each hinge, as Bullet wants them."""
    quats = joint_quaternions(angle_rad)
    return [
        [float(2 * np.arctan2(q[1], q[3]))] if hinge else q.tolist()
        for q, hinge in zip(quats, IS_HINGE, strict=True)
    ]
