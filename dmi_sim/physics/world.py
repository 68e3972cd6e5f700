"""The infant, its muscles, the hands and the nudges in time: what one episode runs on."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.body.statics import GRAVITY_M_S2
from dmi_sim.errors import InputError
from dmi_sim.infant import Infant
from dmi_sim.nervous.motor_command import Command, hold_angles
from dmi_sim.nervous.delay import recall, ticks_of
from dmi_sim.physics.neuromuscular import neuromuscular_step
from dmi_sim.physics.bullet.engine import Engine
from dmi_sim.physics.penetration import Fit, fit_of
from dmi_sim.physics.support import NO_HANDS, Hold
from dmi_sim.physics.neuromuscular_params import build_law
from dmi_sim.physics.pose import Pose, lifted_out, standing_on_floor
from dmi_sim.physics.push import Push
from dmi_sim.physics.platform import STILL, Ride
from dmi_sim.physics.support_springs import Rings, grips_at
from dmi_sim.physics.scene import FLOOR_ONLY, Scene
from dmi_sim.physics.state import State

LARGEST_JOINT_SPEED_RAD_S = 60.0
"""Faster joints are no infant: Bullet clamps silently at 100 rad/s."""

_HEAD = 4
_NONE = np.zeros((0, 3))
_ZERO = np.zeros(3)
_LEVEL = np.zeros(4)


@dataclass
class _Episode:
    """What Bullet does not remember."""

    hold: Hold
    pushes: tuple[Push, ...]
    memory: Vector
    history: Vector
    rings: Rings
    ride: Ride
    steps: Vector
    hand_norm: float = 0.0
    ticks: int = 0
    is_broken: bool = False


class World:
    """Physics of one infant at a fixed step.

    Args:
        infant: Who.
        start: Pose in which episodes begin; settled once, as a statue, on what is under it.
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
        self._law = build_law(infant, self.start.angle_rad, self.dt_s)
        self._sense_ticks = ticks_of(infant.nervous.proprioceptive_delay_s, self.dt_s)
        self._feels_all = all(share == 1.0 for share in infant.nervous.sensation)
        self._slots = int(max(self._sense_ticks.max(), self._law.ticks[0].max())) + 1
        self._is_poisoned = False
        self.after_step: Callable[[], None] | None = None
        self.reset(self.start)

    def close(self) -> None:
        """Free the physics; twice does no harm."""
        self._engine.close()

    def reset(
        self,
        pose: Pose,
        hold: Hold | None = None,
        pushes: tuple[Push, ...] = (),
        ride: Ride = STILL,
    ) -> None:
        """Begin an episode, bit for bit the same whatever came before.

        Args:
            pose: To start from, at rest.
            hold: Hands, around the infant where it is now.
            pushes: Nudges to come.
            ride: Of the board.

        Raises:
            InputError: If there is a ride but no board.
        """
        if ride.keys and not self._engine.scene.has_board:
            raise InputError("a ride needs a scene with a board")
        if self._is_poisoned:
            self._engine.rebuild()
            self._is_poisoned = False
        self._engine.put(pose)
        self._flat = self._engine.joints()
        memory, history = self._at_rest(pose.angle_rad)
        held, motion = hold or NO_HANDS, self._engine.motion(self._flat)
        rings = held.taken(motion.pos, motion.matrix, self.dt_s)
        steps = ride.steps(self.dt_s)
        self._now = _Episode(held, pushes, memory, history, rings, ride, steps)
        self.begin_control_step(hold_angles(self.infant.muscles, pose.angle_rad))

    def _at_rest(self, angle_rad: Vector) -> tuple[Vector, Vector]:
        """Memory and history of an infant who has lain still in a pose, muscles off."""
        length = self.infant.muscles.length_at(angle_rad)
        history = np.zeros((self._slots, 2, length.size + angle_rad.size))
        history[:, 0] = np.concatenate([length, angle_rad])
        return np.zeros((6, length.size)), history

    @property
    def is_broken(self) -> bool:
        """Whether the physics went wrong in this episode; cured by :meth:`reset`."""
        return self._now.is_broken

    @property
    def time_s(self) -> float:
        """Since the start of the episode [s]."""
        return self._now.ticks * self.dt_s

    def begin_control_step(self, command: Command, motor_noise: Vector | None = None) -> None:
        """Take a new command and measure the hands afresh.

        Args:
            command: To the muscles, until the next one.
            motor_noise: Relative error of every muscle's excitation, shape (n,); none by default.

        Raises:
            ValueError: If a number of the command is not finite; Bullet never sees it.
        """
        now = self._now
        memory = now.memory.copy()
        memory[1], memory[2] = command.excitation, command.length
        memory[3] = 1.0 if motor_noise is None else 1.0 + motor_noise
        if not math.isfinite(memory.sum()):
            raise ValueError("the command to the muscles is not all finite")
        now.memory = memory
        now.rings.felt[:] = now.hand_norm = 0.0

    def advance(self, ticks: int) -> None:
        """Run physics steps; stops at the first that is implausible, see :attr:`is_broken`."""
        now, engine, law = self._now, self._engine, self._law
        memory, history, is_touched = now.memory, now.history, bool(now.hold.grips or now.pushes)
        for _ in range(0 if now.is_broken else ticks):
            torques, speed = neuromuscular_step(self._flat, now.ticks, memory, history, law)
            if not speed < LARGEST_JOINT_SPEED_RAD_S:  # also when it is not a number
                now.is_broken = self._is_poisoned = True
                return
            engine.drive(torques)
            if is_touched:
                self._apply_outside_forces()
            if now.ticks < len(now.steps):
                engine.carry(*now.steps[now.ticks].tolist())
            engine.step()
            now.ticks += 1
            self._flat = engine.joints()
            if self.after_step is not None:
                self.after_step()
        if not math.isfinite(self._flat.sum()):
            now.is_broken = self._is_poisoned = True

    def _apply_outside_forces(self) -> None:
        if self._now.hold.grips:
            self._apply_hands()
        for push in self._now.pushes:
            if push.acts_at(self.time_s):
                motion = self._engine.motion(self._flat)
                com = self._com_of(push.segment, motion.pos, motion.matrix)
                self._engine.push(push.segment, push.force_world.tolist(), com.tolist())

    def _com_of(self, segment: int, pos: Vector, matrix: Vector) -> Vector:
        """Centre of mass of a segment [m], world, from origins and matrices of all segments."""
        return pos[segment] + matrix[segment] @ self._engine.masses.com_m[segment]

    def _apply_hands(self) -> None:
        now = self._now
        now.hand_norm += self._engine.hold(self._flat, now.rings, self.time_s)
        for grip, row in zip(now.hold.grips, now.rings.wrench.tolist(), strict=True):
            self._engine.push(grip.segment, row[:3], row[6:])
            self._engine.twist(grip.segment, row[3:6])

    def _grips(self, pos: Vector, matrix: Vector) -> Vector:
        rings = self._now.rings
        return grips_at(rings.segments, rings.points, pos, matrix)

    def proprioception(self) -> Vector:
        """Joint angles [rad] and rates [rad/s] as late as they arrive, shape (2, 34).

        Where sensation is lost, the joint seems to rest at its start. The present step counts once
        :meth:`state` has read it.
        """
        n = self._now.memory.shape[1]
        felt = np.empty((2, self._sense_ticks.size))
        joints = self._now.history[:, :, n:]
        recall(joints, self._now.ticks, self._sense_ticks, felt[0], felt[1])
        if self._feels_all:
            return felt
        rest = np.array([self.start.angle_rad, np.zeros(felt.shape[1])])
        return rest + np.array(self.infant.nervous.sensation) * (felt - rest)

    def touch(self) -> Vector:
        """Normal force of the scene on each segment over body weight, last step, shape (15,)."""
        out = np.zeros(len(self.infant.parts))
        for other, own, _, _, force in self._engine.contacts():
            if not self._engine.is_own(other):
                out[own] += force
        return out / self.weight_n

    def pressure(self) -> tuple[Vector, float]:
        """Centre of pressure, world [m], shape (3,), and the upward force of the scene [N].

        Of the last step: floor, board and furniture together. Each contact counts by the upward
        part of its force, friction included, so that the horizontal moments about the centre
        vanish on level ground. Not a number where nothing is carried.

        Source:
            Winter (1995), Gait and Posture 3, 193-214; ``winter1995``.
        """
        pressed = self._engine.pressed()
        load_n = float(pressed[:, 5].sum())
        if load_n <= 0:
            return np.full(3, np.nan), 0.0
        return pressed[:, 5] @ pressed[:, :3] / load_n, load_n

    def fit(self, pose: Pose) -> Fit:
        """How a pose fits into the scene; ends the episode, so :meth:`reset` afterwards."""
        self._engine.put(pose)
        self._engine.collide()
        return fit_of(self._engine.contacts(), self._engine.is_own)

    def corrupt(self) -> None:
        """Put a NaN into the joints, for tests of the cure."""
        self._flat = self._flat * np.nan

    def contacts(self) -> list[tuple[int, int, int, float, float]]:
        """Other body, own segment, other segment, distance [m], normal force [N]."""
        return self._engine.contacts()

    def state(self, ticks: int) -> State:
        """What the world looks like now.

        Args:
            ticks: Physics steps since :meth:`begin_control_step`, over which hands are averaged.
        """
        now = self._now
        seen = self._engine.read_out(self._flat)
        pos, matrix = seen.pos, seen.matrix
        here = now.history[now.ticks % self._slots]
        here[0, -seen.angle.size :], here[1, -seen.rate.size :] = seen.angle, seen.rate
        x, y, z = (pos[_HEAD] - pos[0]).tolist()
        head_com = self._engine.masses.com_m[_HEAD]
        push = next((p for p in now.pushes if p.acts_at(self.time_s)), None)
        count = max(1, ticks)
        return State(
            time_s=self.time_s,
            segment_pos_world=pos,
            segment_quat_world=seen.quat,
            segment_matrix_world=matrix,
            segment_spin_own=seen.spin,
            joint_angle_rad=seen.angle,
            joint_velocity_rad_s=seen.rate,
            activation=now.memory[0].copy(),
            com_m=seen.com,
            com_velocity_m_s=seen.com_velocity,
            head_height_m=float(pos[_HEAD, 2] + matrix[_HEAD, 2] @ head_com),
            upright_rad=math.atan2(math.hypot(x, y), z),
            support_force_n=now.hand_norm / count,
            support_share=float(now.rings.felt[:, 2].sum()) / count / self.weight_n,
            hand_pos_world=self._grips(pos, matrix) if now.hold.grips else _NONE,
            hand_force_world=now.rings.felt / count,
            hand_work_j=now.rings.work.copy(),
            muscle_work_j=now.memory[4:].sum(axis=1),
            nudge_force_world=push.force_world if push else _ZERO,
            nudge_pos_world=self._com_of(push.segment, pos, matrix) if push else _ZERO,
            board=now.ride.at(self.time_s)[0] if now.ride.keys else _LEVEL,
        )


def settled(engine: Engine, pose: Pose, seconds: float = 0.5) -> Pose:
    """The pose as a statue comes to rest in it on the level ground or furniture.

    Args:
        engine: Whose body; rebuilt afterwards.
        pose: Joint angles to keep; the pelvis finds its place.
        seconds: How long it may take.
    """
    placed = standing_on_floor(pose, engine.infant, engine.masses.joint_m, engine.scene)
    engine.put(placed)
    engine.lock(placed)
    engine.solve_finely()
    for _ in range(round(seconds / engine.dt_s)):
        engine.step()
    motion = engine.motion(engine.joints())
    engine.rebuild()
    rested = Pose(motion.pos[0].copy(), motion.quat[0].copy(), pose.angle_rad)
    return lifted_out(rested, engine.infant, engine.masses.joint_m, engine.scene)
