"""Reading trials as an electromyographer would: onsets, groups of muscles, sizes."""

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
from dmi_sim.assessments.postural_responses.platform_trials import Move, Trial
from dmi_sim.assessments.postural_responses.result import GroupResponse, MoveFinding, Response
from dmi_sim.errors import InputError
from dmi_sim.outcome.work import coactivation
from dmi_sim.spec.responses import Direction, ResponsesSpec


def read_response(
    trial: Trial, fall: Direction, directions: MuscleDirections, spec: ResponsesSpec
) -> Response:
    """Read one trial.

    Args:
        trial: Activation of all muscles with and without the move.
        fall: Direction in which the body falls.
        directions: Levels and directions of the muscles.
        spec: Rule by which a muscle counts as active, and the windows.

    Raises:
        InputError: If the trial does not reach over baseline and response.
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
    """What a group did, from latencies of the whole response and of what the controller sent."""

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
    move: Move, trials: Sequence[Trial], directions: MuscleDirections, spec: ResponsesSpec
) -> MoveFinding:
    """Read all trials of one move.

    Raises:
        InputError: If there are none, because the physics went wrong in each.
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
