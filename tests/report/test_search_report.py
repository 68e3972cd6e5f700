"""Where hands were over the weeks: caudal is further on, and one child tells nothing."""

from collections.abc import Sequence
from itertools import pairwise

import pytest

from dmi_sim.child.course import Course
from dmi_sim.child.programme import FREE_PLAY
from dmi_sim.report.search_numbers import hands_over_time, mean_place
from dmi_sim.report.search_report import hands_picture, shift_words
from dmi_sim.spec.support import SITES
from tests.child.courses import course, record, session


def held(child: int, sites: Sequence[str], kind: str = "therapy") -> Course:
    """A child in hands at one site in each week."""
    lived = [
        session(week, week, kind, [record(site), record(site)]) for week, site in enumerate(sites)
    ]
    return course(child=child, sessions=lived)


@pytest.mark.parametrize(("cranial", "caudal"), [*pairwise(SITES)])
def test_each_site_lies_caudal_of_the_one_before(cranial: str, caudal: str) -> None:
    assert 0 <= mean_place({cranial: 2.0}) < mean_place({cranial: 1.0, caudal: 1.0})
    assert mean_place({cranial: 1.0, caudal: 1.0}) < mean_place({caudal: 5.0}) <= 1


@pytest.mark.parametrize(
    ("sites", "words"),
    [
        (["axillae", "pelvis", "shanks"], "they moved caudally"),
        (["shanks", "pelvis", "axillae"], "they moved cranially"),
        (["pelvis", "pelvis", "pelvis"], "no movement is shown"),
    ],
)
def test_movement_is_told_by_its_direction(sites: list[str], words: str) -> None:
    hands = hands_over_time([held(child, sites) for child in range(3)])
    assert words in shift_words(hands)
    assert list(hands.weeks) == [0, 1, 2]
    assert hands.shift.value == pytest.approx(hands.late.value - hands.early.value)


def test_children_who_differ_show_no_movement() -> None:
    there, back = ["axillae", "pelvis", "shanks"], ["shanks", "pelvis", "axillae"]
    hands = hands_over_time([held(0, there), held(1, back), held(2, there), held(3, back)])
    assert "no movement is shown" in shift_words(hands)


def test_one_child_does_not_tell_and_play_does_not_count() -> None:
    assert "one child does not tell" in shift_words(hands_over_time([held(0, ["head", "none"])]))
    assert "is not known" in shift_words(hands_over_time([held(0, ["none"], FREE_PLAY)]))


def test_the_picture_has_a_panel_for_each_programme() -> None:
    hands = {arm: hands_over_time([held(0, ["head", "none"])]) for arm in ("found", "other")}
    drawn = hands_picture(hands).inline
    assert drawn.startswith("<svg")
    assert all(words in drawn for words in ("found", "other", "no hands"))
