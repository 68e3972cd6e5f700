"""Studies of programmes find what is there, and nothing else: a short form of the benchmark."""

import runpy
from pathlib import Path

import pytest
from scipy import stats

SCRIPT = runpy.run_path(str(Path(__file__).parents[1] / "benchmarks/trust.py"))
RUNS = 6
BY_CHANCE = int(stats.binom.ppf(0.999, RUNS, 0.05))
"""Differences that five in a hundred studies find by chance are hardly ever more than these."""


@pytest.fixture(scope="module")
def found() -> dict[str, int]:
    counts: dict[str, int] = SCRIPT["found_in"](RUNS)
    return counts


@pytest.mark.parametrize("kind", ["same", "site", "shuffled"])
def test_where_nothing_differs_hardly_any_study_finds_a_difference(
    kind: str, found: dict[str, int]
) -> None:
    assert found[kind] <= BY_CHANCE


def test_twice_the_sessions_are_found(found: dict[str, int]) -> None:
    assert found["dose"] >= RUNS - 1


def test_arms_share_children_and_not_their_luck() -> None:
    courses = SCRIPT["study_of"]("same", 0)
    first, second = ([one for one in courses if one.arm == arm] for arm in ("first", "second"))
    assert [one.child for one in first] == [one.child for one in second]
    assert [one.sessions for one in first] != [one.sessions for one in second]


def test_shuffling_changes_labels_within_children_and_nothing_else() -> None:
    courses = SCRIPT["study_of"]("dose", 0)
    mixed = SCRIPT["shuffled"](courses, 0)
    assert [one.sessions for one in mixed] == [one.sessions for one in courses]
    for child in {one.child for one in courses}:
        assert sorted(one.arm for one in mixed if one.child == child) == ["first", "second"]
    assert [one.arm for one in mixed] != [one.arm for one in courses]
