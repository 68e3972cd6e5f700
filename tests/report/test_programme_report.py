import re
from dataclasses import replace
from pathlib import Path

import pytest

from dmi_sim.child.course import Course
from dmi_sim.errors import InputError
from dmi_sim.report.programme_question import ProgrammeQuestion, question_of
from dmi_sim.report.programme_report import programme_report_html, write_programme_report
from dmi_sim.report.programme_rests import rests_section, timetable_words
from dmi_sim.report.programme_scores import mean_scores, scores_picture
from dmi_sim.spec.brain import BrainSpec
from dmi_sim.spec.programme import PauseSpec
from dmi_sim.statistics.p_values import FEWEST_TO_DECIDE
from tests.child.plain import child
from tests.report.courses import CATALOG, scored


@pytest.fixture(scope="module")
def asked(children: tuple[Course, ...]) -> ProgrammeQuestion:
    plain = question_of(children)
    brain = CATALOG.load(BrainSpec, "infant")
    return replace(plain, brain=brain, left_out=("child 9: <lost>",), title="Three programmes")


@pytest.fixture(scope="module")
def page(children: tuple[Course, ...], asked: ProgrammeQuestion) -> str:
    return programme_report_html(children, asked, CATALOG)


def test_a_report_says_first_that_it_is_a_simulation(page: str) -> None:
    body = page[page.index("<body>") :]
    assert body.index("Simulation, not clinical evidence") < body.index("<h1>")


def test_a_report_needs_no_network(page: str) -> None:
    assert not re.search(r'(?:src|href)="(?!#|data:)', page)
    assert "<script" not in page


def test_every_link_leads_to_a_section(page: str) -> None:
    targets = re.findall(r'<a href="#([^"]+)"', page)
    assert len(targets) >= 7
    assert all(f'id="{one}"' in page for one in targets)


def test_no_id_stands_twice(page: str) -> None:
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len({*ids})


def test_a_report_is_small(page: str) -> None:
    assert len(page.encode()) < 2_000_000


def test_every_programme_is_told_with_its_words_and_assumptions(
    page: str, children: tuple[Course, ...]
) -> None:
    for spec in {one.arm: one.programme for one in children}.values():
        for assumed in spec.background.assumed:
            assert assumed.replace("&", "&amp;").replace("<", "&lt;") in page
        for one in spec.background.rendered:
            assert one.said_by in page


def test_what_the_learner_assumes_is_told(page: str, asked: ProgrammeQuestion) -> None:
    assert asked.brain is not None
    assert f"{asked.brain.practice_minutes_per_minute.value:g} minutes of practice" in page
    assert "learning rate" in page


def test_children_that_could_not_be_read_are_named(page: str) -> None:
    assert "Left out: child 9: &lt;lost&gt;" in page


def test_few_children_are_said_not_to_decide(page: str) -> None:
    assert "they do not decide" in page


def test_the_same_courses_give_the_same_page(
    page: str, children: tuple[Course, ...], asked: ProgrammeQuestion
) -> None:
    assert programme_report_html(children, asked, CATALOG) == page


def test_a_report_is_written_where_it_is_asked_for(
    children: tuple[Course, ...], tmp_path: Path
) -> None:
    path = write_programme_report(children[:2], tmp_path / "report.html")
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_without_a_child_there_is_nothing_to_report(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no child is finished"):
        write_programme_report([], tmp_path / "report.html")
    assert not (tmp_path / "report.html").exists()


def test_a_single_child_has_a_report_without_a_comparison(children: tuple[Course, ...]) -> None:
    page = programme_report_html(children[:1], None, CATALOG)
    assert "no two arms to compare" in page


@pytest.mark.parametrize(("count", "bands"), [(FEWEST_TO_DECIDE - 1, 0), (FEWEST_TO_DECIDE, 1)])
def test_means_have_a_band_once_children_may_decide(count: int, bands: int) -> None:
    courses = [scored({0: 0.1, 4: 0.1 * one}, child=one) for one in range(count)]
    (axes,) = scores_picture(courses, {"dmi": "DMI"}).figure.axes
    assert len(axes.collections) == bands
    assert len(axes.lines) == count + 1


def test_the_mean_is_over_weeks_in_which_all_children_were_assessed() -> None:
    ages, means, _, _ = mean_scores([scored({0: 0.1, 4: 0.3, 8: 0.9}), scored({0: 0.3, 4: 0.5})])
    assert means == pytest.approx([20, 40])
    assert len(ages) == 2


def test_a_timetable_is_told_with_its_pauses(children: tuple[Course, ...]) -> None:
    timetable = children[0].programme.timetable
    pause = PauseSpec(from_week=1, to_week=2)
    words = timetable_words(timetable.model_copy(update={"pauses": (pause,)}))
    assert words.startswith("3 times a week for 45 min")
    assert "pause in weeks 1 to 2" in words
    assert timetable_words(children[2].programme.timetable).startswith("nobody")


def test_without_a_known_learner_its_numbers_are_not_made_up(
    children: tuple[Course, ...],
) -> None:
    titles = {one.arm: one.programme.title for one in children}
    plain = question_of(children)
    assert "Setting of the learner" not in rests_section(children, titles, plain, CATALOG)


def test_what_a_study_assumes_for_all_arms_is_told(children: tuple[Course, ...]) -> None:
    titles = {one.arm: one.programme.title for one in children}
    assuming = replace(question_of(children), assumed=("a tenth of the play is simulated",))
    assert "a tenth of the play is simulated" in rests_section(children, titles, assuming, CATALOG)


@pytest.mark.parametrize("is_paired", [True, False])
def test_the_same_beginning_is_claimed_only_where_arms_share_it(
    children: tuple[Course, ...], is_paired: bool
) -> None:
    question = replace(question_of(children), is_paired=is_paired)
    page = programme_report_html(children[:2], question, CATALOG)
    assert ("the same body and the same beginning in each" in page) == is_paired


@pytest.mark.slow
def test_a_child_that_really_lived_has_a_report(children: tuple[Course, ...]) -> None:
    one = child()
    one.run(weeks=1)
    lived = replace(children[0], sessions=one.diary.sessions)
    page = programme_report_html([lived], None, CATALOG)
    assert "had 2 sessions with a therapist and played freely 1 time" in page
