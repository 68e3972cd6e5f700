"""The world of one episode: the infant, its muscles, the hands, pushes and platform in time."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from dmi_sim.anatomy import HEAD, PELVIS
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
from dmi_sim.physics.pose import Pose
from dmi_sim.physics.push import Push, pull_from_step, push_from_step
from dmi_sim.physics.scene import FLOOR_ONLY, Scene
from dmi_sim.physics.settling import settled_start
from dmi_sim.physics.state import State
from dmi_sim.physics.support import NO_SUPPORT, Support
from dmi_sim.physics.support_springs import SupportSprings, attachment_points, complete_work

LARGEST_JOINT_SPEED_RAD_S = 60.0
"""Largest plausible joint speed [rad/s]; Bullet clamps silently at 100 rad/s."""

_NO_HANDS = np.zeros((0, 3))
_ZERO = np.zeros(3)
_LEVEL = np.zeros(4)
_NOTHING: list[Push] = []


@dataclass
class _Episode:
    """The state of an episode that the engine does not hold."""

    support: Support
    pushes: tuple[Push, ...]
    muscle_state: Vector
    delay_buffer: Vector
    springs: SupportSprings
    platform_motion: PlatformMotion
    platform_velocity: Vector
    support_force_sum_n: float = 0.0
    step: int = 0
    has_physics_fault: bool = False
    held_since_step: int = 0
    pulls: dict[int, Push] = field(default_factory=dict[int, Push])


class World:
    """The physics of one infant at a fixed step.

    Args:
        infant: The infant that is simulated.
        start: Pose in which episodes begin; settled once, as a rigid body, on its scene.
        physics_hz: Physics steps per second [Hz].
        scene: Floor or platform, and furniture.

    Attributes:
        after_step: Function called after every physics step, or None.
    """

    def __init__(
        self, infant: Infant, start: Pose, physics_hz: int, scene: Scene = FLOOR_ONLY
    ) -> None:
        self.infant = infant
        self.dt_s = 1.0 / physics_hz
        self.weight_n = infant.mass_kg * GRAVITY_M_S2
        self._engine = Engine(infant, self.dt_s, scene)
        self.start = settled_start(self._engine, start)
        self._params = build_neuromuscular_params(infant, self.start.angle_rad, self.dt_s)
        self._sensory_delay_steps = delay_steps(infant.nervous.proprioceptive_delay_s, self.dt_s)
        self._feels_all = all(share == 1.0 for share in infant.nervous.sensation)
        self._buffer_length = (
            int(max(self._sensory_delay_steps.max(), self._params.reflex_delay_steps.max())) + 1
        )
        self._needs_rebuild = False
        self.after_step: Callable[[], None] | None = None
        self.reset(self.start)

    def close(self) -> None:
        """Free the physics engine; a second call does nothing."""
        self._engine.close()

    def reset(
        self,
        pose: Pose,
        support: Support | None = None,
        pushes: tuple[Push, ...] = (),
        platform_motion: PlatformMotion = STATIONARY,
    ) -> None:
        """Begin an episode, bit for bit the same whatever came before.

        Args:
            pose: Pose of the infant at the start, at rest.
            support: Hands that take hold of the infant in that pose; none by default.
            pushes: Pushes of this episode.
            platform_motion: Motion of the platform.

        Raises:
            InputError: If a motion is given and the scene has no platform.
        """
        if platform_motion.keys and not self._engine.scene.has_platform:
            raise InputError("platform_motion: this scene has no platform")
        if self._needs_rebuild:
            self._engine.rebuild()
            self._needs_rebuild = False
        self._engine.set_pose(pose)
        self._flat = self._engine.joint_states()
        muscle_state, delay_buffer = self._at_rest(pose.angle_rad)
        chosen, motion = support or NO_SUPPORT, self._engine.segment_motion(self._flat)
        self._now = _Episode(
            support=chosen,
            pushes=pushes,
            muscle_state=muscle_state,
            delay_buffer=delay_buffer,
            springs=chosen.attach(motion.pos, motion.matrix, self.dt_s),
            platform_motion=platform_motion,
            platform_velocity=platform_motion.steps(self.dt_s),
        )
        self.begin_control_step(equilibrium_command(self.infant.muscles, pose.angle_rad))

    def hold(self, support: Support) -> None:
        """Let hands take hold of the infant as it is now, in place of those that held it.

        Their path begins now, and their work adds to that of the hands before. To be called between
        control steps.
        """
        now, motion = self._now, self._engine.segment_motion(self._flat)
        complete_work(motion, now.springs, self.dt_s)
        springs = support.attach(motion.pos, motion.matrix, self.dt_s)
        springs.work[:] = now.springs.work
        now.support, now.springs, now.held_since_step = support, springs, now.step

    def change_firmness(self, support: Support) -> None:
        """Hold as firmly as a support says, in the same grip; another grip is taken anew."""
        now = self._now
        same = [(one.segment, one.point_m.tolist()) for one in support.attachments]
        if same != [(one.segment, one.point_m.tolist()) for one in now.support.attachments]:
            self.hold(support)
            return
        motion = self._engine.segment_motion(self._flat)
        firm = support.attach(motion.pos, motion.matrix, self.dt_s)
        now.support = support
        now.springs = now.springs._replace(spring_params=firm.spring_params, follow=firm.follow)

    def push(self, segment: int, impulse_ns: Vector, duration_s: float) -> None:
        """Push a segment from now on, beside all other pushes; see :func:`.push_from_step`."""
        now = self._now
        now.pushes += (push_from_step(segment, now.step, impulse_ns, duration_s, self.dt_s),)

    def pull(self, segment: int, force_n: Vector, duration_s: float | None = None) -> None:
        """Pull a segment from now on, in place of the last pull on it; see :func:`.pull_from_step`.

        A force of zero ends the pull.
        """
        now = self._now
        now.pulls.pop(segment, None)
        if force_n.any():
            pull = pull_from_step(segment, now.step, force_n, duration_s, self.dt_s)
            now.pulls[segment] = pull

    def end_pulls(self) -> None:
        """End the pulls on all segments."""
        self._now.pulls.clear()

    def _at_rest(self, angle_rad: Vector) -> tuple[Vector, Vector]:
        """Muscle state and delay buffer of an infant who has lain still, muscles silent."""
        length = self.infant.muscles.length_at(angle_rad)
        delay_buffer = np.zeros((self._buffer_length, 2, length.size + angle_rad.size))
        delay_buffer[:, 0] = np.concatenate([length, angle_rad])
        return np.zeros((6, length.size)), delay_buffer

    @property
    def has_physics_fault(self) -> bool:
        """Whether the physics went wrong in this episode; :meth:`reset` clears it."""
        return self._now.has_physics_fault

    @property
    def time_s(self) -> float:
        """Time since the start of the episode [s]."""
        return self._now.step * self.dt_s

    def begin_control_step(self, command: MotorCommand, motor_noise: Vector | None = None) -> None:
        """Take a new motor command and begin to average the hands' force anew.

        Args:
            command: Command to the muscles until the next one.
            motor_noise: Relative error of every muscle's excitation, shape (n,); none by default.

        Raises:
            ValueError: If a number of the command is not finite; the engine never sees it.
        """
        now = self._now
        muscle_state = now.muscle_state.copy()
        muscle_state[1], muscle_state[2] = command.excitation, command.length
        muscle_state[3] = 1.0 if motor_noise is None else 1.0 + motor_noise
        if not math.isfinite(muscle_state.sum()):
            raise ValueError("the command to the muscles is not all finite")
        now.muscle_state = muscle_state
        now.springs.force_sum[:] = now.support_force_sum_n = 0.0

    def advance(self, physics_steps: int) -> None:
        """Run physics steps; an implausible one ends it, see :attr:`has_physics_fault`."""
        now, engine, params = self._now, self._engine, self._params
        muscle_state, delay_buffer = now.muscle_state, now.delay_buffer
        has_outside_forces = bool(now.support.attachments or now.pushes or now.pulls)
        for _ in range(0 if now.has_physics_fault else physics_steps):
            torques, speed = neuromuscular_step(
                self._flat, now.step, muscle_state, delay_buffer, params
            )
            if not speed < LARGEST_JOINT_SPEED_RAD_S:  # also when it is not a number
                now.has_physics_fault = self._needs_rebuild = True
                return
            engine.apply_joint_torques(torques)
            if has_outside_forces:
                self._apply_outside_forces()
            if now.step < len(now.platform_velocity):
                engine.set_platform_velocity(*now.platform_velocity[now.step].tolist())
            engine.step()
            now.step += 1
            self._flat = engine.joint_states()
            if self.after_step is not None:
                self.after_step()
        if not math.isfinite(self._flat.sum()):
            now.has_physics_fault = self._needs_rebuild = True

    def _apply_outside_forces(self) -> None:
        now = self._now
        if now.support.attachments:
            self._apply_support()
        if not (now.pushes or now.pulls):
            return
        for push in self._acting():
            motion = self._engine.segment_motion(self._flat)
            com = self._com_of(push.segment, motion.pos, motion.matrix)
            self._engine.apply_force(push.segment, push.force_world.tolist(), com.tolist())

    def _acting(self) -> list[Push]:
        """The pushes and pulls that act now."""
        now = self._now
        if not (now.pushes or now.pulls):
            return _NOTHING
        time_s = self.time_s
        return [push for push in (*now.pushes, *now.pulls.values()) if push.acts_at(time_s)]

    def _com_of(self, segment: int, pos: Vector, matrix: Vector) -> Vector:
        """The centre of mass of a segment [m], world, from the poses of all segments."""
        return pos[segment] + matrix[segment] @ self._engine.masses.com_m[segment]

    def _apply_support(self) -> None:
        now = self._now
        held_s = (now.step - now.held_since_step) * self.dt_s
        force_n = self._engine.support_wrenches(self._flat, now.springs, held_s)
        now.support_force_sum_n += force_n
        rows = zip(now.support.attachments, now.springs.wrench.tolist(), strict=True)
        for attachment, (*wrench, x, y, z) in rows:
            self._engine.apply_force(attachment.segment, wrench[:3], (x, y, z))
            self._engine.apply_torque(attachment.segment, wrench[3:])

    def _attachment_points(self, pos: Vector, matrix: Vector) -> Vector:
        if not self._now.support.attachments:
            return _NO_HANDS
        springs = self._now.springs
        return attachment_points(springs.segments, springs.points, pos, matrix)

    def proprioception(self) -> Vector:
        """Delayed joint angles [rad] and rates [rad/s] as the infant senses them, shape (2, 34).

        Where sensation is lost, the joint seems to rest at its start. The present step is included
        once :meth:`state` has read it.
        """
        n = self._now.muscle_state.shape[1]
        felt = np.empty((2, self._sensory_delay_steps.size))
        joints = self._now.delay_buffer[:, :, n:]
        read_delay_buffer(joints, self._now.step, self._sensory_delay_steps, felt[0], felt[1])
        if self._feels_all:
            return felt
        rest = np.array([self.start.angle_rad, np.zeros(felt.shape[1])])
        return rest + np.array(self.infant.nervous.sensation) * (felt - rest)

    def contact_force(self) -> Vector:
        """Normal force of the scene on each segment over body weight in the last step, (15,)."""
        out = np.zeros(len(self.infant.ordered_segments))
        for other, own, _, _, force in self._engine.contacts():
            if not self._engine.is_own(other):
                out[own] += force
        return out / self.weight_n

    def pressure(self) -> tuple[Vector, float]:
        """The centre of pressure, world [m], shape (3,), and the upward force of the scene [N].

        Floor, platform and furniture count together, in the last physics step. Each contact is
        weighted by the upward part of its force, friction included, so that the horizontal moments
        about the centre vanish on level ground. The centre is NaN where nothing is carried.

        Source:
            Winter (1995), Gait and Posture 3, 193-214; ``winter1995``.
        """
        contact_forces = self._engine.contact_forces()
        load_n = float(contact_forces[:, 5].sum())
        if load_n <= 0:
            return np.full(3, np.nan), 0.0
        return contact_forces[:, 5] @ contact_forces[:, :3] / load_n, load_n

    def check_penetration(self, pose: Pose) -> PenetrationCheck:
        """The penetration of a pose into the scene; it ends the episode, so :meth:`reset` after."""
        self._engine.set_pose(pose)
        self._engine.detect_collisions()
        return penetration_check(self._engine.contacts(), self._engine.is_own)

    def corrupt(self) -> None:
        """Put a NaN into the joint states; tests provoke a physics fault with it."""
        self._flat = self._flat * np.nan

    def contacts(self) -> list[tuple[int, int, int, float, float]]:
        """All contacts: other body, own segment, other segment, distance [m], normal force [N]."""
        return self._engine.contacts()

    def state(self, physics_steps: int) -> State:
        """The state of the world now.

        Args:
            physics_steps: Physics steps since :meth:`begin_control_step`, over which the force of
                the hands is averaged.
        """
        now = self._now
        body = self._engine.body_state(self._flat)
        pos, matrix = body.pos, body.matrix
        here = now.delay_buffer[now.step % self._buffer_length]
        here[0, -body.angle.size :], here[1, -body.rate.size :] = body.angle, body.rate
        # The head's origin is the joint at C7, the pelvis' the midpoint of the hips.
        x, y, z = (pos[HEAD] - pos[PELVIS]).tolist()
        head_com = self._engine.masses.com_m[HEAD]
        acting = self._acting()
        push = max(acting, key=_size_n) if acting else None
        count = max(1, physics_steps)
        return State(
            time_s=self.time_s,
            segment_pos_world=pos,
            segment_quat_world=body.quat,
            segment_matrix_world=matrix,
            segment_angular_velocity_own=body.angular_velocity,
            joint_angle_rad=body.angle,
            joint_velocity_rad_s=body.rate,
            activation=now.muscle_state[0].copy(),
            com_m=body.com,
            com_velocity_m_s=body.com_velocity,
            head_height_m=float(pos[HEAD, 2] + matrix[HEAD, 2] @ head_com),
            upright_rad=math.atan2(math.hypot(x, y), z),
            support_force_n=now.support_force_sum_n / count,
            support_share=float(now.springs.force_sum[:, 2].sum()) / count / self.weight_n,
            support_pos_world=self._attachment_points(pos, matrix),
            support_force_world=now.springs.force_sum / count,
            support_work_j=now.springs.work.copy(),
            muscle_work_j=now.muscle_state[4:].sum(axis=1),
            push_force_world=np.sum([p.force_world for p in acting], axis=0) if push else _ZERO,
            push_pos_world=self._com_of(push.segment, pos, matrix) if push else _ZERO,
            platform=now.platform_motion.at(self.time_s)[0] if now.platform_motion.keys else _LEVEL,
            support_site=now.support.site,
            support_strength=now.support.strength,
        )


def _size_n(push: Push) -> float:
    """Norm of the force of a push [N]."""
    return float(np.linalg.norm(push.force_world))
