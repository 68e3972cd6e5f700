"""The page in a real browser: what a teacher does by hand, by dots and by keys, and what follows.

Both infants are the same and begin alike, so their numbers are equal until something is done to one
of them. The browser does not draw in 3D here; that it does is in ``test_browser_looks.py``.
"""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from dmi_sim.live.film import lecture_html
from dmi_sim.live.lesson import load_lesson
from tests.page.pages import Seen, infants, opened_page

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def teacher(browser: Any, address: str) -> Generator[Seen]:
    """A page on which two infants, alike and unpushed, are held at the waist by the address."""
    with opened_page(browser, address + infants()) as seen:
        yield seen


@pytest.fixture
def page(teacher: Seen) -> Seen:
    """The page of a teacher whose infants begin anew, in hands at the head, who cannot fall."""
    teacher.click("[data-whom=both]")
    teacher.click("[data-speed='1']")
    teacher.click("#sites [data-site=head]")
    for who in ("a", "b"):
        teacher.wait_for_site(who, "head")
    begin_anew(teacher)
    return teacher


def begin_anew(seen: Seen) -> None:
    """Begin a take while time stands still, as only a new one is then at its very start."""
    if seen.ask("document.getElementById('pause').ariaPressed") != "true":
        seen.press(" ")
    seen.wait_pressed("#pause")
    seen.press("r")
    seen.wait_numbers("a[3] === 0 && b[3] === 0 && !document.querySelector('.numbers .down')")
    seen.press(" ")
    seen.wait_numbers("a[3] > 0")


def test_the_address_says_what_is_shown(teacher: Seen) -> None:
    teacher.wait("new URL(location.href).searchParams.get('a').startsWith('reflexes-7-typical')")
    teacher.wait("document.querySelector('.infant[data-infant=a] select').value === 'reflexes'")
    teacher.click("#sites [data-site=axillae]")
    teacher.wait("new URL(location.href).searchParams.get('b').includes('-axillae-')")


def test_the_page_asks_nobody_but_its_own_server(teacher: Seen, address: str) -> None:
    host = address.removeprefix("http:")
    assert len(teacher.asked) > 5
    assert {url.partition(":")[2].partition("?")[0].startswith(host) for url in teacher.asked} == {
        True
    }


def test_who_is_let_go_by_reflexes_alone_goes_down_and_who_is_held_does_not(page: Seen) -> None:
    page.press("b", "l")
    page.wait_numbers("b[0] === 0 && a[0] > 0")
    page.wait_down("b")
    page.wait_numbers("b[1] > 40 && a[1] < 30 && b[2] < 0.7 * a[2]")
    page.wait("document.getElementById('sentence').textContent.startsWith('B went down after')")


def test_a_push_moves_only_whom_it_meets(page: Seen) -> None:
    page.press("l", "r")
    page.click("#sites [data-site=waist]")
    page.press("r", "a")
    page.wait_numbers("a[3] > 0.2 && a.join() === b.join()")
    page.press("i", "i")
    page.wait_numbers("a.join() !== b.join()")


def test_a_part_of_the_body_is_pulled_by_a_spring(page: Seen) -> None:
    page.wait_numbers("a.join() === b.join()")
    x, y = page.middle(".infant[data-infant=a] .site[data-site=axillae]")
    page.page.mouse.move(x, y)
    page.page.mouse.down()
    page.page.mouse.move(x + 90, y, steps=4)
    told = "document.querySelector('.infant[data-infant=a] .newtons')"
    page.wait(f"parseFloat({told}.textContent) > 4")
    page.wait_numbers("a[0] > b[0] + 1 || Math.abs(a[1] - b[1]) > 1")
    page.page.mouse.move(x + 600, y - 200)
    page.wait(f"{told}.textContent === '25 N'")
    page.page.mouse.up()
    page.wait(f"{told}.hidden")


def test_hands_are_dragged_down_the_body(page: Seen) -> None:
    page.page.mouse.move(*page.middle(".infant[data-infant=a] .site[data-site=head]"))
    page.page.mouse.down()
    x, y = page.middle(".infant[data-infant=a] .site[data-site=waist]")
    page.page.mouse.move(x, y, steps=6)
    page.page.mouse.up()
    below = "['lower_ribs', 'waist', 'pelvis', 'thighs']"
    held = "document.querySelector('.infant[data-infant=a] .site.held')?.dataset.site"
    page.wait(f"{below}.includes({held})")
    page.wait_for_site("b", "head")


