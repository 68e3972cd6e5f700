"""What a physics engine must do for a world: the only way from this project to a simulator."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import InertialParams
from dmi_sim.infant import Infant
from dmi_sim.physics.episode_arrays import Advance, EpisodeArrays
from dmi_sim.physics.pose import Pose
from dmi_sim.physics.scene import Scene

Point = Sequence[float]


class Contact(NamedTuple):
    """A point where the infant touches something.

    Attributes:
        is_own: Whether it touches itself.
        segment: Index of the touching segment.
        other: Index of the touched segment of its own; without meaning elsewhere.
        gap_m: Distance [m], negative where one is in the other.
        normal_force_n: Normal force in the last physics step [N].
    """

    is_own: bool
    segment: int
    other: int
    gap_m: float
    normal_force_n: float


class Engine(Protocol):
    """One infant and its scene in a simulator, with a snapshot to return to.

    Attributes:
        infant: The infant whose body is loaded.
        scene: Floor or platform, and furniture.
        dt_s: Physics step [s].
        masses: Joint positions and inertial parameters of the body.
    """

    infant: Infant
    scene: Scene
    dt_s: float
    masses: InertialParams

    def rebuild(self) -> None:
        """Make the world anew; nothing else repairs it after a number that was not finite."""
        ...

    def close(self) -> None:
        """Free the simulator; a second call does nothing."""
        ...

    def set_pose(self, pose: Pose) -> None:
        """Return to the snapshot and take a pose, at rest; a platform is level and centred."""
        ...

    def freeze_joints(self, pose: Pose) -> None:
        """Hold every joint of a pose, as a rigid body, until the next :meth:`rebuild`."""
        ...

    def use_high_accuracy_solver(self) -> None:
        """Solve to high accuracy until the next :meth:`rebuild`, so that no frozen joint sags."""
        ...

    def read(self, q: Vector, u: Vector) -> None:
        """Write the present positions and velocities, see :mod:`dmi_sim.physics.coordinates`."""
        ...

    def platform_state(self) -> tuple[Vector, Vector]:
        """Position and quaternion (7,) of the platform's centre, and its velocities (6,), world."""
        ...

    def apply_torques(self, torque: Vector) -> None:
        """Apply joint torques conjugate to the joints' part of ``u`` for the next step [N m]."""
        ...

    def apply_force(self, segment: int, force: Point, pos: Point) -> None:
        """Apply a force [N] to a segment for the next step, at a point [m], world.

        Engines differ in how exactly they know where a moving limb is, so the loops ask for the
        pelvis alone; see :mod:`dmi_sim.physics.outside_force`.
        """
        ...

    def apply_torque(self, segment: int, torque: Point) -> None:
        """Apply a torque [N m] to a segment for the next step, world."""
        ...

    def platform_commands(self, velocity: Vector) -> Vector:
        """What :meth:`set_platform_velocity` needs so that the platform moves at these velocities.

        Args:
            velocity: Mean velocity [m/s] of the platform's centre and its angular velocity [rad/s]
                in each physics step, world, shape (n, 2, 3).
        """
        ...

    def set_platform_velocity(self, linear: Point, angular: Point) -> None:
        """Set what moves the platform in the next step, whatever it carries."""
        ...

    def step(self) -> None:
        """Advance by one physics step."""
        ...

    def advance(self, now: EpisodeArrays, first: int, count: int) -> Advance:
        """Run whole physics steps with muscles, hands, pushes and platform.

        Args:
            now: Arrays of the episode.
            first: Number of the first step.
            count: Number of steps.
        """
        ...

    def detect_collisions(self) -> None:
        """Find the contacts in the present pose, without a step."""
        ...

    def contacts(self) -> list[Contact]:
        """All contacts of the infant."""
        ...

    def contact_forces(self) -> Vector:
        """Contact points of the scene on the infant [m] and its forces [N], world, (n, 6)."""
        ...
