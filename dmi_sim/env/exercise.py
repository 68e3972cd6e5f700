"""An exercise, ready to be asked of an infant."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.env.cpg import PatternGenerator, build_cpg
from dmi_sim.env.task import Task, build_task
from dmi_sim.spec.exercise import N_CUES, ExerciseSpec

_SHIPPED_CUES = 16
"""Cues that the package gives to its own exercises; the others are drawn from names."""


@dataclass(frozen=True)
class Exercise:
    """What is asked of an infant.

    Attributes:
        task: Rewards, criterion and ends.
        cpg: Pattern generator, if some action bursts.
        phase_rate_rad_s: Rate of its phase, as the infant is told [rad/s]; None while it rests.
        physics_steps: Physics steps in a control step.
        command_share: Share of the way to a new action that the command goes in a control step.
        cue: What tells the infant which exercise is asked, shape (24,).
        asked_velocity: Velocity that is asked for, forward and left as the infant faced at the
            start, in body lengths a second.
    """

    task: Task
    cpg: PatternGenerator | None
    phase_rate_rad_s: float | None
    physics_steps: int
    command_share: float
    cue: Vector
    asked_velocity: tuple[float, float]

    @cached_property
    def reward_labels(self) -> dict[str, str]:
        """The key of each term of the reward in ``info``."""
        return {name: f"reward/{name}" for name in self.task.reward_names}

    def smoothed(self, action: Vector, before: Vector) -> Vector:
        """The command on its way from the one before to an action, shape (n_actions,)."""
        if self.command_share == 1.0:
            return action
        return before + self.command_share * (action - before)

    def phase_rad(self, time_s: float) -> float | None:
        """Phase of the pattern generator since the start [rad]; None while it rests."""
        return None if self.phase_rate_rad_s is None else self.phase_rate_rad_s * time_s


def build_exercise(name: str, spec: ExerciseSpec, action_names: Sequence[str]) -> Exercise:
    """An exercise whose names and parameters have been checked.

    Args:
        name: Name of its file.
        spec: Its content.
        action_names: Names of the actions in one of its action modes.
    """
    return Exercise(
        task=build_task(spec),
        cpg=build_cpg(spec, action_names),
        phase_rate_rad_s=_phase_rate_rad_s(spec, action_names),
        physics_steps=spec.physics_hz // spec.control_hz,
        command_share=_command_share(spec),
        cue=np.eye(N_CUES)[cue_place(name, spec)],
        asked_velocity=spec.asked_velocity,
    )


def _command_share(spec: ExerciseSpec) -> float:
    """Share of the way that a first-order filter goes in a control step; 1 without one."""
    time_constant_s = spec.command_time_constant_s
    return -math.expm1(-1 / (spec.control_hz * time_constant_s)) if time_constant_s else 1.0


def _phase_rate_rad_s(spec: ExerciseSpec, action_names: Sequence[str]) -> float | None:
    if spec.repertoire is None:  # version 0: a generator that no action drives stands still
        cpg = build_cpg(spec, action_names)
        return cpg.rate_rad_s if cpg else 0.0
    return spec.cpg_frequency_hz and 2 * math.pi * spec.cpg_frequency_hz


def cue_place(name: str, spec: ExerciseSpec) -> int:
    """The cue of an exercise: its own, or one that its name picks from those that are free.

    Args:
        name: Name of its file.
        spec: Its content.
    """
    digest = hashlib.sha256(name.encode()).digest()
    drawn = _SHIPPED_CUES + digest[0] % (N_CUES - _SHIPPED_CUES)
    return drawn if spec.cue is None else spec.cue
