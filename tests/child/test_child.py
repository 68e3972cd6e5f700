"""A child is a pure function of its description: it grows, practises, stops and goes on exactly."""

from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

import dmi_sim
from dmi_sim.catalog import Catalog
from dmi_sim.child.child import Child
from dmi_sim.child.rooms import Rooms
from dmi_sim.env.posture_env import PostureEnv
from dmi_sim.errors import InputError
from dmi_sim.spec.programme import ProgrammeSpec
from dmi_sim.therapy.stretch_rules import Stretch
from dmi_sim.therapy.trial import Trial, TrialRecord
from tests.child.plain import (
    FOUR_SECONDS,
    PLAY,
    TRIALS,
    WEEK,
    PlainSession,
    PlainTherapist,
    Remembered,
    brain_spec,
    child,
    programme,
)


@pytest.fixture(scope="module")
def two_weeks() -> Child:
    """A child after two weeks without a stop."""
    made = child()
    made.run(weeks=2)
    return made


def test_equal_seeds_give_equal_children(two_weeks: Child) -> None:
    other = child()
    assert other == child()
    assert other != two_weeks
    other.run()
    other.run()
    assert other == two_weeks


@pytest.mark.parametrize(
    "otherwise",
    [
        {"seed": 2},
        {"age_months": 7.0},
        {"condition": "hypotonia"},
        {"brain": brain_spec(log_std_init=-1.0)},
    ],
    ids=lambda one: next(iter(one)),
)
def test_another_child_learns_otherwise(two_weeks: Child, otherwise: dict[str, Any]) -> None:
    other = child(**otherwise)
    other.run()
    first, same = other.diary.sessions[0], two_weeks.diary.sessions[0]
    assert first.lines != same.lines
    assert other.brain != two_weeks.brain


def test_a_child_that_was_saved_and_resumed_equals_one_that_never_stopped(
    two_weeks: Child, tmp_path: Path
) -> None:
    child().save(tmp_path)
    for session in range(1, 2 * len(WEEK) + 1):
        going_on = Child.resume(tmp_path, programme())
        with pytest.raises(KeyboardInterrupt):
            going_on.run(weeks=2, folder=tmp_path, on_session=interrupt)
        assert len(Child.resume(tmp_path, programme()).diary) == session
    assert Child.resume(tmp_path, programme()) == two_weeks


def interrupt(_entry: object) -> None:
    """Stop as a user does who presses ^C after a session."""
    raise KeyboardInterrupt


class Stumbling(PlainTherapist):
    """A therapist in whose practice something breaks once, in the middle of a session."""

    broke = False

    def see(self, state: Remembered, record: TrialRecord) -> Remembered:
        """Fail at the third record that is seen in life."""
        if len(state.records) == 2 and not Stumbling.broke:
            Stumbling.broke = True
            raise RuntimeError("the lights went out")
        return super().see(state, record)


def test_what_breaks_in_the_middle_of_a_session_costs_that_session_at_most(tmp_path: Path) -> None:
    quick = (Trial("standing"),)
    whole, broken = (
        child(programme=programme(quick, therapist=kind(quick)))
        for kind in (PlainTherapist, Stumbling)
    )
    whole.run()
    Stumbling.broke = False
    with pytest.raises(RuntimeError, match="the lights went out"):
        broken.run(folder=tmp_path)
    assert len(whole.diary) > len(broken.diary)
    assert Child.resume(tmp_path, programme(quick)) == broken
    broken.run()
    assert broken == whole


def test_growth_changes_the_body_and_keeps_the_brain() -> None:
    grown = child(programme=programme(week=()))
    before, brain = grown.infant, grown.brain
    grown.run(weeks=8)
    assert grown.age_months == pytest.approx(6 + 8 * 7 / 30.4375)
    assert grown.infant.mass_kg > before.mass_kg
    assert grown.infant.length_m > before.length_m
    assert grown.brain == brain


def test_each_week_is_practised_in_the_body_of_that_week() -> None:
    one = child(programme=programme((Trial("standing"),), (PlainSession(),)))
    one.run(weeks=2)
    assert [entry.age_months for entry in one.diary] == [6.0, one.description.age_in(1)]
    assert isinstance(one.therapist, Remembered)
    assert "age_months=6.0," in one.therapist.records[0]
    assert f"age_months={one.description.age_in(1)}," in one.therapist.records[-1]
    with closing(
        Rooms(one.description.body(one.week, dict(one.infant.config.fibre_lengths)))
    ) as rooms:
        room = rooms.any.unwrapped
        assert isinstance(room, PostureEnv)
        assert room.infant == one.infant


