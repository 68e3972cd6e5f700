"""Analysis of trials as in electromyography: onsets, groups of muscles, sizes."""

from collections.abc import Sequence

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.assessments.postural_responses.muscle_directions import Mask, MuscleDirections
from dmi_sim.assessments.postural_responses.onsets import (
    first_s,
    latencies_s,
    level_latencies_s,
    mean_within,
)
from dmi_sim.assessments.postural_responses.platform_trials import PlatformMove, Trial
from dmi_sim.assessments.postural_responses.result import GroupResponse, MoveFinding, Response
from dmi_sim.errors import InputError
from dmi_sim.outcome.work import coactivation
from dmi_sim.spec.responses import Direction, ResponsesSpec


def read_response(
    trial: Trial, fall: Direction, directions: MuscleDirections, spec: ResponsesSpec
) -> Response:
    """The response in one trial.

    Args:
        trial: Activation of all muscles with and without the move.
        fall: Direction in which the body falls.
        directions: Levels and directions of the muscles.
        spec: Rule of the onset and windows of the response.

    Raises:
        InputError: If the trial does not cover baseline and response.
    """
    agonists, antagonists = directions.agonists(fall), directions.antagonists(fall)
    latency = latencies_s(trial.time_s, trial.extra, 0.0, spec.onset)
    central = latencies_s(trial.time_s, trial.sent, 0.0, spec.onset)
    begin_s, end_s = spec.windows.postural.value
    late = trial.activation[(trial.time_s >= begin_s) & (trial.time_s <= end_s)]
    return Response(
        latency_s=latency,
        agonists=_read_group(trial, (latency, central), directions, agonists, spec),
        antagonists=_read_group(trial, (latency, central), directions, antagonists, spec),
        coactivation=coactivation(
            late[:, agonists].mean(axis=1), late[:, antagonists].mean(axis=1)
        ),
        fell=trial.fell,
    )


def _read_group(
    trial: Trial,
    latency_s: tuple[Vector, Vector],
    directions: MuscleDirections,
    group: Mask,
    spec: ResponsesSpec,
) -> GroupResponse:
    """The response of a group, from latencies of all activation and of the central component."""

    def mean(signal: Vector, window_s: tuple[float, float]) -> float:
        return float(mean_within(trial.time_s, signal[:, group], 0.0, window_s).mean())

    late = spec.windows.postural.value
    return GroupResponse(
        first_s=first_s(latency_s[0], group),
        central_first_s=first_s(latency_s[1], group),
        by_level_s=level_latencies_s(latency_s[0], directions, group),
        size={
            "reflex": mean(trial.extra, spec.windows.reflex.value),
            "postural": mean(trial.extra, late),
            "central": mean(trial.sent, late),
        },
    )


def read_move(
    move: PlatformMove, trials: Sequence[Trial], directions: MuscleDirections, spec: ResponsesSpec
) -> MoveFinding:
    """The finding on one move, from all its trials.

    Raises:
        InputError: If there is no trial, because the physics failed in each.
    """
    if not trials:
        raise InputError(f"{move.motion} {move.towards}, {move.speed}: the physics failed")
    return MoveFinding(
        move=move,
        responses=tuple(read_response(trial, move.fall, directions, spec) for trial in trials),
        time_s=trials[0].time_s,
        activation=np.mean([trial.activation for trial in trials], axis=0),
        quiet=np.mean([trial.quiet for trial in trials], axis=0),
    )
