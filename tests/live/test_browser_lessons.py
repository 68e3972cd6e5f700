"""Lessons in a browser: they follow each other, are noted, and speak the language asked for."""

from typing import Any

import pytest

from dmi_sim.live.film import lecture_html
from dmi_sim.live.lesson import load_lesson
from tests.page.pages import SIZES, opened_page

pytestmark = pytest.mark.slow

NAMES = ("hands_that_do_everything", "does_practice_in_low_hands_teach_more")
TITLE = "document.getElementById('gate-title').textContent"
TOLD = "document.getElementById('gate-text').textContent.replaceAll('\\u00a0', ' ')"
NOTED = "document.getElementById('notes-list').innerText.replaceAll('\\u00a0', ' ')"


@pytest.fixture(scope="module")
def lecture(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a lecture of two lessons of half a second, in Spanish."""
    lessons = {name: load_lesson(name).model_copy(update={"duration_s": 0.5}) for name in NAMES}
    path = tmp_path_factory.mktemp("lecture") / "lecture.html"
    path.write_text(lecture_html(lessons), encoding="utf-8")
    return f"{path.as_uri()}?lang=es"


def test_lessons_follow_each_other_and_are_noted(browser: Any, lecture: str) -> None:
    with opened_page(browser, lecture) as seen:
        seen.wait(f"{TITLE} === 'Manos que lo hacen todo'")
        seen.click("[data-guess=same]")
        seen.wait(f"{TOLD}.includes('Trabajo de sus músculos: A 0,00 J')")
        seen.click("#gate-next")
        seen.wait(f"{TITLE}.startsWith('¿Enseña más')")
        guess = "document.querySelector('[data-guess=b]').textContent"
        assert seen.ask(guess) == "B, practicar en las axilas"
        seen.click("[data-guess=b]")
        seen.wait("!document.getElementById('gate').hidden")
        assert "site_in_sitting" in seen.ask(TOLD)
        assert seen.ask("document.getElementById('gate-next').hidden")
        seen.click("#notes-open")
        noted = seen.ask(NOTED)
        assert "Trabajo de sus músculos: A 0,00 J" in noted
        assert "Pronóstico: B, practicar en las axilas" in noted
        seen.page.fill("#notes textarea >> nth=0", "Mirar la cabeza.")
        seen.click("#notes-close")
        seen.click("#notes-open")
        assert seen.page.input_value("#notes textarea >> nth=0") == "Mirar la cabeza."


@pytest.mark.parametrize("size", SIZES)
def test_nothing_of_a_lecture_is_cut_off_at_the_side(browser: Any, lecture: str, size: str) -> None:
    with opened_page(browser, lecture, SIZES[size]) as seen:
        seen.wait(f"{TITLE} !== ''")
        assert seen.ask("document.documentElement.scrollWidth") <= SIZES[size][0]
        assert (
            seen.ask("document.getElementById('bigger').getBoundingClientRect().right")
            <= (SIZES[size][0])
        )


def test_the_address_takes_the_words_of_therapists(browser: Any, address: str) -> None:
    asked = f"{address}?site=hips&b.condition=floppy&b.severity=mild&lang=fr"
    with opened_page(browser, asked) as seen:
        seen.wait_for_site("a", "pelvis")
        condition = "document.querySelectorAll('.infant[data-infant=b] select')[2]"
        seen.wait(f"{condition}.value === 'hypotonia'")
        assert seen.ask("document.documentElement.lang") == "fr"
        seen.wait("new URL(location.href).searchParams.get('site') === null")
        seen.wait("new URL(location.href).searchParams.get('b').includes('hypotonia-0.25-pelvis')")
