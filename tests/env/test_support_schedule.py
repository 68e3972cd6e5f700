"""The rules of a schedule: what hands do next follows from what has happened and nothing else."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmi_sim.env.support_schedule import (
    EpisodeResult,
    ScheduledSupport,
    SupportState,
    for_episode,
    needs_planned_dose,
    state_after,
    support_at,
)
from dmi_sim.spec.support_schedule import SupportSchedule
from tests.spec.test_support_schedule import ISSUE, RULES

FRESH = SupportState()
SUCCESS = EpisodeResult(is_success=True, completion=1.0, duration_h=0.01)
FAILURE = EpisodeResult(is_success=False, completion=0.25, duration_h=0.01)
FALL = EpisodeResult(is_success=False, completion=0.25, duration_h=0.01, fell=True)


def schedule(**content: Any) -> SupportSchedule:
    return SupportSchedule.model_validate(content)


def after(spec: SupportSchedule, *results: EpisodeResult, state: SupportState = FRESH) -> Any:
    for result in results:
        state = state_after(spec, state, result)
    return state


def firmness(spec: SupportSchedule, state: SupportState = FRESH, time_s: float = 0.0) -> float:
    return support_at(spec, state, time_s).firmness


def test_a_constant_schedule_says_the_same_whatever_happens() -> None:
    spec = schedule(site="pelvis", firmness=0.3)
    practised = after(spec, *[SUCCESS, FAILURE] * 30)
    assert support_at(spec, practised, 9.0) == ScheduledSupport("pelvis", 0.3)
    assert for_episode(spec, practised) == spec


def test_firmness_fades_with_time_from_one_value_to_the_other() -> None:
    spec = schedule(site="pelvis", firmness=RULES["time"])
    assert [firmness(spec, time_s=t) for t in (0, 1, 3, 5, 99)] == [1.0, 1.0, 0.5, 0.0, 0.0]


def test_firmness_fades_with_practice() -> None:
    by_hours = schedule(site="pelvis", firmness=RULES["dose"])
    hours = [FRESH.model_copy(update={"dose_h": dose}) for dose in (0.0, 1.0, 2.0, 5.0)]
    assert [firmness(by_hours, state) for state in hours] == [1.0, 0.5, 0.0, 0.0]


def test_firmness_fades_with_the_share_of_the_planned_practice() -> None:
    spec = schedule(site="pelvis", firmness=RULES["share of the dose"])
    assert needs_planned_dose(spec)
    halfway = SupportState(dose_h=1.0, planned_h=4.0)
    assert firmness(spec, halfway) == 0.5
    assert firmness(spec, SupportState(dose_h=1.0)) == 1.0  # nobody has planned anything


def test_practice_adds_up_over_episodes() -> None:
    assert after(schedule(site="waist"), *[SUCCESS] * 5).dose_h == pytest.approx(0.05)


def test_firmness_follows_competence_and_one_success_does_not_take_the_hands_away() -> None:
    spec = schedule(site="pelvis", firmness=RULES["competence"])
    assert firmness(spec, after(spec, SUCCESS)) == pytest.approx(0.8)
    assert firmness(spec, after(spec, *[SUCCESS] * 5)) == 0.0
    assert firmness(spec, after(spec, *[SUCCESS] * 5, FAILURE)) == pytest.approx(0.2)


def test_hands_move_on_after_enough_successes_and_not_before() -> None:
    spec = schedule(**ISSUE)
    sixteen = [FAILURE] * 4 + [SUCCESS] * 16
    assert support_at(spec, after(spec, *sixteen[:-1])).site == "axillae"
    assert support_at(spec, after(spec, *[SUCCESS] * 19)).site == "axillae"
    assert support_at(spec, after(spec, *sixteen)).site == "waist"


def test_a_rule_waits_for_its_episodes_also_where_any_share_would_do() -> None:
    any_share, no_share = {"success": 0, "of_last": 4}, {"success": 0.99, "of_last": 4}
    spec = schedule(site=["axillae", "pelvis"], move_after=any_share)
    assert [after(spec, *[FAILURE] * n).site for n in (1, 3, 4)] == [0, 0, 1]
    spec = schedule(
        site=["axillae", "pelvis"],
        move_after={"success": 1, "of_last": 1},
        move_back_after=no_share,
    )
    assert [after(spec, SUCCESS, *[FAILURE] * n).site for n in (0, 3, 4)] == [1, 1, 0]


def test_at_a_new_site_competence_is_counted_anew() -> None:
    spec = schedule(**ISSUE)
    moved = after(spec, *[SUCCESS] * 20)
    assert support_at(spec, moved) == ScheduledSupport("waist", 0.5)
    assert moved.successes == ()


def test_an_episode_that_ends_at_a_site_which_hands_have_left_tells_nothing_of_the_new_one() -> (
    None
):
    spec = schedule(**ISSUE)
    moved = after(spec, *[SUCCESS] * 20)
    late = EpisodeResult(is_success=True, completion=1.0, duration_h=0.01, site=0)
    later = after(spec, *[late] * 40, state=moved)
    assert (later.site, later.successes) == (1, ())
    assert later.dose_h > moved.dose_h


def test_hands_stay_at_the_last_site() -> None:
    spec = schedule(**ISSUE)
    assert support_at(spec, after(spec, *[SUCCESS] * 200)) == ScheduledSupport("pelvis", 0.0)


def test_hands_go_back_after_failures_where_a_schedule_says_so() -> None:
    spec = schedule(**ISSUE, move_back_after={"success": 0.2, "of_last": 10})
    moved = after(spec, *[SUCCESS] * 20)
    assert after(spec, *[FAILURE] * 9, state=moved).site == 1
    assert after(spec, *[FAILURE] * 10, state=moved).site == 0
    assert after(schedule(**ISSUE), *[FAILURE] * 50, state=moved).site == 1


def test_hands_at_the_first_site_have_nowhere_to_go_back_to() -> None:
    spec = schedule(**ISSUE, move_back_after={"success": 0.2, "of_last": 2})
    assert after(spec, *[FAILURE] * 9).site == 0


def test_help_as_needed_goes_to_zero_for_a_child_that_needs_none() -> None:
    spec = schedule(site="pelvis", firmness={"from": 1, "by": "need"})
    given_help = [firmness(spec, after(spec, *[SUCCESS] * n)) for n in (0, 1, 5, 60)]
    assert given_help == sorted(given_help, reverse=True)
    assert given_help[-1] < 1e-5


def test_help_as_needed_grows_with_error_up_to_its_limit() -> None:
    spec = schedule(site="pelvis", firmness={"from": 0, "by": "need", "at_most": 0.6})
    grown = [firmness(spec, after(spec, *[FAILURE] * n)) for n in (0, 1, 2, 60)]
    assert grown[:3] == pytest.approx([0.0, 0.15, 0.27])
    assert grown[-1] == 0.6  # without the limit 0.2 x 0.75 / (1 - 0.8) = 0.75


def test_hands_forget_half_in_some_three_episodes() -> None:
    """Faster than a policy changes, or else the child would leave the work to them."""
    spec = schedule(site="pelvis", firmness={"from": 1, "by": "need"})
    assert firmness(spec, after(spec, *[SUCCESS] * 3)) == pytest.approx(0.5, abs=0.02)


def test_a_staircase_goes_down_without_a_fall_and_up_with_one() -> None:
    """Whether the exercise succeeded is not asked: who stays up for long walks farther later."""
    spec = schedule(site="pelvis", firmness={"from": 0.5, "by": "falls", "down": 0.1, "up": 0.3})
    steps = [firmness(spec, after(spec, *done)) for done in ([], [FAILURE], [FAILURE, FALL])]
    assert steps == pytest.approx([0.5, 0.4, 0.7])
    assert firmness(spec, after(spec, *[SUCCESS] * 9)) == 0.0
    assert firmness(spec, after(spec, *[FALL] * 9)) == 1.0


def test_a_staircase_settles_where_a_third_of_the_episodes_ends_in_a_fall() -> None:
    """For an infant that falls the more often, the softer the hands."""
    spec, state = schedule(site="pelvis", firmness={"from": 1, "by": "falls"}), FRESH
    rng, met = np.random.default_rng(0), []
    for _ in range(4000):
        fell = bool(rng.random() > firmness(spec, state))
        state = after(spec, FALL if fell else FAILURE, state=state)
        met.append(fell)
    assert np.mean(met[2000:]) == pytest.approx(1 / 3, abs=0.03)


@pytest.mark.parametrize("rule", [1.0, *RULES.values()], ids=["number", *RULES])
def test_an_episode_of_a_schedule_says_what_the_schedule_says_then(rule: Any) -> None:
    spec = schedule(**{**ISSUE, "firmness": rule})
    state = after(spec, *[SUCCESS] * 22, FAILURE)
    one = for_episode(spec, state)
    assert not one.changes_with_practice
    for time_s in (0.0, 2.0, 30.0):
        assert support_at(one, FRESH, time_s) == support_at(spec, state, time_s)


RESULTS = st.lists(
    st.builds(EpisodeResult, st.booleans(), st.floats(0, 1), st.floats(0, 1)), max_size=60
)


@given(results=RESULTS, rule=st.sampled_from([0.4, *RULES.values()]), time_s=st.floats(0, 60))
def test_whatever_happens_firmness_stays_a_share_and_the_site_one_of_the_schedule(
    results: Iterable[EpisodeResult], rule: Any, time_s: float
) -> None:
    spec = schedule(**{**ISSUE, "firmness": rule}, move_back_after={"success": 0, "of_last": 3})
    state = after(spec, *results)
    now = support_at(spec, state, time_s)
    assert now.site in spec.site
    assert 0 <= now.firmness <= 1
    assert len(state.successes) <= 20
    assert SupportState.model_validate_json(state.model_dump_json()) == state


def test_the_rules_do_not_know_one_site_from_another() -> None:
    """The same history moves hands through any sites alike, also from distal to proximal."""
    down, up = ISSUE["site"], list(reversed(ISSUE["site"]))  # type: ignore[arg-type]
    history = [SUCCESS, SUCCESS, FAILURE, SUCCESS] * 30
    states = [after(schedule(**{**ISSUE, "site": sites}), *history) for sites in (down, up)]
    assert states[0] == states[1]
