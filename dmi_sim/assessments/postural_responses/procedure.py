"""Automatic postural responses: which muscles answer when the ground moves, when and how much?

The platform under an infant slides or tilts each way at several speeds. A response is the
difference in activation from the same infant, with the same noise, on a platform at rest.
Simulation, not clinical evidence.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np

from dmi_sim.assessments.postural_responses.muscle_directions import (
    MuscleDirections,
    muscle_directions,
)
from dmi_sim.assessments.postural_responses.platform_trials import moves_of, open_platform
from dmi_sim.assessments.postural_responses.result import Gain, MoveFinding, Part, found_of, gain_of
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import InputError
from dmi_sim.rollout.controllers import Controller
from dmi_sim.rollout.environment import Env
from dmi_sim.spec.responses import Direction, Motion, ResponsesSpec
from dmi_sim.training.bundle import Setting
from dmi_sim.training.library import exercise_of, open_for_assessment

NOTICE = (
    "Simulation, not clinical evidence. After published platform experiments; not their protocol."
)

OnProgress: TypeAlias = Callable[[float, str], None]
"""Told the share that is done and what comes next."""


@dataclass(frozen=True)
class ResponsesFinding:
    """What an assessment found.

    Attributes:
        moved_at_s: Time of the move after the start of an episode [s].
        was_settled: Whether that was late enough for the infant to have found its posture.
        controller_from_s: Shortest delay between an event and its arrival at the controller [s].
        names: Names of the muscles.
        directions: Directions in which the muscles pull.
        moves: Slides, then tilts, each way at each speed.
    """

    moved_at_s: float
    was_settled: bool
    controller_from_s: float
    names: tuple[str, ...]
    directions: MuscleDirections
    moves: tuple[MoveFinding, ...]

    def at_speeds(self, motion: Motion, towards: Direction) -> tuple[MoveFinding, ...]:
        """Findings of one way to move, slowest first."""
        return tuple(
            one for one in self.moves if (one.move.motion, one.move.towards) == (motion, towards)
        )

    def gain(self, motion: Motion, towards: Direction, part: Part) -> Gain:
        """Gain of one part of the responses; see :func:`gain_of`."""
        found = self.at_speeds(motion, towards)
        speeds = np.array([one.move.peak_speed for one in found])
        return gain_of(speeds, np.array([one.size(part) for one in found]))


def responses(
    controller: Controller | None,
    env: Env,
    procedure: ResponsesSpec,
    on_progress: OnProgress | None = None,
) -> ResponsesFinding:
    """Move the platform under a controller and read its muscles.

    Deterministic: trials have the seeds of evaluations, which no policy is trained on. The platform
    moves when the infant has settled, or early if it cannot keep upright until then.

    Args:
        controller: Controller that acts; None for reflexes only (zero action).
        env: Environment, in the exercise of the procedure, with a platform; it stays open.
        procedure: Rules, a file in ``models/assessments/responses/``.
        on_progress: Told before each move.

    Raises:
        InputError: If the environment holds another exercise or has no platform.
    """
    inner = open_on_platform(env, procedure)
    platform = open_platform(inner, controller, procedure, procedure.start.settled.value)
    was_settled = platform.is_upright
    if not was_settled:
        platform = open_platform(inner, controller, procedure, procedure.start.early.value)
    muscles = inner.infant.muscles
    directions = muscle_directions(muscles, procedure.levels, procedure.direction_cosine.value)
    moves, found = moves_of(procedure.platform), list[MoveFinding]()
    for number, move in enumerate(moves):
        if on_progress is not None:
            on_progress(number / len(moves), f"{move.motion} {move.towards}, {move.speed}")
        found.append(found_of(move, list(platform.trials(move)), directions, procedure))
    return ResponsesFinding(
        moved_at_s=platform.moved_at_s,
        was_settled=was_settled,
        controller_from_s=inner.infant.nervous.central_delay_s,
        names=muscles.names,
        directions=directions,
        moves=tuple(found),
    )


def responses_bundle(
    folder: Path | None,
    settings: Mapping[str, Setting],
    procedure: ResponsesSpec,
    on_progress: OnProgress | None = None,
) -> ResponsesFinding:
    """Assess a saved policy in the environment that it was trained in, or reflexes alone.

    Args:
        folder: A policy bundle; None for reflexes only.
        settings: Arguments of the environment that differ from those in training.
        procedure: Rules of the assessment.
        on_progress: Told before each move.

    Raises:
        InputError: If the bundle is not whole or was trained in another exercise.
    """
    on_platform = {**settings, "on_platform": True}
    with open_for_assessment(folder, procedure.exercise, on_platform) as (env, policy):
        return responses(policy, env, procedure, on_progress)


def open_on_platform(env: Env, procedure: ResponsesSpec) -> PostureEnv:
    """The environment inside its wrappers, if the infant is on a platform in the right posture.

    Raises:
        InputError: If it holds another exercise, has no platform or is none of ours.
    """
    inner = exercise_of(env, procedure.exercise)
    if not inner.build.scene.has_platform:
        raise InputError(
            "on_platform: the ground does not move; make the environment with on_platform"
        )
    return inner
