"""Each lesson makes its points, and opens from a disk with all that it needs."""

import base64
import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dmi_sim.catalog import Catalog
from dmi_sim.cli import app
from dmi_sim.live.classroom import Classroom
from dmi_sim.live.film import lecture_html
from dmi_sim.live.lesson import (
    SeenPoint,
    all_lessons,
    lesson_message,
    load_lesson,
    seen_points,
    take,
)
from dmi_sim.page.page_files import FOLDER, languages
from dmi_sim.spec.lesson import LessonPoint, LessonSpec

LESSONS = Catalog.shipped().names(LessonSpec)
STARTS = range(20)
LARGEST_PAGE = 4_000_000


@pytest.mark.slow
@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_shows_what_it_says(name: str) -> None:
    seen = seen_points(load_lesson(name), STARTS)
    assert seen
    assert all(point.holds for point in seen), seen


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_changes_one_thing_between_the_infants(name: str) -> None:
    a, b = (one.model_dump() for one in load_lesson(name).infants.values())
    assert len([field for field in a if a[field] != b[field]]) == 1


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_speaks_every_language_of_the_page(name: str) -> None:
    lesson = load_lesson(name)
    assert {*lesson.words} == {*languages()}
    assert len({one.guesses is None for one in lesson.words.values()}) == 1


@pytest.mark.parametrize("name", LESSONS)
@pytest.mark.parametrize("language", languages())
def test_a_measure_of_a_lesson_has_words(name: str, language: str) -> None:
    words = json.loads((FOLDER / "words" / f"{language}.json").read_text(encoding="utf-8"))
    assert {f"measure.{point.measure}" for point in load_lesson(name).points} <= {*words}


def test_lessons_have_an_order_of_their_own() -> None:
    numbers = [one.number for one in all_lessons().values()]
    assert numbers == sorted({*numbers})


MORE = LessonPoint(measure="time_upright_s", more="b", by_at_least=2, note="planted")
SAME = LessonPoint(measure="time_upright_s", same_within=0.5, note="planted")


@pytest.mark.parametrize(
    ("point", "a", "b", "holds"),
    [
        (MORE, 5, 7.5, True),
        (MORE, 5, 6, False),
        (MORE, 7.5, 5, False),
        (SAME, 9.6, 10, True),
        (SAME, 9, 10, False),
        (SAME, 10, float("nan"), False),
    ],
)
def test_a_point_holds_only_where_the_numbers_say_so(
    point: LessonPoint, a: float, b: float, holds: bool
) -> None:
    assert SeenPoint(point, {"a": a, "b": b}).holds is holds


@pytest.mark.parametrize(
    "said", [{}, {"more": "a"}, {"more": "a", "by_at_least": 1, "same_within": 1}]
)
def test_a_point_that_says_nothing_or_two_things_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="same_within"):
        LessonPoint(measure="time_upright_s", note="planted", **said)


def test_a_take_lasts_as_long_as_told_and_tells_what_came_out() -> None:
    shown = load_lesson("where_must_the_hands_hold")
    alone = shown.infants["b"].model_copy(update={"controller": "limp", "site": "none"})
    infants = {**shown.infants, "b": alone}
    lesson = shown.model_copy(update={"duration_s": 2.0, "infants": infants})
    classroom = Classroom(lesson=lesson)
    frames = take(classroom, lesson.duration_s)
    classroom.close()
    assert frames[0].time_s == 0
    assert frames[-1].time_s == pytest.approx(2.0, abs=1e-3)
    assert [bool(one.results) for one in frames] == [False] * 60 + [True]
    (result,) = frames[-1].results
    assert (result.measure, result.unit) == ("time_upright_s", "s")
    assert result.values["a"] == pytest.approx(2.0, abs=1e-3)
    assert frames[-1].infants["b"].fell_at_s is not None
    assert result.values["b"] == pytest.approx(frames[-1].infants["b"].fell_at_s, abs=0.01)


def test_the_question_of_a_study_that_nobody_ran_is_said_to_be_not_shown(tmp_path: Path) -> None:
    asking = {name: one for name, one in all_lessons().items() if one.study}
    assert asking
    for name, lesson in asking.items():
        answer = lesson_message(name, lesson, runs=tmp_path).answer
        assert answer is not None
        assert (answer.comes_to, answer.numbers) == ("none", {})


def test_a_built_lesson_needs_nothing_but_itself() -> None:
    name = "same_hands_another_child"
    lesson = load_lesson(name).model_copy(update={"duration_s": 0.5})
    page = lecture_html({name: lesson})
    own = re.sub(r"data:text/javascript;base64,[\w+/=]+", "", page)
    assert not re.search(r"""(?:src|href)=["']|https?://|fetch\(""", own)
    film = embedded(page, "film")
    assert [len(part["frames"]) for part in film["lessons"]] == [16]
    (part,) = film["lessons"]
    assert part["lesson"]["words"]["de"]["title"] == lesson.words["de"].title
    assert {one["infant"] for one in part["scenes"]} == {"a", "b"}


def embedded(page: str, name: str) -> dict[str, Any]:
    """What is compressed in a page under a name."""
    found = re.search(rf'<script id="{name}" type="application/json">"([^"]+)"</script>', page)
    assert found
    data: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(found[1])))
    return data


@pytest.mark.slow
def test_a_lecture_of_all_lessons_fits_a_memory_stick(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lecture.html"
    CliRunner().invoke(app, ["lesson", "build", "--all", "--out", str(path), "--json"])
    told = json.loads(capfd.readouterr().out)
    assert told["lessons"] == [*all_lessons()]
    assert path.stat().st_size < LARGEST_PAGE
    parts = embedded(path.read_text(encoding="utf-8"), "film")["lessons"]
    assert [part["lesson"]["name"] for part in parts] == told["lessons"]
    assert all(part["frames"][-1]["results"] for part in parts)


def test_every_import_of_a_built_lesson_is_in_it() -> None:
    name = "same_hands_another_child"
    page = lecture_html({name: load_lesson(name).model_copy(update={"duration_s": 0.1})})
    scripts = embedded(page, "scripts")
    assert "page/main.js" in scripts
    for script in scripts.values():
        assert {*re.findall(r'from "([^"]+)"', script)} <= {*scripts}


def test_lessons_are_listed_in_their_order(capfd: pytest.CaptureFixture[str]) -> None:
    CliRunner().invoke(app, ["lesson", "list", "--json"])
    listed = json.loads(capfd.readouterr().out)["lessons"]
    assert {*listed} == {*LESSONS}
    assert [*listed] == [*all_lessons()]


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (["where_must_hands_hold"], "did you mean 'where_must_the_hands_hold'?"),
        ([], "name one lesson or several"),
        (["fading", "--all"], "name one lesson or several"),
    ],
)
def test_a_lesson_that_cannot_be_built_writes_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], asked: list[str], reason: str
) -> None:
    page = tmp_path / "page.html"
    ran = CliRunner().invoke(app, ["lesson", "build", *asked, "--out", str(page)])
    assert ran.exit_code == 2
    assert reason in ran.output + capfd.readouterr().err
    assert not page.exists()
