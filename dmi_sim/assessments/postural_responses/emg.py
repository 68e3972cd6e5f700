"""Activation of all muscles at every physics step of an episode, as electrodes would show it."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.env.posture_env import PostureEnv, Voluntary
from dmi_sim.nervous.motor_command import MotorCommand
from dmi_sim.physics.state import State
from dmi_sim.physics.world import World
from dmi_sim.rollout.controllers import Controller
from dmi_sim.rollout.episode import Step, episode


@dataclass(frozen=True)
class EmgTrace:
    """What electrodes show of one episode.

    Attributes:
        time_s: Ends of the physics steps [s], shape (t,).
        activation: Activation of the muscles [0..1], shape (t, n).
        fell_at_s: Time of a fall by the rules of the exercise [s]; infinite if there was none.
        has_physics_fault: Whether the physics went wrong.
    """

    time_s: Vector
    activation: Vector
    fell_at_s: float
    has_physics_fault: bool


def record_emg(
    env: PostureEnv,
    controller: Controller | None,
    seed: int,
    span_s: tuple[float, float],
    options: Mapping[str, Any],
) -> EmgTrace:
    """Play an episode from its start and record a span of it.

    A fall does not end it, for muscles go on; a fault of the physics does.

    Args:
        env: Environment to play in; it stays open.
        controller: Controller that acts; None for reflexes only (zero action).
        seed: Seed of the start and of all noise.
        span_s: Begin and end of the recording [s]; it goes on to the next whole control step.
        options: Options of the reset.
    """
    fell_at_s, count = np.inf, int(np.ceil(span_s[1] * env.build.spec.control_hz - 1e-9))
    steps = episode(env, controller, seed, options, until=_has_physics_fault)
    next(steps)  # the reset, before the electrodes are on
    with _electrodes(env.world, span_s[0]) as (time_s, seen):
        for step in islice(steps, count):
            fell_at_s = min(fell_at_s, env.state.time_s if step.terminated else np.inf)
    return EmgTrace(np.array(time_s), np.array(seen), fell_at_s, env.world.has_physics_fault)


def _has_physics_fault(step: Step) -> bool:
    return step.info["physics_fault"]


@contextmanager
def _electrodes(world: World, from_s: float) -> Generator[tuple[list[float], list[Vector]]]:
    """Collect times and activation after every physics step while the context lasts."""
    time_s: list[float] = []
    seen: list[Vector] = []

    def read() -> None:
        if world.time_s >= from_s - 1e-9:
            time_s.append(world.time_s)
            seen.append(world.state(1).activation)

    world.after_step = read
    try:
        yield time_s, seen
    finally:
        world.after_step = None


def record_commands(commands: list[MotorCommand]) -> Voluntary:
    """A voluntary addition that changes nothing and notes each command."""

    def note(_state: State, command: MotorCommand) -> MotorCommand:
        commands.append(command)
        return command

    return note


def replay_commands(commands: list[MotorCommand]) -> Voluntary:
    """One that sends noted commands again, whatever the controller wants now."""
    coming = iter(commands)

    def repeat(_state: State, _command: MotorCommand) -> MotorCommand:
        return next(coming)

    return repeat
