import re
from dataclasses import replace

from dmi_sim.catalog import Catalog
from dmi_sim.child.course import Course
from dmi_sim.report.child_figure import SITE_COLOURS, child_picture, story_scale
from dmi_sim.report.child_story import (
    MOST_DRAWN,
    child_of_each_arm,
    stories_section,
    story,
)
from dmi_sim.spec.support import SITES
from tests.report.courses import scored

CATALOG = Catalog.shipped()


def told(children: tuple[Course, ...], arm: str) -> str:
    return " ".join(story(next(one for one in children if one.arm == arm), CATALOG))


def test_the_same_child_is_shown_in_every_arm(children: tuple[Course, ...]) -> None:
    chosen = child_of_each_arm(children, ["dmi", "traditional", "free_play"])
    assert [one.arm for one in chosen] == ["dmi", "traditional", "free_play"]
    assert {one.child for one in chosen} == {0}


def test_the_first_child_that_finished_in_all_arms_is_shown(children: tuple[Course, ...]) -> None:
    lost = [one for one in children if (one.arm, one.child) != ("traditional", 0)]
    assert {one.child for one in child_of_each_arm(lost, ["dmi", "traditional"])} == {1}


def test_where_nobody_finished_in_all_arms_each_shows_its_own(
    children: tuple[Course, ...],
) -> None:
    apart = [one for one in children if (one.arm == "dmi") == (one.child == 2)]
    assert [one.child for one in child_of_each_arm(apart, ["dmi", "traditional"])] == [2, 0]


def test_a_story_tells_sessions_and_play(children: tuple[Course, ...]) -> None:
    assert "had 12 sessions with a therapist and played freely 28 times over 4 weeks" in told(
        children, "dmi"
    )


def test_hands_that_always_held_are_told_so(children: tuple[Course, ...]) -> None:
    words = told(children, "traditional")
    assert "most often at the armpits (100 %); it was always held" in words
    assert "They carried 40 % of its weight" in words


def test_a_child_that_nobody_came_to_is_not_said_to_be_held(children: tuple[Course, ...]) -> None:
    words = told(children, "free_play")
    assert "had no therapist" in words
    assert "The hands" not in words
    assert "With the therapist" not in words


def test_a_child_that_was_never_held_is_told_so(children: tuple[Course, ...]) -> None:
    child = next(one for one in children if one.arm == "dmi")
    alone = tuple(
        one.model_copy(update={"minutes_by_site": {"none": one.practice_minutes}})
        for one in child.sessions
    )
    assert "Nobody held it in any of this." in story(replace(child, sessions=alone), CATALOG)


def test_a_story_tells_what_the_child_could_do_before_and_after() -> None:
    words = " ".join(story(scored({0: 0.0, 4: 0.6, 8: 0.8}), CATALOG))
    assert "succeeded in 0 % of the trials over all exercises before, and in 80 % at the end." in (
        words
    )
    assert "none before, 13 of 13" in words


def test_a_story_counts_falls_in_practice(children: tuple[Course, ...]) -> None:
    child = children[0]
    falls, trials = (
        sum(getattr(one, key) for one in child.sessions) for key in ("falls", "trials")
    )
    assert f"it fell in {falls} of {trials} trials" in " ".join(story(child, CATALOG))


def test_no_story_judges_its_programme(children: tuple[Course, ...]) -> None:
    words = " ".join(" ".join(story(one, CATALOG)) for one in children)
    assert not re.search(r"\b(better|worse|best|good|bad|only|unfortunately)\b", words)


def test_every_site_has_a_colour_of_its_own() -> None:
    assert list(SITE_COLOURS) == list(SITES)
    assert len({*SITE_COLOURS.values()}) == len(SITES)


def test_children_beside_each_other_are_drawn_on_one_scale(children: tuple[Course, ...]) -> None:
    scale = story_scale(children[:3], CATALOG)
    pictures = [child_picture(one, one.arm, CATALOG, scale) for one in children[:3]]
    limits = {
        tuple(axes.get_ylim()) + tuple(axes.get_xlim())
        for picture in pictures
        for axes in [picture.figure.axes[2]]
    }
    assert len(limits) == 1


def test_a_picture_names_the_sites_that_were_used_and_no_others(
    children: tuple[Course, ...],
) -> None:
    scale = story_scale(children[:3], CATALOG)
    named = child_picture(children[1], "traditional", CATALOG, scale).inline
    assert "Hands at the armpits" in named
    assert "Hands at the pelvis" not in named
    assert "Free play" in named


def test_a_picture_of_a_child_without_a_therapist_says_so(children: tuple[Course, ...]) -> None:
    scale = story_scale(children[:3], CATALOG)
    assert "no therapist came" in child_picture(children[2], "play", CATALOG, scale).inline


def test_the_section_has_a_picture_of_each_arm(children: tuple[Course, ...]) -> None:
    titles = {one.arm: one.programme.title for one in children}
    page = stories_section(children, titles, CATALOG)
    assert page.count("<figure") == len(titles)
    assert all(f"<h3>{title}</h3>" in page for title in titles.values())


def test_of_very_many_arms_only_the_first_are_drawn_and_all_are_told() -> None:
    arms = {f"arm_{number}": f"Arm {number}" for number in range(MOST_DRAWN + 2)}
    courses = [scored({0: 0.1, 4: 0.2}, arm=arm) for arm in arms]
    page = stories_section(courses, arms, CATALOG)
    assert page.count("<figure") == MOST_DRAWN
    assert all(f"<h3>{title}</h3>" in page for title in arms.values())
