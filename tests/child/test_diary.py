"""The diary adds up what was practised, and gives each trial back as it was seen."""

import pytest

from dmi_sim.child.diary import Diary, Occasion, SessionEntry, session_entry
from dmi_sim.child.practice import PractisedTrial
from dmi_sim.therapy.trial import Trial, TrialRecord

OCCASION = Occasion(number=3, week=1, kind="therapy", age_months=6.2, minutes=45, rest_s=5.0)


def trial(ordered: Trial, *, is_whole: bool = True, **seen: float) -> PractisedTrial:
    told = {"is_success": False, "completion": 0.0, "fell": False, "duration_s": 6.0}
    loads = {"support_share": 0.0, "support_impulse_n_s": 0.0}
    return PractisedTrial(TrialRecord(ordered, 6.2, **{**told, **loads, **seen}), is_whole)  # type: ignore[arg-type]


PRACTISED = (
    trial(Trial("sitting", "pelvis", 0.5), is_success=True, completion=1.0, duration_s=12.0,
          support_share=0.1, support_impulse_n_s=40.0),
    trial(Trial("standing", "pelvis", 1.0), fell=True, support_share=0.4, support_impulse_n_s=60.0),
    trial(Trial("sitting", pushes=True), is_whole=False, duration_s=12.0),
)  # fmt: skip


@pytest.fixture
def entry() -> SessionEntry:
    """The entry of three trials, of which the session cut off the last."""
    return session_entry(OCCASION, PRACTISED)


def test_trials_that_came_to_an_end_are_counted(entry: SessionEntry) -> None:
    assert (entry.trials, entry.successes, entry.falls, entry.success) == (2, 1, 1, 0.5)


def test_all_of_the_time_and_all_of_the_load_are_added_up(entry: SessionEntry) -> None:
    assert entry.practice_minutes == pytest.approx(0.5)
    assert entry.rest_minutes == pytest.approx(10 / 60)
    assert entry.minutes_by_exercise == pytest.approx({"sitting": 0.4, "standing": 0.1})
    assert entry.minutes_by_site == pytest.approx({"pelvis": 0.3, "none": 0.2})
    assert entry.support_impulse_n_s == 100
    assert entry.support_share == pytest.approx((0.1 * 12 + 0.4 * 6) / 30)


def test_trials_are_given_back_as_they_were_seen_also_from_a_file(entry: SessionEntry) -> None:
    assert entry.practised() == PRACTISED
    again = SessionEntry.model_validate_json(entry.model_dump_json())
    assert again == entry
    assert again.practised() == PRACTISED


def test_a_session_without_a_trial_is_one_too() -> None:
    empty = session_entry(OCCASION, ())
    assert (empty.trials, empty.success, empty.support_share) == (0, 0.0, 0.0)


def test_a_diary_has_a_row_for_each_session(entry: SessionEntry) -> None:
    diary = Diary().with_session(entry).with_session(entry)
    assert len(diary) == len(diary.rows) == len(tuple(diary)) == 2
    assert diary.practice_hours == pytest.approx(1 / 60)
    assert diary.rows[0]["falls"] == 1
    assert "lines" not in diary.rows[0]
