"""A session that is watched is the one that would be practised, and changes nothing."""

from collections.abc import Generator
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.child.child import Child
from dmi_sim.child.practice import Attention, OrderedTrials, trial_seed
from dmi_sim.child.rooms import Rooms
from dmi_sim.child.watched import WatchedTrial, watched_session
from dmi_sim.errors import InputError
from dmi_sim.names import exercises
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.programme import ProgrammeSpec
from dmi_sim.therapy.trial import Trial, TrialRecord
from tests.child.plain import TRIALS, PlainTherapist, child, programme

SHIPPED = Catalog.shipped()
SEEDS = [trial_seed(1, 0, number) for number in range(len(TRIALS))]


@pytest.fixture(scope="module")
def rooms() -> Generator[Rooms]:
    """The rooms of a girl of six months."""
    made = Rooms({"age_months": 6.0})
    yield made
    made.close()


def seen(rooms: Rooms, *trials: Trial) -> list[WatchedTrial]:
    """Trials of a child who has reflexes only."""
    therapist = PlainTherapist(trials)
    known = therapist.begin(6.0, 0)
    return list(watched_session(therapist, known, None, rooms, 6.0, SEEDS[: len(trials)]))


def plain(record: TrialRecord) -> dict[str, Any]:
    """What is seen of a trial, without nested data."""
    return {**asdict(record), "trial": repr(record.trial)}


def test_a_therapist_who_is_watched_sees_what_it_sees_in_practice(rooms: Rooms) -> None:
    therapist = PlainTherapist()
    attention = Attention(therapist, therapist.begin(6.0, 0))
    practice = OrderedTrials(rooms, attention, SEEDS.__getitem__, 6.0)
    for _ in SEEDS:
        practice.reset()
        is_over = False
        while not is_over:
            *_, terminated, truncated, _info = practice.step(np.zeros(33, np.float32))
            is_over = terminated or truncated
    watched = [one.record for one in seen(rooms, *TRIALS)]
    for now, then in zip(watched, attention.practised, strict=True):
        assert plain(now) == pytest.approx(plain(then.record))


def test_watching_changes_nothing_and_shows_the_same_again() -> None:
    watched = child()
    first, again = (watched.watch(2) for _ in range(2))
    assert watched == child()
    assert [one.record for one in first] == [one.record for one in again]


def test_a_therapist_who_comes_after_a_pause_is_watched_too() -> None:
    plan = programme()
    late = replace(plan, sessions=lambda age, week: plan.sessions(age, week) if week else ())
    assert len(child(programme=late).watch(1)) == 1


def test_no_trial_is_nothing_to_watch() -> None:
    with pytest.raises(InputError, match="trials: 0 is below 1"):
        child().watch(0)


def test_the_session_that_is_watched_is_the_next_one() -> None:
    """The trials that practice begins with, in the same order and from the same starts."""
    practised = child()
    watched = practised.watch(1)
    practised.run(1)
    (first, *_) = practised.diary.sessions[0].practised()
    assert watched[0].record.trial == first.record.trial


@pytest.mark.parametrize("exercise", exercises())
def test_what_stands_around_the_child_is_seen_too(rooms: Rooms, exercise: str) -> None:
    spec = SHIPPED.load(ExerciseSpec, exercise)
    (one,) = seen(rooms, Trial(exercise, spec.supports[0], 1.0))
    assert len(one.clip.scene.furniture) >= len(spec.furniture)
    assert one.clip.scene.has_platform == (spec.platform is not None)
    assert one.clip.recording.support_site[0] == spec.supports[0]


@pytest.mark.parametrize("name", SHIPPED.names(ProgrammeSpec))
def test_any_therapist_can_be_watched_before_it_has_met_the_child(name: str) -> None:
    begun = Child.from_spec(6, 1, name)
    if not SHIPPED.load(ProgrammeSpec, name).timetable.sessions_a_week:
        with pytest.raises(InputError, match="no therapist comes"):
            begun.watch(1)
    else:
        (trial,) = begun.watch(1)
        assert trial.record.age_months == 6.0
        assert not trial.record.trial.exercise.endswith("_tilt")
