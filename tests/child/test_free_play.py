"""Free play shares time as it is told to, in sessions long and short."""

from collections import Counter

import pytest

from dmi_sim.child.free_play import FreePlay
from dmi_sim.therapy.trial import TrialRecord

SHARES = {"sitting": 0.5, "rolling": 0.3, "pull_to_sit": 0.2}
SECONDS = {"sitting": 2.0, "rolling": 6.0, "pull_to_sit": 5.0}
"""An infant that falls soon sits more often, not for less time."""
PLAY = FreePlay(SHARES, {"sitting": "none", "rolling": "none", "pull_to_sit": "forearms"})


def played(trials: int, seed: int = 0) -> Counter[str]:
    """Time in each exercise of a session [s]."""
    state, time_s = PLAY.begin(seed), Counter[str]()
    for _ in range(trials):
        ordered = PLAY.order(state)
        time_s[ordered.exercise] += round(SECONDS[ordered.exercise])
        seen = (False, 0.0, True, SECONDS[ordered.exercise], 0.0, 0.0)
        state = PLAY.see(state, TrialRecord(ordered, 6.0, *seen))
    return time_s


def test_a_long_session_is_shared_by_time() -> None:
    time_s = played(1000)
    for name, share in SHARES.items():
        assert time_s[name] / time_s.total() == pytest.approx(share, abs=0.02)


def test_in_sessions_of_one_trial_each_exercise_comes_as_often_as_its_share_says() -> None:
    first = Counter(PLAY.order(PLAY.begin(seed)).exercise for seed in range(2000))
    for name, share in SHARES.items():
        assert first[name] / 2000 == pytest.approx(share, abs=0.04)


def test_nobody_holds_the_child_but_where_it_cannot_do_without() -> None:
    sites = {PLAY.order(PLAY.begin(seed)) for seed in range(50)}
    assert {(one.exercise, one.support) for one in sites} == set(PLAY.sites.items())
    assert not any(one.pushes for one in sites)


def test_the_same_seed_plays_the_same() -> None:
    assert played(20, seed=3) == played(20, seed=3)