def test_hands_take_hold_at_a_dot(page: Seen) -> None:
    page.page.mouse.click(*page.middle(".infant[data-infant=b] .site[data-site=axillae]"))
    page.wait_for_site("b", "axillae")
    page.wait_for_site("a", "head")


def test_keys_do_all_that_hands_do(page: Seen) -> None:
    page.press("a", "ArrowDown")
    page.wait_for_site("a", "shoulder_girdle")
    page.press("e", "ArrowDown")
    page.wait_for_site("a", "axillae")
    page.wait_for_site("b", "shoulder_girdle")
    page.press("ArrowUp", "l")
    page.wait_for_site("a", "none")
    for key in "123":
        page.press(key)
        page.wait_pressed(f"[data-camera='{key}']")
    page.press("1")


def test_time_stands_still_and_goes_by_single_steps(page: Seen) -> None:
    page.press(" ")
    page.wait_pressed("#pause")
    before = page.numbers()["a"][3]
    page.press(".", ".", ".", ".", ".", ".")
    page.wait_numbers(f"a[3] > {before + 0.1}")
    stepped = page.numbers()["a"][3]
    assert stepped < before + 0.5
    page.press(" ")
    page.wait_numbers(f"a[3] > {stepped + 0.3}")


def test_every_control_is_reached_by_tab(page: Seen) -> None:
    wanted = page.ask(
        "[...document.querySelectorAll('button, select, input')].filter(one => "
        "one.checkVisibility() && one.tabIndex >= 0).map((one, i) => (one.dataset.nth = i)).length"
    )
    reached: set[str] = set()
    for _ in range(wanted + 5):
        page.press("Tab")
        nth = page.ask("document.activeElement.dataset.nth ?? ''")
        reached |= {nth} - {""}
    assert len(reached) == wanted > 30
    page.ask("document.activeElement.blur()")


def test_a_fall_is_seen_again_slowly_and_the_take_before_stays_as_a_ghost(page: Seen) -> None:
    page.click("[data-speed='0.5']")
    page.press("l")
    page.wait_down("a")
    page.wait("!document.querySelector('.infant[data-infant=a] .label').hidden")
    page.press("Escape", "r")
    page.wait("!document.querySelector('.infant[data-infant=a] .label.pale').hidden")


def test_another_language_changes_every_word(page: Seen) -> None:
    page.page.select_option("#language", "de")
    page.wait("document.documentElement.lang === 'de'")
    page.wait("document.getElementById('let-go').textContent === 'Loslassen'")
    page.page.select_option("#language", "en")
    page.wait("document.getElementById('let-go').textContent === 'Let go'")


def test_nobody_is_kept_out(page: Seen) -> None:
    assert page.faults() == []


def test_whoever_asks_for_less_motion_finds_time_standing_still(browser: Any, address: str) -> None:
    with opened_page(browser, address, reduced_motion="reduce") as seen:
        seen.wait_pressed("#pause")
        seen.click("#pause")
        seen.wait("document.getElementById('pause').ariaPressed === 'false'")


def test_a_follower_sees_and_does_not_drive(browser: Any, address: str, teacher: Seen) -> None:
    with opened_page(browser, f"{address}?follow=1&lang=en") as follower:
        assert not follower.ask("document.getElementById('let-go').checkVisibility()")
        teacher.click("#sites [data-site=pelvis]")
        follower.wait_for_site("a", "pelvis")
        follower.press("l")
        teacher.click("#sites [data-site=head]")
        follower.wait_for_site("b", "head")


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lesson of one second as a file."""
    name = "where_must_the_hands_hold"
    path = tmp_path_factory.mktemp("lesson") / "lesson.html"
    taught = load_lesson(name).model_copy(update={"duration_s": 1.0})
    path.write_text(lecture_html({name: taught}))
    return path


def test_a_lesson_opens_from_a_disk_and_waits_for_a_guess(browser: Any, lesson: Path) -> None:
    with opened_page(browser, f"{lesson.as_uri()}?lang=en") as seen:
        assert seen.asked_of_others() == []
        assert seen.faults() == []
        seen.press(" ")
        seen.click("#pause")
        seen.click("#step")
        assert seen.numbers()["a"][3] == 0
        seen.click("[data-guess=b]")
        seen.wait("document.getElementById('gate-text').textContent.startsWith('Time up: A 1.0')")
        assert "B stays up longer" in seen.ask("document.getElementById('guess').textContent")
