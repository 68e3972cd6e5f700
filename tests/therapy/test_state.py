"""What a therapist remembers: counters, and the last trials one by one."""

import pytest

from dmi_sim.therapy.state import KEPT, Memory, TherapistState
from dmi_sim.therapy.trial import Trial
from tests.therapy.children import always, practise, record, seen, therapist

AT_PELVIS, ALONE = Trial("sitting", "pelvis", 0.5), Trial("sitting")


def remembered(*results: tuple[Trial, bool]) -> Memory:
    memory = Memory()
    for number, (trial, is_success) in enumerate(results):
        memory = memory.after(number, record(trial, is_success), trial.firmness)
    return memory


def test_trials_successes_and_time_add_up() -> None:
    memory = remembered((AT_PELVIS, True), (AT_PELVIS, False), (ALONE, True))
    assert (memory.trials, memory.successes) == (3, 2)
    assert memory.practice_h == pytest.approx(30 / 3600)


def test_only_the_last_trials_are_kept_one_by_one() -> None:
    memory = remembered(*[(AT_PELVIS, True)] * (KEPT + 5))
    assert memory.trials == KEPT + 5
    assert [one.number for one in memory.recent] == list(range(5, KEPT + 5))


def test_what_is_kept_of_a_trial_is_what_was_seen() -> None:
    one = Memory().after(7, record(AT_PELVIS, False, completion=0.3, support_share=0.4), 0.5)
    glimpse = one.recent[0]
    assert (glimpse.number, glimpse.site, glimpse.is_success) == (7, "pelvis", False)
    pressed = Memory().after(7, record(AT_PELVIS, False, support_share=-0.2), 0.5)
    assert pressed.recent[-1].support_share == -0.2  # hands at the pelvis may press down
    assert (glimpse.completion, glimpse.support_share, one.firmness) == (0.3, 0.4, 0.5)


def test_trials_are_counted_since_hands_came_to_a_site() -> None:
    memory = remembered((AT_PELVIS, True), (ALONE, False), (ALONE, True), (AT_PELVIS, True))
    assert [one.number for one in memory.at_the_last_site()] == [3]
    assert Memory().at_the_last_site() == ()


def test_a_share_of_too_few_trials_is_none() -> None:
    memory = remembered((AT_PELVIS, True), (ALONE, False), (ALONE, True), (ALONE, True))
    assert memory.share(5) is None
    assert memory.share(4) == 0.75
    assert memory.share(2) == 1.0
    assert memory.share(3, lambda one: one.site == "none") == pytest.approx(2 / 3)
    assert memory.share(2, lambda one: one.site == "pelvis") is None


def test_success_at_a_site_is_remembered_while_hands_are_elsewhere() -> None:
    results = [("pelvis", True), ("pelvis", False), *[("waist", False)] * (KEPT + 1)]
    memory = seen({"sitting": results}).state.of("sitting")
    assert "pelvis" not in {one.site for one in memory.recent}
    assert memory.share_at("pelvis", 2) == 0.5
    assert memory.share_at("pelvis", 3) is None
    assert memory.share_at("feet", 1) is None


def test_an_exercise_that_was_never_practised_has_an_empty_memory() -> None:
    assert seen().state.of("walking") == Memory()


@pytest.mark.parametrize("trials", [0, 1, 60])
def test_a_state_survives_being_written_as_json(trials: int) -> None:
    state = practise(therapist(), always, trials).state
    again = TherapistState.model_validate_json(state.model_dump_json())
    assert again == state
    assert again.model_dump_json() == state.model_dump_json()


def test_a_state_does_not_grow_with_the_months() -> None:
    one = therapist(exercise=("in_order", {"exercises": ["sitting", "standing"]}))
    some, many = (len(practise(one, always, n).state.model_dump_json()) for n in (100, 400))
    assert many < 1.1 * some
