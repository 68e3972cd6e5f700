"""Simulated electromyography: activation of all muscles at every physics step of an episode."""

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
    """The electromyogram of one episode.

    Attributes:
        time_s: Ends of the physics steps [s], shape (t,).
        activation: Activation of the muscles [0..1], shape (t, n).
        fell_at_s: Time of a fall by the rules of the exercise [s]; infinite if there was none.
        has_physics_fault: Whether the physics failed.
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
    """Simulate an episode from its start and record a span of it.

    A fall does not end the recording, since muscles keep acting; a physics fault does.

    Args:
        env: Environment of the episode; it stays open.
        controller: Controller that acts; None for reflexes only (zero action).
        seed: Seed of the start and of all noise.
        span_s: Begin and end of the recording [s]; the end is extended to a whole control step.
        options: Options of the reset.
    """
    fell_at_s, count = np.inf, int(np.ceil(span_s[1] * env.build.spec.control_hz - 1e-9))
    options = {**options, "steps_after_end": True}
    steps = episode(env, controller, seed, options, until=_has_physics_fault)
    next(steps)  # the reset, which is not recorded
    with _emg_recording(env.world, span_s[0]) as (time_s, activation):
        for step in islice(steps, count):
            fell_at_s = min(fell_at_s, env.state.time_s if step.fell else np.inf)
    return EmgTrace(np.array(time_s), np.array(activation), fell_at_s, env.world.has_physics_fault)


def _has_physics_fault(step: Step) -> bool:
    return step.info["physics_fault"]


@contextmanager
def _emg_recording(world: World, from_s: float) -> Generator[tuple[list[float], list[Vector]]]:
    """The times and activations of all physics steps within the context, from a time on."""
    time_s: list[float] = []
    activation: list[Vector] = []

    def record() -> None:
        if world.time_s >= from_s - 1e-9:
            time_s.append(world.time_s)
            activation.append(world.activation)

    with world.listening("electromyogram", record):
        yield time_s, activation


def record_commands(commands: list[MotorCommand]) -> Voluntary:
    """A voluntary addition that changes nothing and appends each command to a list."""

    def record(_state: State, command: MotorCommand) -> MotorCommand:
        commands.append(command)
        return command

    return record


def replay_commands(commands: list[MotorCommand]) -> Voluntary:
    """A voluntary addition that replaces the controller's commands by recorded ones."""
    recorded = iter(commands)

    def replay(_state: State, _command: MotorCommand) -> MotorCommand:
        return next(recorded)

    return replay
