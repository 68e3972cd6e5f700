"""Recordings in a browser: films of several infants side by side, moved through at will."""

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import pytest

from dmi_sim.page.replay import Recordings, replay_html
from dmi_sim.render.clip import Clip
from tests.page.pages import SIZES, Seen, opened_page
from tests.render.bodies import shapes, toppling

pytestmark = pytest.mark.slow

SECONDS = 2.0
CLIPS = {
    "Practised with hands at the waist; tested alone": Clip(toppling(SECONDS), shapes()),
    "Practised with no hands; tested alone": Clip(toppling(SECONDS / 2, fell=False), shapes()),
    "Practised with hands at the feet; tested alone": Clip(
        replace(toppling(SECONDS, fell=False), is_success=False), shapes()
    ),
}
FILMS = {"All": [*CLIPS], "The first": [*CLIPS][:1]}
LOADED = "document.querySelectorAll('.infant .title').length === 3"
CLOCK = "parseFloat(document.getElementById('clock').textContent)"
ENDS = "[...document.querySelectorAll('.ending')].map(one => one.hidden ? '' : one.textContent)"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of three recordings in two films, in a file."""
    path = tmp_path_factory.mktemp("replay") / "replay.html"
    shown = Recordings(CLIPS, films=FILMS)
    path.write_text(replay_html(shown, language="en", plays=False), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def film(browser: Any, address: str) -> Generator[Seen]:
    with opened_page(browser, address, until=LOADED) as seen:
        yield seen


def scrub(seen: Seen, step: int) -> None:
    """Move the bar below the infants."""
    seen.ask(
        f"(one => {{ one.value = {step}; one.dispatchEvent(new Event('input')) }})"
        "(document.getElementById('moment'))"
    )


def test_all_infants_of_a_film_stand_side_by_side_under_their_titles(film: Seen) -> None:
    places, titles = (
        film.ask(
            "[...document.querySelectorAll('.infant')].map(one => one.getBoundingClientRect().top)"
        ),
        film.ask("[...document.querySelectorAll('.title')].map(one => one.textContent)"),
    )
    assert len({*places}) == 1
    assert titles == [*CLIPS]
    assert film.ask("document.querySelector('.infant .view').clientHeight") > 200
    assert film.faults() == []
    assert film.asked_of_others() == []


def test_the_space_bar_plays_to_the_end_and_once_more(film: Seen) -> None:
    assert film.ask(CLOCK) == 0
    film.press(" ")
    film.wait(f"{CLOCK} === {SECONDS}")
    film.wait_pressed("#pause")
    film.press(" ")
    film.wait(f"0 < {CLOCK} && {CLOCK} < {SECONDS}")


def test_the_bar_and_the_arrows_move_through_time_both_ways(film: Seen) -> None:
    scrub(film, 45)
    film.wait(f"{CLOCK} === 1.5")
    leaning = film.numbers()["a"][1]
    scrub(film, 15)
    film.wait(f"{CLOCK} === 0.5")
    assert film.numbers()["a"][1] == pytest.approx(leaning / 3, abs=1)
    film.press(*["ArrowRight"] * 6, *["ArrowLeft"] * 3)
    film.wait(f"{CLOCK} === 0.6")


def test_each_infant_is_told_to_have_ended_at_its_own_end(film: Seen) -> None:
    assert film.ask(ENDS) == ["", "", ""]
    scrub(film, 40)
    film.wait(f"JSON.stringify({ENDS}) === JSON.stringify(['', 'succeeded', ''])")
    assert film.numbers()["b"][3] == SECONDS / 2
    scrub(film, 60)
    film.wait(f"JSON.stringify({ENDS}) === JSON.stringify(['fell', 'succeeded', ''])")


def test_another_film_has_other_infants_and_begins_anew(film: Seen) -> None:
    scrub(film, 30)
    film.page.select_option("#watched", label="The first")
    film.wait(f"document.querySelectorAll('.infant').length === 1 && {CLOCK} === 0")
    film.page.select_option("#watched", label="All")
    film.wait(LOADED)


def test_another_language_is_spoken_while_time_stands_still(film: Seen) -> None:
    scrub(film, 60)
    film.wait(f"{ENDS}[0] === 'fell'")
    film.page.select_option("#language", "de")
    film.wait(f"{ENDS}[0] === 'gefallen'")
    told = film.ask("document.body.innerText")
    assert "gefallen nach" in told
    assert "Aufgezeichnet" in told
    assert "Recorded" not in told
    assert "down after" not in told


@pytest.mark.parametrize("size", SIZES)
def test_nothing_of_a_film_is_cut_off_at_the_side(browser: Any, address: str, size: str) -> None:
    with opened_page(browser, address, SIZES[size], until=LOADED) as seen:
        assert seen.ask("document.documentElement.scrollWidth") <= SIZES[size][0]
        assert seen.ask(
            "[...document.querySelectorAll('.infant')].every(one => "
            "one.getBoundingClientRect().width >= 150 && one.scrollWidth <= one.clientWidth + 1)"
        )


@pytest.mark.parametrize("size", SIZES)
def test_what_is_told_over_an_infant_stays_in_its_frame(
    browser: Any, address: str, size: str
) -> None:
    with opened_page(browser, address, SIZES[size], until=LOADED) as seen:
        over = "[...document.querySelectorAll('.infant .label')]"
        words = "The fall again, at a quarter of the speed, seen once more"
        seen.ask(f"{over}.forEach(one => {{ one.hidden = false; one.textContent = '{words}' }})")
        assert seen.ask(
            f"{over}.every(one => {{ const own = one.getBoundingClientRect(), "
            "frame = one.closest('.infant').getBoundingClientRect(); "
            "return own.left >= frame.left && own.right <= frame.right })"
        )
