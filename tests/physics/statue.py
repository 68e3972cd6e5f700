"""An engine in which nothing moves: what a second simulator has to provide, and no more."""

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import inertial_params, joint_quaternions
from dmi_sim.body.rotation import matrix_of
from dmi_sim.infant import Infant
from dmi_sim.physics.coordinates import IS_HINGE, JOINT_Q, N_Q, N_U
from dmi_sim.physics.engine import Contact, Point
from dmi_sim.physics.episode_arrays import Advance, EpisodeArrays
from dmi_sim.physics.loop import advance_plainly
from dmi_sim.physics.pose import Pose
from dmi_sim.physics.scene import FLOOR_ONLY, Scene


class Statue:
    """An infant of stone, which notes what is done to it.

    Attributes:
        deeds: Names of the calls that would have moved it, in order.
        torques: The joint torques of every step [N m], (34,) each.
        forces: Segment, force [N] and point [m] of every force.
        is_broken: Whether its coordinates are no numbers.
    """

    def __init__(self, infant: Infant, dt_s: float, scene: Scene = FLOOR_ONLY) -> None:
        self.infant, self.scene, self.dt_s = infant, scene, dt_s
        self.masses = inertial_params(infant.ordered_segments)
        self._q = np.zeros(N_Q)
        self.rebuild()

    def rebuild(self) -> None:
        self.deeds: list[str] = []
        self.torques: list[Vector] = []
        self.forces: list[tuple[int, list[float], list[float]]] = []
        self.is_broken = False

    def close(self) -> None:
        self.deeds.append("close")

    def set_pose(self, pose: Pose) -> None:
        self.rebuild()
        turned = matrix_of(pose.pelvis_quat_world) @ self.masses.com_m[0]
        self._q[:3], self._q[3:7] = pose.pelvis_pos_world + turned, pose.pelvis_quat_world
        for j, quat in enumerate(joint_quaternions(pose.angle_rad)):
            place = JOINT_Q[j]
            if IS_HINGE[j]:
                self._q[place] = 2 * np.arctan2(quat[1], quat[3])
            else:
                self._q[place : place + 4] = quat

    def freeze_joints(self, pose: Pose) -> None:
        self.deeds.append("freeze_joints")

    def use_high_accuracy_solver(self) -> None:
        self.deeds.append("use_high_accuracy_solver")

    def read(self, q: Vector, u: Vector) -> None:
        q[:], u[:] = np.nan if self.is_broken else self._q, np.zeros(N_U)

    def platform_state(self) -> tuple[Vector, Vector]:
        return np.zeros(7), np.zeros(6)

    def apply_torques(self, torque: Vector) -> None:
        self.deeds.append("apply_torques")
        self.torques.append(torque.copy())

    def apply_force(self, segment: int, force: Point, pos: Point) -> None:
        self.deeds.append("apply_force")
        self.forces.append((segment, list(force), list(pos)))

    def apply_torque(self, segment: int, torque: Point) -> None:
        self.deeds.append("apply_torque")

    def platform_commands(self, velocity: Vector) -> Vector:
        return velocity

    def set_platform_velocity(self, linear: Point, angular: Point) -> None:
        self.deeds.append("set_platform_velocity")

    def step(self) -> None:
        self.deeds.append("step")

    def advance(self, now: EpisodeArrays, first: int, count: int) -> Advance:
        return advance_plainly(self, now, first, count)

    def detect_collisions(self) -> None:
        self.deeds.append("detect_collisions")

    def contacts(self) -> list[Contact]:
        return [Contact(False, 0, 0, -0.001, 9.0), Contact(True, 5, 7, 0.002, 3.0)]

    def contact_forces(self) -> Vector:
        return np.array([[0.1, 0.2, 0.0, 0.0, 0.0, 9.0]])
