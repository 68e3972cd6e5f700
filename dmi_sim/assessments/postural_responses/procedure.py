"""Automatic postural responses: onset and size of muscle activity when the ground moves.

The platform under an infant slides or tilts in each direction at several speeds. A response is the
difference in activation from the same infant, with the same noise, on a platform at rest.
Simulation, not clinical evidence.
"""

from collections.abc import Mapping
from pathlib import Path

from dmi_sim.assessments import OnProgress
from dmi_sim.assessments.postural_responses.muscle_directions import muscle_directions
from dmi_sim.assessments.postural_responses.platform_trials import moves_of, prepare_platform_trials
from dmi_sim.assessments.postural_responses.reading import read_move
from dmi_sim.assessments.postural_responses.result import MoveFinding, ResponsesFinding
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import InputError
from dmi_sim.rollout.controllers import Controller
from dmi_sim.rollout.environment import Env
from dmi_sim.spec.responses import ResponsesSpec
from dmi_sim.training.bundle import Setting
from dmi_sim.training.library import exercise_of, open_for_assessment


def responses(
    controller: Controller | None,
    env: Env,
    procedure: ResponsesSpec,
    on_progress: OnProgress | None = None,
) -> ResponsesFinding:
    """Move the platform under a controller and assess the responses of the muscles.

    Deterministic: trials use the evaluation seeds, on which no policy is trained. The platform
    moves when the infant has settled, or early if it cannot stay upright until then.

    Args:
        controller: Controller to assess; None for reflexes only (zero action).
        env: Environment of the procedure's exercise, with a platform; it stays open.
        procedure: A file in ``models/assessments/responses/``.
        on_progress: Called before each move.

    Raises:
        InputError: If the environment has another exercise or has no platform.
    """
    inner = open_on_platform(env, procedure)
    platform = prepare_platform_trials(inner, controller, procedure, procedure.start.settled.value)
    was_settled = platform.is_upright
    if not was_settled:
        platform = prepare_platform_trials(
            inner, controller, procedure, procedure.start.early.value
        )
    muscles = inner.infant.muscles
    directions = muscle_directions(muscles, procedure.levels, procedure.direction_cosine.value)
    moves, found = moves_of(procedure.platform), list[MoveFinding]()
    for number, move in enumerate(moves):
        if on_progress is not None:
            on_progress(number / len(moves), f"{move.motion} {move.towards}, {move.speed}")
        found.append(read_move(move, list(platform.trials(move)), directions, procedure))
    return ResponsesFinding(
        moved_at_s=platform.moved_at_s,
        was_settled=was_settled,
        controller_from_s=inner.infant.nervous.central_delay_s,
        names=muscles.names,
        directions=directions,
        moves=tuple(found),
    )


def responses_bundle(
    source: str | Path | None,
    settings: Mapping[str, Setting],
    procedure: ResponsesSpec,
    on_progress: OnProgress | None = None,
    *,
    allow_other_exercise: bool = False,
) -> ResponsesFinding:
    """Assess a saved policy, another controller, or reflexes only.

    Args:
        source: A policy bundle, or what :func:`dmi_sim.training.foreign.load_foreign` takes; None
            for reflexes only.
        settings: Arguments of the environment that differ from those in training.
        procedure: A file in ``models/assessments/responses/``.
        on_progress: Called before each move.
        allow_other_exercise: Whether the policy may be one of another exercise.

    Raises:
        InputError: If the bundle is incomplete or was trained in another exercise.
    """
    on_platform = {**settings, "on_platform": True}
    allowed, exercise = allow_other_exercise, procedure.exercise
    opened = open_for_assessment(source, exercise, on_platform, allow_other_exercise=allowed)
    with opened as (env, policy):
        return responses(policy, env, procedure, on_progress)


def open_on_platform(env: Env, procedure: ResponsesSpec) -> PostureEnv:
    """The environment inside its wrappers, if it has the exercise and a platform.

    Raises:
        InputError: If it has another exercise or no platform, or is no environment of this package.
    """
    inner = exercise_of(env, procedure.exercise)
    if not inner.build.scene.has_platform:
        raise InputError(
            "on_platform: the ground does not move; make the environment with on_platform"
        )
    return inner
