"""The infant, its muscles, the hands and the pushes in time: what one episode runs on."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.statics import GRAVITY_M_S2
from dmi_sim.errors import InputError
from dmi_sim.infant import Infant
from dmi_sim.nervous.delay import delay_steps, read_delay_buffer
from dmi_sim.nervous.motor_command import MotorCommand, equilibrium_command
from dmi_sim.physics.bullet.engine import Engine
from dmi_sim.physics.neuromuscular import neuromuscular_step
from dmi_sim.physics.neuromuscular_params import build_neuromuscular_params
from dmi_sim.physics.penetration import PenetrationCheck, penetration_check
from dmi_sim.physics.platform import STATIONARY, PlatformMotion
from dmi_sim.physics.pose import Pose, lifted_out, standing_on_floor
from dmi_sim.physics.push import Push
from dmi_sim.physics.scene import FLOOR_ONLY, Scene
from dmi_sim.physics.state import State
from dmi_sim.physics.support import NO_SUPPORT, Support
from dmi_sim.physics.support_springs import SupportSprings, attachment_points

LARGEST_JOINT_SPEED_RAD_S = 60.0
"""Faster joints are no infant: Bullet clamps silently at 100 rad/s."""

_HEAD = 4
_NONE = np.zeros((0, 3))
_ZERO = np.zeros(3)
_LEVEL = np.zeros(4)


@dataclass
class _Episode:
    """What Bullet does not remember."""

    hold: Support
    pushes: tuple[Push, ...]
    muscle_state: Vector
    delay_buffer: Vector
    springs: SupportSprings
    platform_motion: PlatformMotion
    steps: Vector
    support_force_sum_n: float = 0.0
    physics_steps: int = 0
    has_physics_fault: bool = False


class World:
    """Physics of one infant at a fixed step.

    Args:
        infant: Who.
        start: Pose in which episodes begin; settled once, as a rigid body, on what is under it.
        physics_hz: Steps per second.
        scene: What the infant is put on and beside.

    Attributes:
        after_step: Called after every physics step, to look; None for nobody.
    """

    def __init__(
        self, infant: Infant, start: Pose, physics_hz: int, scene: Scene = FLOOR_ONLY
    ) -> None:
        self.infant = infant
        self.dt_s = 1.0 / physics_hz
        self.weight_n = infant.mass_kg * GRAVITY_M_S2
        self._engine = Engine(infant, self.dt_s, scene)
        self.start = settled(self._engine, start)
        self._law = build_neuromuscular_params(infant, self.start.angle_rad, self.dt_s)
        self._sensory_delay_steps = delay_steps(infant.nervous.proprioceptive_delay_s, self.dt_s)
        self._feels_all = all(share == 1.0 for share in infant.nervous.sensation)
        self._buffer_length = (
            int(max(self._sensory_delay_steps.max(), self._law.physics_steps[0].max())) + 1
        )
        self._needs_rebuild = False
        self.after_step: Callable[[], None] | None = None
        self.reset(self.start)

    def close(self) -> None:
        """Free the physics; twice does no harm."""
        self._engine.close()

    def reset(
        self,
        pose: Pose,
        hold: Support | None = None,
        pushes: tuple[Push, ...] = (),
        platform_motion: PlatformMotion = STATIONARY,
    ) -> None:
        """Begin an episode, bit for bit the same whatever came before.

        Args:
            pose: To start from, at rest.
            hold: Hands, around the infant where it is now.
            pushes: Pushes to come.
            platform_motion: Of the platform.

        Raises:
            InputError: If there is a platform_motion but no platform.
        """
        if platform_motion.keys and not self._engine.scene.has_platform:
            raise InputError("a platform_motion needs a scene with a platform")
        if self._needs_rebuild:
            self._engine.rebuild()
            self._needs_rebuild = False
        self._engine.put(pose)
        self._flat = self._engine.joints()
        muscle_state, delay_buffer = self._at_rest(pose.angle_rad)
        held, motion = hold or NO_SUPPORT, self._engine.motion(self._flat)
        springs = held.attach(motion.pos, motion.matrix, self.dt_s)
        steps = platform_motion.steps(self.dt_s)
        self._now = _Episode(
            held, pushes, muscle_state, delay_buffer, springs, platform_motion, steps
        )
        self.begin_control_step(equilibrium_command(self.infant.muscles, pose.angle_rad))

    def _at_rest(self, angle_rad: Vector) -> tuple[Vector, Vector]:
        """Memory and delay_buffer of an infant who has lain still in a pose, muscles off."""
        length = self.infant.muscles.length_at(angle_rad)
        delay_buffer = np.zeros((self._buffer_length, 2, length.size + angle_rad.size))
        delay_buffer[:, 0] = np.concatenate([length, angle_rad])
        return np.zeros((6, length.size)), delay_buffer

    @property
    def has_physics_fault(self) -> bool:
        """Whether the physics went wrong in this episode; cured by :meth:`reset`."""
        return self._now.has_physics_fault

    @property
    def time_s(self) -> float:
        """Since the start of the episode [s]."""
        return self._now.physics_steps * self.dt_s

    def begin_control_step(self, command: MotorCommand, motor_noise: Vector | None = None) -> None:
        """Clip a new command and measure the hands afresh.

        Args:
            command: To the muscles, until the next one.
            motor_noise: Relative error of every muscle's excitation, shape (n,); none by default.

        Raises:
            ValueError: If a number of the command is not finite; Bullet never sees it.
        """
        now = self._now
        muscle_state = now.muscle_state.copy()
        muscle_state[1], muscle_state[2] = command.excitation, command.length
        muscle_state[3] = 1.0 if motor_noise is None else 1.0 + motor_noise
        if not math.isfinite(muscle_state.sum()):
            raise ValueError("the command to the muscles is not all finite")
        now.muscle_state = muscle_state
        now.springs.felt[:] = now.support_force_sum_n = 0.0

    def advance(self, physics_steps: int) -> None:
        """Run physics steps; stops at the first that is implausible, see :attr:`has_physics_fault`."""
        now, engine, law = self._now, self._engine, self._law
        muscle_state, delay_buffer, is_touched = (
            now.muscle_state,
            now.delay_buffer,
            bool(now.hold.attachments or now.pushes),
        )
        for _ in range(0 if now.has_physics_fault else physics_steps):
            torques, speed = neuromuscular_step(
                self._flat, now.physics_steps, muscle_state, delay_buffer, law
            )
            if not speed < LARGEST_JOINT_SPEED_RAD_S:  # also when it is not a number
                now.has_physics_fault = self._needs_rebuild = True
                return
            engine.drive(torques)
            if is_touched:
                self._apply_outside_forces()
            if now.physics_steps < len(now.steps):
                engine.set_platform_velocity(*now.steps[now.physics_steps].tolist())
            engine.step()
            now.physics_steps += 1
            self._flat = engine.joints()
            if self.after_step is not None:
                self.after_step()
        if not math.isfinite(self._flat.sum()):
            now.has_physics_fault = self._needs_rebuild = True

    def _apply_outside_forces(self) -> None:
        if self._now.hold.attachments:
            self._apply_support()
        for push in self._now.pushes:
            if push.acts_at(self.time_s):
                motion = self._engine.motion(self._flat)
                com = self._com_of(push.segment, motion.pos, motion.matrix)
                self._engine.push(push.segment, push.force_world.tolist(), com.tolist())

    def _com_of(self, segment: int, pos: Vector, matrix: Vector) -> Vector:
        """Centre of mass of a segment [m], world, from origins and matrices of all segments."""
        return pos[segment] + matrix[segment] @ self._engine.masses.com_m[segment]

    def _apply_support(self) -> None:
        now = self._now
        now.support_force_sum_n += self._engine.hold(self._flat, now.springs, self.time_s)
        for attachment, row in zip(now.hold.attachments, now.springs.wrench.tolist(), strict=True):
            self._engine.push(attachment.segment, row[:3], row[6:])
            self._engine.twist(attachment.segment, row[3:6])

    def _attachment_points(self, pos: Vector, matrix: Vector) -> Vector:
        springs = self._now.springs
        return attachment_points(springs.segments, springs.points, pos, matrix)

    def proprioception(self) -> Vector:
        """Joint angles [rad] and rates [rad/s] as late as they arrive, shape (2, 34).

        Where sensation is lost, the joint seems to rest at its start. The present step counts once
        :meth:`state` has read it.
        """
        n = self._now.muscle_state.shape[1]
        felt = np.empty((2, self._sensory_delay_steps.size))
        joints = self._now.delay_buffer[:, :, n:]
        read_delay_buffer(
            joints, self._now.physics_steps, self._sensory_delay_steps, felt[0], felt[1]
        )
        if self._feels_all:
            return felt
        rest = np.array([self.start.angle_rad, np.zeros(felt.shape[1])])
        return rest + np.array(self.infant.nervous.sensation) * (felt - rest)

    def contact_force(self) -> Vector:
        """Normal force of the scene on each segment over body weight, last step, shape (15,)."""
        out = np.zeros(len(self.infant.ordered_segments))
        for other, own, _, _, force in self._engine.contacts():
            if not self._engine.is_own(other):
                out[own] += force
        return out / self.weight_n

    def pressure(self) -> tuple[Vector, float]:
        """Centre of pressure, world [m], shape (3,), and the upward force of the scene [N].

        Of the last step: floor, platform and furniture together. Each contact counts by the upward
        part of its force, friction included, so that the horizontal moments about the centre
        vanish on level ground. Not a number where nothing is carried.

        Source:
            Winter (1995), Gait and Posture 3, 193-214; ``winter1995``.
        """
        contact_forces = self._engine.contact_forces()
        load_n = float(contact_forces[:, 5].sum())
        if load_n <= 0:
            return np.full(3, np.nan), 0.0
        return contact_forces[:, 5] @ contact_forces[:, :3] / load_n, load_n

    def check_penetration(self, pose: Pose) -> PenetrationCheck:
        """How a pose fits into the scene; ends the episode, so :meth:`reset` afterwards."""
        self._engine.put(pose)
        self._engine.collide()
        return penetration_check(self._engine.contacts(), self._engine.is_own)

    def corrupt(self) -> None:
        """Put a NaN into the joints, for tests of the cure."""
        self._flat = self._flat * np.nan

    def contacts(self) -> list[tuple[int, int, int, float, float]]:
        """Other body, own segment, other segment, distance [m], normal force [N]."""
        return self._engine.contacts()

    def state(self, physics_steps: int) -> State:
        """What the world series_styles like now.

        Args:
            physics_steps: Physics steps since :meth:`begin_control_step`, over which hands are averaged.
        """
        now = self._now
        seen = self._engine.read_out(self._flat)
        pos, matrix = seen.pos, seen.matrix
        here = now.delay_buffer[now.physics_steps % self._buffer_length]
        here[0, -seen.angle.size :], here[1, -seen.rate.size :] = seen.angle, seen.rate
        x, y, z = (pos[_HEAD] - pos[0]).tolist()
        head_com = self._engine.masses.com_m[_HEAD]
        push = next((p for p in now.pushes if p.acts_at(self.time_s)), None)
        count = max(1, physics_steps)
        return State(
            time_s=self.time_s,
            segment_pos_world=pos,
            segment_quat_world=seen.quat,
            segment_matrix_world=matrix,
            segment_angular_velocity_own=seen.spin,
            joint_angle_rad=seen.angle,
            joint_velocity_rad_s=seen.rate,
            activation=now.muscle_state[0].copy(),
            com_m=seen.com,
            com_velocity_m_s=seen.com_velocity,
            head_height_m=float(pos[_HEAD, 2] + matrix[_HEAD, 2] @ head_com),
            upright_rad=math.atan2(math.hypot(x, y), z),
            support_force_n=now.support_force_sum_n / count,
            support_share=float(now.springs.felt[:, 2].sum()) / count / self.weight_n,
            support_pos_world=self._attachment_points(pos, matrix)
            if now.hold.attachments
            else _NONE,
            support_force_world=now.springs.felt / count,
            support_work_j=now.springs.work.copy(),
            muscle_work_j=now.muscle_state[4:].sum(axis=1),
            push_force_world=push.force_world if push else _ZERO,
            push_pos_world=self._com_of(push.segment, pos, matrix) if push else _ZERO,
            platform=now.platform_motion.at(self.time_s)[0] if now.platform_motion.keys else _LEVEL,
        )


def settled(engine: Engine, pose: Pose, seconds: float = 0.5) -> Pose:
    """The pose as a rigid body comes to rest in it on the level ground or furniture.

    Args:
        engine: Whose body; rebuilt afterwards.
        pose: Joint angles to keep; the pelvis finds its place.
        seconds: How long it may take.
    """
    placed = standing_on_floor(pose, engine.infant, engine.masses.joint_m, engine.scene)
    engine.put(placed)
    engine.freeze_joints(placed)
    engine.use_high_accuracy_solver()
    for _ in range(round(seconds / engine.dt_s)):
        engine.step()
    motion = engine.motion(engine.joints())
    engine.rebuild()
    rested = Pose(motion.pos[0].copy(), motion.quat[0].copy(), pose.angle_rad)
    return lifted_out(rested, engine.infant, engine.masses.joint_m, engine.scene)
