"""How far a child has come, and the way from one session to the next."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from dmi_sim.catalog import Catalog
from dmi_sim.child.brain import Brain, practise
from dmi_sim.child.description import ChildSpec
from dmi_sim.child.diary import Diary, Occasion, SessionEntry, session_entry
from dmi_sim.child.free_play import FreePlay
from dmi_sim.child.muscle_lengths import (
    MuscleLengths,
    WorkOfMuscles,
    alike_on_both_sides,
    felt_in_session,
    lengths_after_week,
)
from dmi_sim.child.plasticity import learning_rate_factor
from dmi_sim.child.practice import Attention, OrderedTrials, trial_seed
from dmi_sim.child.programme import FREE_PLAY, Programme, SessionLike
from dmi_sim.child.rooms import Rooms
from dmi_sim.env.symmetry import is_symmetric
from dmi_sim.infant import Infant
from dmi_sim.muscle.adaptation import FeltStretch
from dmi_sim.spec.base import Strict
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.therapy.stretch_rules import Stretch


@dataclass(frozen=True)
class ChildState:
    """How far a child has come; frozen, so that a session which is interrupted leaves no trace.

    Attributes:
        brain: What it has learnt.
        therapist: What the therapist knows of it.
        diary: What it practised.
        week: Week of the programme, from 0.
        session: Number of the next session in this week, from 0.
        muscles: How its muscles have adapted, and what they felt in this week.
    """

    brain: Brain
    therapist: Strict
    diary: Diary = field(default_factory=Diary)
    week: int = 0
    session: int = 0
    muscles: MuscleLengths = field(default_factory=MuscleLengths)


def after_session(
    state: ChildState,
    child: ChildSpec,
    programme: Programme,
    rooms: Rooms,
) -> ChildState:
    """The state after the next session of this week, or after the week if there is none left.

    Args:
        state: The state before.
        child: Description of the child.
        programme: Its programme.
        rooms: Rooms of its body in this week.
    """
    sessions = programme.sessions(child.age_months, state.week)
    if state.session < len(sessions):
        state = _practised(state, child, programme, rooms, sessions[state.session])
    if state.session >= len(sessions):
        state = _after_week(state, child)
    return state


def _after_week(state: ChildState, child: ChildSpec) -> ChildState:
    """The state at the beginning of the next week: muscles have adapted, and the brain too."""
    practised = any(one.week == state.week and one.practice_minutes for one in state.diary)
    hours = sum(one.minutes for one in state.diary) / 60
    return replace(
        state,
        brain=state.brain.after_week(child.plasticity, hours, practised=practised),
        muscles=lengths_after_week(state.muscles, child.adaptation),
        week=state.week + 1,
        session=0,
    )


def after_pause(state: ChildState, child: ChildSpec, weeks: int) -> ChildState:
    """The state after weeks without practice or play.

    Args:
        state: The state before.
        child: Description of the child.
        weeks: Length of the pause [weeks].
    """
    for _ in range(weeks):
        state = _after_week(state, child)
    return state


def _practised(
    state: ChildState,
    child: ChildSpec,
    programme: Programme,
    rooms: Rooms,
    session: SessionLike,
) -> ChildState:
    is_play = session.kind == FREE_PLAY
    occasion = Occasion(
        number=len(state.diary),
        week=state.week,
        kind=session.kind,
        age_months=child.age_in(state.week),
        minutes=session.minutes,
        rest_s=0.0 if is_play else programme.rest_s,
    )
    attention: Attention[Any] = (
        _play(session.shares, child.seed, occasion.number)
        if is_play
        else Attention(
            programme.therapist, known_to_therapist(state, child, programme, occasion.age_months)
        )
    )
    work = WorkOfMuscles(rooms.infant.muscles)
    brain = _learnt(state.brain, child, programme, rooms, attention, occasion, work)
    entry = session_entry(occasion, attention.practised)
    per_minute = child.brain.practice_minutes_per_minute.value
    felt = None  # a child that plays by itself is stretched by nobody, however little it plays
    if not is_play:
        stretch = programme.stretch(session.minutes)
        felt = _felt(rooms.infant, work, entry, stretch, per_minute)
    return ChildState(
        brain=brain,
        therapist=state.therapist if is_play else attention.state,
        diary=state.diary.with_session(entry),
        week=state.week,
        session=state.session + 1,
        muscles=state.muscles if felt is None else state.muscles.having_felt(work.muscles, felt),
    )


def known_to_therapist(
    state: ChildState, child: ChildSpec, programme: Programme, age_months: float
) -> Strict:
    """What the therapist knows of the child, whom it may meet only now.

    Args:
        state: How far the child has come.
        child: Description of the child.
        programme: Its programme.
        age_months: Its age [months].
    """
    if any(one.kind != FREE_PLAY for one in state.diary):
        return state.therapist
    return programme.therapist.begin(age_months, child.seed)


def _felt(
    infant: Infant,
    work: WorkOfMuscles,
    entry: SessionEntry,
    stretch: Stretch,
    simulated_min_per_min: float,
) -> FeltStretch:
    """What muscles felt in a session with a therapist; what was simulated stands for the rest."""
    work_s = 60 * entry.practice_minutes / simulated_min_per_min
    felt = felt_in_session(work, work_s, stretch)
    return alike_on_both_sides(work.muscles, felt) if is_symmetric(infant) else felt


def _learnt(
    brain: Brain,
    child: ChildSpec,
    programme: Programme,
    rooms: Rooms,
    attention: Attention[Any],
    occasion: Occasion,
    work: WorkOfMuscles,
) -> Brain:
    """The brain after a session, in which whoever attends to the child sees all trials."""
    seed_of = partial(trial_seed, child.seed, occasion.number)
    trials = OrderedTrials(rooms, attention, seed_of, occasion.age_months, work.see)
    is_play = occasion.kind == FREE_PLAY
    minutes = occasion.minutes if is_play else programme.stretch(occasion.minutes).practice_min
    return practise(
        brain,
        child.brain,
        trials,
        minutes,
        child.seed,
        lambda: occasion.rest_s * sum(one.is_whole for one in attention.practised),
        occasion.kind,
        learning_rate_factor(child.plasticity, occasion.age_months, child.condition),
    )


def _play(shares: Sequence[tuple[str, float]], seed: int, number: int) -> Attention[Any]:
    catalog = Catalog.shipped()
    sites = {name: catalog.load(ExerciseSpec, name).supports[-1] for name, _ in shares}
    play = FreePlay(dict(shares), sites)
    drawn = int(np.random.SeedSequence([seed, number]).generate_state(1)[0])
    return Attention(play, play.begin(drawn))