def test_the_therapist_sees_its_own_sessions_alone(two_weeks: Child) -> None:
    told = [
        repr(trial.record)
        for entry in two_weeks.diary
        if entry.kind == "therapy"
        for trial in entry.practised()
        if trial.is_whole
    ]
    assert isinstance(two_weeks.therapist, Remembered)
    assert list(two_weeks.therapist.records) == told


@dataclass(frozen=True)
class NotesAges(PlainTherapist):
    """A therapist who writes down how old the child was when they met."""

    def begin(self, age_months: float, seed: int) -> Remembered:
        return Remembered(seed=seed, records=(f"{age_months:.3f}",))


def test_a_therapist_who_comes_later_meets_the_child_as_it_is_then() -> None:
    weeks = ((), (), (PlainSession(),))
    late = replace(
        programme(therapist=NotesAges()), sessions=lambda _age, week: weeks[min(week, 2)]
    )
    one = child(programme=late)
    one.run(weeks=3)
    assert isinstance(one.therapist, Remembered)
    assert one.therapist.records[0] == f"{one.description.age_in(2):.3f}"


def test_trials_are_practised_as_ordered(two_weeks: Child) -> None:
    for entry in two_weeks.diary:
        ordered = {trial.record.trial for trial in entry.practised()}
        if entry.kind == "therapy":
            assert ordered <= set(TRIALS)
        else:
            assert {one.exercise for one in ordered} <= {name for name, _ in PLAY.shares}
            assert {(one.support, one.pushes) for one in ordered} == {("none", False)}


def test_sessions_are_as_long_as_the_timetable_and_the_dose_say() -> None:
    """What the last trial takes beyond a session is taken off the next of its kind."""
    half = child(brain=brain_spec(minutes_per_minute=0.5))
    half.run(weeks=3)
    assert {entry.minutes for entry in half.diary} == {FOUR_SECONDS}
    for kind, sessions in (("therapy", 6), ("free_play", 3)):
        minutes = [one.practice_minutes for one in half.diary if one.kind == kind]
        beyond_min = half.brain.beyond[kind] / 30 / 60
        assert sum(minutes) - beyond_min == pytest.approx(sessions * FOUR_SECONDS / 2)
        assert beyond_min < 10 / 60
    assert half.brain.steps == round(30 * 60 * sum(one.practice_minutes for one in half.diary))


def test_rests_and_stretching_take_their_time_from_practice() -> None:
    long = (PlainSession(minutes=40 / 60),)

    def practice_s(**therapist: Any) -> tuple[float, float]:
        one = child(programme=programme((Trial("standing"),), long, **therapist))
        one.run()
        (entry,) = one.diary
        return entry.practice_minutes * 60, entry.rest_minutes * 60

    (whole, _), (quarter, _) = (
        practice_s(),
        practice_s(stretch=lambda minutes: Stretch(minutes / 4)),
    )
    assert 40 <= whole <= 50
    assert 10 <= quarter <= 20
    practised, rested = practice_s(rest_s=1.0)
    assert rested > 3
    assert 34 <= practised + rested <= 56


def test_a_child_outgrows_the_model_before_anything_is_practised(tmp_path: Path) -> None:
    old = child(age_months=23.5)
    with pytest.raises(InputError, match=r"weeks: 4 would make the child 24\.2 .* at most 3 more"):
        old.run(weeks=4, folder=tmp_path / "old")
    assert not (tmp_path / "old").exists()
    with pytest.raises(InputError, match="weeks: 0 is below 1"):
        old.run(weeks=0)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"seed": -1}, "seed: -1 is below 0"),
        ({"condition": "hypotoni"}, "did you mean 'hypotonia'"),
        ({"age_months": 30.0}, "age_months: 30"),
        ({"programme": "dmy"}, "did you mean 'dmi'"),
        ({"brain": "infnat"}, "did you mean 'infant'"),
        ({"begins_with": "nobody_0"}, "policy: no 'nobody_0'"),
    ],
    ids=lambda one: next(iter(one)) if isinstance(one, dict) else "",
)
def test_a_child_that_cannot_be_is_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        child(**wrong)


@pytest.mark.parametrize("name", Catalog.shipped().names(ProgrammeSpec))
def test_any_programme_is_practised_and_resumed(name: str, tmp_path: Path) -> None:
    one = dmi_sim.Child.from_spec(9, 1, name, brain=brain_spec(minutes_per_minute=0.0003))
    one.run(folder=tmp_path)
    assert Child.resume(tmp_path) == one
    assert one.diary.practice_hours > 0
    kinds = {entry.kind for entry in one.diary}
    assert kinds <= {"therapy", "free_play"}


def test_what_one_may_ask_of_a_child_is_told_in_a_line(two_weeks: Child) -> None:
    assert repr(two_weeks).startswith("<Child of 6.5 months, typical, seed 1: week 2, 6 sessions")
    with pytest.raises(TypeError):
        hash(two_weeks)
    assert two_weeks != "a child"
