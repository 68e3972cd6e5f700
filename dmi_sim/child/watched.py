"""A session that is watched: what the therapist orders, trial by trial, and what the child does.

The child does what it has learnt so far, without exploring. It learns nothing meanwhile and stays
as it is, so that its first session can be watched beside one after all practice.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from dmi_sim.child.practice import options_of
from dmi_sim.child.programme import TherapistLike
from dmi_sim.child.rooms import Rooms
from dmi_sim.recording import Recording
from dmi_sim.render.clip import Clip
from dmi_sim.render.shapes import visual_shapes
from dmi_sim.rollout.controllers import Controller
from dmi_sim.rollout.environment import infant_of, scene_of
from dmi_sim.rollout.recorder import rollout
from dmi_sim.therapy.trial import Trial, TrialRecord


@dataclass(frozen=True)
class WatchedTrial:
    """A trial as it was ordered, and as it went.

    Attributes:
        record: What the therapist sees of it.
        clip: What an onlooker sees of it.
    """

    record: TrialRecord
    clip: Clip


def watched_session(
    therapist: TherapistLike,
    known: Any,
    policy: Controller | None,
    rooms: Rooms,
    age_months: float,
    seeds: Iterable[int],
) -> Iterator[WatchedTrial]:
    """The trials of a session, one for each seed.

    Args:
        therapist: Whoever orders them.
        known: What the therapist knows of the child before the first.
        policy: What the child does; None for reflexes only.
        rooms: Rooms of its body.
        age_months: Its age [months].
        seeds: Seeds of start, noise and pushes.

    Raises:
        InputError: If the exercise does not offer what is ordered.
    """
    for seed in seeds:
        trial = therapist.order(known)
        room = rooms.of(trial.exercise)
        recording = rollout(room, policy, seed, options_of(trial))
        record = record_of(trial, age_months, recording)
        yield WatchedTrial(record, Clip(recording, visual_shapes(infant_of(room)), scene_of(room)))
        if not recording.physics_fault:
            known = therapist.see(known, record)


def record_of(trial: Trial, age_months: float, recording: Recording) -> TrialRecord:
    """What a therapist sees of a trial that was recorded.

    Args:
        trial: What was ordered.
        age_months: Age of the child [months].
        recording: What the child did.
    """
    steps, hz = len(recording.time_s) - 1, recording.control_hz
    return TrialRecord(
        trial,
        age_months,
        is_success=bool(recording.is_success),
        completion=float(recording.completion),
        fell=bool(recording.fell),
        duration_s=steps / hz,
        support_share=float(recording.support_share[1:].mean()),
        support_impulse_n_s=float(recording.support_force_n[1:].sum()) / hz,
    )
