"""The world of one episode: the infant, its muscles, the hands, pushes and platform in time."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.kinematics import rotate
from dmi_sim.body.statics import GRAVITY_M_S2
from dmi_sim.errors import InputError
from dmi_sim.infant import Infant
from dmi_sim.muscle.force import FibreMotion, Muscle, muscle_work, take_command
from dmi_sim.nervous.delay import delay_steps
from dmi_sim.nervous.motor_command import MotorCommand, equilibrium_command
from dmi_sim.physics.body_state import SegmentKinematics, body_state, segment_motion
from dmi_sim.physics.bullet.engine import BulletEngine
from dmi_sim.physics.coordinates import N_Q, N_U
from dmi_sim.physics.engine import Contact, Engine
from dmi_sim.physics.episode_arrays import EpisodeArrays
from dmi_sim.physics.neuromuscular import JointMotion, MotionHistory, delayed_joints, record_joints
from dmi_sim.physics.neuromuscular_params import DAMPING, Damping, build_neuromuscular_params
from dmi_sim.physics.penetration import PenetrationCheck, penetration_check
from dmi_sim.physics.platform import STATIONARY, PlatformMotion
from dmi_sim.physics.pose import Pose
from dmi_sim.physics.predicted_damping import no_last_step
from dmi_sim.physics.push import Push, pull_from_step, push_forces, push_from_step
from dmi_sim.physics.scene import FLOOR_ONLY, Scene
from dmi_sim.physics.self_contact import build_flesh
from dmi_sim.physics.settling import settled_start
from dmi_sim.physics.state import State
from dmi_sim.physics.support import FIRMNESS, NO_SUPPORT, Support
from dmi_sim.physics.support_springs import attachment_points, complete_work
from dmi_sim.records import Records, copied, record_rows, records, rows

EngineMaker: TypeAlias = Callable[[Infant, float, Scene], Engine]
"""Makes the engine of an infant, with a physics step [s], in a scene."""

_NO_HANDS, _ZERO, _LEVEL = np.zeros((0, 3)), np.zeros(3), np.zeros(4)
for _shared in (_NO_HANDS, _ZERO, _LEVEL):  # by all states: nobody may write into them
    _shared.flags.writeable = False
_NOTHING: list[Push] = []


@dataclass
class _Episode:
    """The state of an episode that the engine does not hold."""

    arrays: EpisodeArrays
    support: Support
    pushes: tuple[Push, ...]
    platform_motion: PlatformMotion
    step: int = 0
    command_step: int = 0
    has_physics_fault: bool = False
    pulls: dict[int, Push] = field(default_factory=dict[int, Push])


class World:
    """The physics of one infant at a fixed step.

    Args:
        infant: The infant that is simulated.
        start: Pose in which episodes begin; settled once, as a rigid body, on its scene.
        physics_hz: Physics steps per second [Hz].
        scene: Floor or platform, and furniture.
        make_engine: Makes the simulator, which stays at hand as ``engine``.
        damping: Law of damping of muscles and tissue.
    """

    def __init__(
        self,
        infant: Infant,
        start: Pose,
        physics_hz: int,
        scene: Scene = FLOOR_ONLY,
        make_engine: EngineMaker = BulletEngine,
        damping: Damping = DAMPING,
    ) -> None:
        self.infant = infant
        self.dt_s = 1.0 / physics_hz
        self.weight_n = infant.mass_kg * GRAVITY_M_S2
        self.engine = make_engine(infant, self.dt_s, scene)
        self.start = settled_start(self.engine, start)
        self._params = build_neuromuscular_params(infant, self.start.angle_rad, self.dt_s, damping)
        self._flesh = build_flesh(infant)
        self._sensory_delay_steps = delay_steps(infant.nervous.proprioceptive_delay_s, self.dt_s)
        self._feels_all = all(share == 1.0 for share in infant.nervous.sensation)
        delays = (self._sensory_delay_steps, self._params.reflex["delay_steps"])
        self._history_length = int(max(steps.max() for steps in delays)) + 1
        self._needs_rebuild = False
        self._listeners: dict[str, Callable[[], None]] = {}
        self.reset(self.start)

    def close(self) -> None:
        """Free the physics engine; a second call does nothing."""
        self.engine.close()

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
        engine = self.engine
        if platform_motion.keys and not engine.scene.has_platform:
            raise InputError("platform_motion: this scene has no platform")
        if self._needs_rebuild:
            engine.rebuild()
            self._needs_rebuild = False
        engine.set_pose(pose)
        q, u = np.empty(N_Q), np.empty(N_U)
        engine.read(q, u)
        chosen, masses = support or NO_SUPPORT, engine.masses
        body = body_state(q, u, masses)
        now = rows(body)[0]
        muscle, history = self._at_rest(pose.angle_rad)
        record_joints(now["angle"], now["rate"], 0, history.joint)
        arrays = EpisodeArrays(
            q=q,
            u=u,
            muscle=muscle,
            history=history,
            params=self._params,
            flesh=self._flesh,
            springs=chosen.attach(now["pos"], now["matrix"], self.dt_s),
            held_since_step=0,
            force_sum_n=np.zeros(1),
            pushes=push_forces(pushes),
            wrench=np.zeros((2, 3)),
            platform_velocity=engine.platform_commands(platform_motion.steps(self.dt_s)),
            joint_m=masses.joint_m,
            com_m=masses.com_m,
            mass_kg=masses.mass_kg,
            body=body,
        )
        self._now = _Episode(arrays, chosen, pushes, platform_motion)
        self.begin_control_step(equilibrium_command(self.infant.muscles, pose.angle_rad))

    def _motion(self) -> SegmentKinematics:
        """Positions and velocities of all segments now."""
        now = self._now.arrays
        return segment_motion(now.q, now.u, now.com_m[0], now.joint_m)

    def hold(self, support: Support) -> None:
        """Let hands take hold of the infant as it is now, in place of those that held it.

        Their path begins now, and their work adds to that of the hands before. To be called between
        control steps.
        """
        now, motion = self._now, self._motion()
        before = now.arrays.springs
        complete_work(motion, before, self.dt_s)
        springs = support.attach(motion.pos, motion.matrix, self.dt_s)
        springs.work_j[:] = before.work_j
        now.support = support
        now.arrays = now.arrays._replace(springs=springs, held_since_step=now.step)

    def change_firmness(self, support: Support) -> None:
        """Hold as firmly as a support says, in the same grip; another grip is taken anew."""
        now = self._now
        same = [(one.segment, one.point_m.tolist()) for one in support.attachments]
        if same != [(one.segment, one.point_m.tolist()) for one in now.support.attachments]:
            self.hold(support)
            return
        motion = self._motion()
        firm = support.attach(motion.pos, motion.matrix, self.dt_s)
        springs = now.arrays.springs
        for name in FIRMNESS:
            springs.hands[name] = firm.hands[name]
        springs = springs._replace(follow=firm.follow, yield_n=firm.yield_n)
        now.support, now.arrays = support, now.arrays._replace(springs=springs)

    def push(self, segment: int, impulse_ns: Vector, duration_s: float) -> None:
        """Push a segment from now on, beside all other pushes; see :func:`.push_from_step`."""
        now = self._now
        now.pushes += (push_from_step(segment, now.step, impulse_ns, duration_s, self.dt_s),)
        self._take_pushes()

    def pull(self, segment: int, force_n: Vector, duration_s: float | None = None) -> None:
        """Pull a segment from now on, in place of the last pull on it; see :func:`.pull_from_step`.

        A force of zero ends the pull.
        """
        now = self._now
        now.pulls.pop(segment, None)
        if force_n.any():
            pull = pull_from_step(segment, now.step, force_n, duration_s, self.dt_s)
            now.pulls[segment] = pull
        self._take_pushes()

    def end_pulls(self) -> None:
        """End the pulls on all segments."""
        self._now.pulls.clear()
        self._take_pushes()

    def _take_pushes(self) -> None:
        now = self._now
        table = push_forces((*now.pushes, *now.pulls.values()))
        now.arrays = now.arrays._replace(pushes=table)

    def _at_rest(self, angle_rad: Vector) -> tuple[Records[Muscle], MotionHistory]:
        """Muscles and history of an infant who has lain still, muscles silent."""
        length, rows = self.infant.muscles.length_at(angle_rad), self._history_length
        history = MotionHistory(
            fibre=record_rows(FibreMotion, {"length": length, "velocity": 0.0}, rows),
            joint=record_rows(JointMotion, {"angle_rad": angle_rad, "rate_rad_s": 0.0}, rows),
            last=no_last_step(),
        )
        return records(Muscle, {"activation": np.zeros(length.size)}), history

    @property
    def has_physics_fault(self) -> bool:
        """Whether the physics went wrong in this episode; :meth:`reset` clears it."""
        return self._now.has_physics_fault

    @property
    def time_s(self) -> float:
        """Time since the start of the episode [s]."""
        return self._now.step * self.dt_s

    @property
    def activation(self) -> Vector:
        """Activation of the muscles [0..1], shape (n,)."""
        return self._now.arrays.muscle["activation"].copy()

    def begin_control_step(self, command: MotorCommand, motor_noise: Vector | None = None) -> None:
        """Take a new motor command and begin to average the hands' force anew.

        Args:
            command: Command to the muscles until the next one.
            motor_noise: Relative error of every muscle's excitation, shape (n,); none by default.

        Raises:
            ValueError: If a number of the command is not finite, or it has more or fewer numbers
                than the infant has muscles; the engine never sees it.
        """
        now, muscle = self._now, self._now.arrays.muscle
        if not command.excitation.size == command.length.size == muscle.size:
            raise ValueError(f"a command needs one number for each of {muscle.size} muscles")
        noise = np.zeros(muscle.size) if motor_noise is None else motor_noise
        if not take_command(command.excitation, command.length, noise, muscle):
            raise ValueError("the command to the muscles is not all finite")
        now.arrays.springs.hands["force_sum_n"] = now.arrays.force_sum_n[:] = 0.0
        now.command_step = now.step

    @contextmanager
    def listening(self, name: str, listener: Callable[[], None]) -> Generator[None]:
        """Call a function after every physics step within the context.

        Args:
            name: Name of the listener.
            listener: The function.

        Raises:
            ValueError: If a listener of that name listens already.
        """
        if name in self._listeners:
            raise ValueError(f"a listener '{name}' listens already")
        self._listeners[name] = listener
        try:
            yield
        finally:
            del self._listeners[name]

    def advance(self, physics_steps: int) -> None:
        """Run physics steps; an implausible one ends it, see :attr:`has_physics_fault`."""
        if not self._listeners:
            self._advance(physics_steps)
            return
        for _ in range(physics_steps):
            before = self._now.step
            self._advance(1)
            if self._now.step > before:
                for listener in tuple(self._listeners.values()):
                    listener()

    def _advance(self, physics_steps: int) -> None:
        now = self._now
        if now.has_physics_fault or not physics_steps:
            return
        done = self.engine.advance(now.arrays, now.step, physics_steps)
        now.step += done.steps
        if done.is_faulty:
            now.has_physics_fault = self._needs_rebuild = True

    def _acting(self) -> list[Push]:
        """The pushes and pulls that act now."""
        now = self._now
        if not (now.pushes or now.pulls):
            return _NOTHING
        time_s = self.time_s
        return [push for push in (*now.pushes, *now.pulls.values()) if push.acts_at(time_s)]

    def _com_of(self, segment: int, pos: Vector, matrix: Vector) -> Vector:
        """The centre of mass of a segment [m], world, from the poses of all segments."""
        out = np.empty(3)
        rotate(matrix[segment], self.engine.masses.com_m[segment], out)
        return pos[segment] + out

    def proprioception(self) -> Vector:
        """Delayed joint angles [rad] and rates [rad/s] as the infant senses them, shape (2, 34).

        Where sensation is lost, the joint seems to rest at its start.
        """
        now = self._now
        felt = delayed_joints(now.arrays.history.joint, now.step, self._sensory_delay_steps)
        if self._feels_all:
            return felt
        rest = np.array([self.start.angle_rad, np.zeros(felt.shape[1])])
        return rest + np.array(self.infant.nervous.sensation) * (felt - rest)

    def contact_force(self) -> Vector:
        """Normal force of the scene on each segment over body weight in the last step, (15,)."""
        out = np.zeros(len(self.infant.ordered_segments))
        for contact in self.engine.contacts():
            if not contact.is_own:
                out[contact.segment] += contact.normal_force_n
        return out / self.weight_n

    def pressure(self) -> tuple[Vector, float]:
        """The centre of pressure, world [m], shape (3,), and the upward force of the scene [N].

        Floor, platform and furniture count together, in the last physics step. Each contact is
        weighted by the upward part of its force, friction included, so that the horizontal moments
        about the centre vanish on level ground. The centre is NaN where nothing is carried.

        Source:
            Winter (1995), Gait and Posture 3, 193-214; ``winter1995``.
        """
        contact_forces = self.engine.contact_forces()
        load_n = float(contact_forces[:, 5].sum())
        if load_n <= 0:
            return np.full(3, np.nan), 0.0
        return contact_forces[:, 5] @ contact_forces[:, :3] / load_n, load_n

    def check_penetration(self, pose: Pose) -> PenetrationCheck:
        """The penetration of a pose into the scene; it ends the episode, so :meth:`reset` after."""
        self.engine.set_pose(pose)
        self.engine.detect_collisions()
        return penetration_check(self.engine.contacts())

    def contacts(self) -> list[Contact]:
        """All contacts of the infant."""
        return self.engine.contacts()

    def observe(self) -> State:
        """The state of the world now; forces of the hands are means since the last command.

        After a physics fault it shows the body as it was before the steps that went wrong.
        """
        now, arrays = self._now, self._now.arrays
        body = rows(copied(arrays.body))[0]
        pos, matrix, springs = body["pos"], body["matrix"], arrays.springs
        acting = self._acting()
        push = max(acting, key=lambda one: one.size_n) if acting else None
        count = max(1, now.step - now.command_step)
        is_held = bool(now.support.attachments)
        force_world = springs.hands["force_sum_n"] / count if is_held else _NO_HANDS
        held_at = attachment_points(springs.hands, pos, matrix) if is_held else _NO_HANDS
        return State(
            time_s=self.time_s,
            segment_pos_world=pos,
            segment_quat_world=body["quat"],
            segment_matrix_world=matrix,
            segment_angular_velocity_own=body["angular_velocity"],
            joint_angle_rad=body["angle"],
            joint_velocity_rad_s=body["rate"],
            activation=self.activation,
            com_m=body["com"],
            com_velocity_m_s=body["com_velocity"],
            head_height_m=float(body["head_height_m"]),
            upright_rad=float(body["upright_rad"]),
            support_force_n=arrays.force_sum_n.item() / count,
            support_share=sum(force_world[:, 2].tolist()) / self.weight_n if is_held else 0.0,
            support_pos_world=held_at,
            support_force_world=force_world,
            support_work_j=springs.work_j.copy(),
            muscle_work_j=muscle_work(arrays.muscle),
            push_force_world=np.sum([p.force_world for p in acting], axis=0) if push else _ZERO,
            push_pos_world=self._com_of(push.segment, pos, matrix) if push else _ZERO,
            platform=now.platform_motion.at(self.time_s)[0] if now.platform_motion.keys else _LEVEL,
            support_site=now.support.site,
            support_strength=now.support.strength,
        )
