"""Each lesson makes its point, and opens from a disk with all that it needs."""

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
from dmi_sim.live.film import lesson_html
from dmi_sim.live.lesson import load_lesson, seconds_up, seen_point, take
from dmi_sim.live.page_files import languages
from dmi_sim.spec.lesson import LessonSpec

LESSONS = Catalog.shipped().names(LessonSpec)
STARTS = range(6)
LARGEST_PAGE = 4_000_000


@pytest.mark.slow
@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_shows_what_it_says(name: str) -> None:
    lesson = load_lesson(name)
    seen = seen_point(lesson, STARTS)
    assert seen.longer_by_s >= lesson.point.by_at_least_s, seen


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_changes_one_thing_between_the_infants(name: str) -> None:
    a, b = (one.model_dump() for one in load_lesson(name).infants.values())
    assert len([field for field in a if a[field] != b[field]]) == 1


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_speaks_every_language_of_the_page(name: str) -> None:
    assert {*load_lesson(name).words} == {*languages()}


def test_a_take_lasts_as_long_as_told_and_a_fall_ends_the_time_up() -> None:
    lesson = load_lesson("where_must_the_hands_hold")
    classroom = Classroom({**lesson.infants, "b": lesson.infants["b"].model_copy(
        update={"controller": "limp", "site": "none"})})  # fmt: skip
    frames = take(classroom, 2.0)
    classroom.close()
    assert frames[0].time_s == 0
    assert frames[-1].time_s == pytest.approx(2.0, abs=1e-3)
    assert seconds_up(frames, "b") < 1.5
    assert seconds_up(frames, "a") == frames[-1].time_s


def test_a_built_lesson_needs_nothing_but_itself() -> None:
    name = "same_hands_another_child"
    lesson = load_lesson(name).model_copy(update={"duration_s": 0.5})
    page = lesson_html(name, lesson)
    assert len(page.encode()) < LARGEST_PAGE
    own = re.sub(r"data:text/javascript;base64,[\w+/=]+", "", page)
    assert not re.search(r"""(?:src|href)=["']|https?://|fetch\(""", own)
    film = embedded(page)
    assert len(film["frames"]) == 16
    assert film["lesson"]["words"]["de"]["title"] == lesson.words["de"].title
    assert {one["infant"] for one in film["scenes"]} == {"a", "b"}


def embedded(page: str) -> dict[str, Any]:
    found = re.search(r'<script id="film" type="application/json">"([^"]+)"</script>', page)
    assert found
    film: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(found[1])))
    return film


def test_every_import_of_a_built_lesson_is_in_its_map() -> None:
    name = "same_hands_another_child"
    page = lesson_html(name, load_lesson(name).model_copy(update={"duration_s": 0.1}))
    found = re.search(r'<script type="importmap">(.*?)</script>', page)
    assert found
    imports: dict[str, str] = json.loads(found[1])["imports"]
    for script in imports.values():
        text = base64.b64decode(script.partition(",")[2]).decode()
        assert {*re.findall(r'from "([^"]+)"', text)} <= {*imports}


def test_lessons_are_listed(capfd: pytest.CaptureFixture[str]) -> None:
    CliRunner().invoke(app, ["lesson", "list", "--json"])
    assert {*json.loads(capfd.readouterr().out)["lessons"]} == {*LESSONS}


def test_a_lesson_that_there_is_not_writes_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    words = ["lesson", "build", "where_must_hands_hold", "--out", str(page)]
    ran = CliRunner().invoke(app, words)
    assert ran.exit_code == 2
    assert "did you mean 'where_must_the_hands_hold'?" in ran.output + capfd.readouterr().err
    assert not page.exists()
