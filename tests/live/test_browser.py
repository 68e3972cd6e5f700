"""The page in a real browser: drawn, dragged, driven by keys, and opened from a disk.

Needs Playwright and a chromium of this machine; both are optional, since neither comes with a wheel
of ours.
"""

import asyncio
import shutil
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dmi_sim.live.access import Access
from dmi_sim.live.choices import all_choices
from dmi_sim.live.film import lecture_html
from dmi_sim.live.lesson import load_lesson
from dmi_sim.live.server import LiveServer, port_of

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
PATIENCE_S = 60.0
SOFTWARE_DRAWING = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader",
                    "--enable-unsafe-swiftshader"]  # fmt: skip
SIZES = {"wide": (1280, 800), "middle": (1024, 768), "phone": (390, 844)}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="this machine has no chromium"),
]


@pytest.fixture(scope="module")
def address() -> Generator[str]:
    """Address of a page whose server runs in a thread of its own."""
    server = LiveServer(all_choices(), Access())
    opened, closing = threading.Event(), threading.Event()
    port = 0

    async def serve() -> None:
        nonlocal port
        async with server.running(0) as listening:
            port = port_of(listening)
            opened.set()
            await asyncio.to_thread(closing.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert opened.wait(60)
    assert server.simulation.wait(300)
    yield f"http://127.0.0.1:{port}/"
    closing.set()
    thread.join(30)


@pytest.fixture(scope="module")
def browser() -> Generator[Any]:
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=SOFTWARE_DRAWING)
        yield opened
        opened.close()


def wait(page: Any, condition: str) -> None:
    """Wait until something is so; by asking, since the page allows no code made of text."""
    until = time.monotonic() + PATIENCE_S
    while not page.evaluate(condition):
        assert time.monotonic() < until, condition
        page.wait_for_timeout(100)


@contextmanager
def opened_page(
    browser: Any, address: str, size: tuple[int, int], asked: list[str] | None = None
) -> Generator[Any]:
    """A page that is drawn; what it asks for and its errors are in ``asked``."""
    asked = [] if asked is None else asked
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.set_default_timeout(1000 * PATIENCE_S)
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: asked.append(f"error: {error}"))
    page.goto(address, wait_until="commit")
    wait(page, "document.querySelectorAll('.infant .site').length > 5")
    yield page
    page.close()


@pytest.fixture(scope="module")
def asked() -> list[str]:
    return []


@pytest.fixture(scope="module")
def page(browser: Any, address: str, asked: list[str]) -> Generator[Any]:
    with opened_page(browser, address, SIZES["wide"], asked) as opened:
        yield opened


def number(page: Any, who: str, name: int) -> str:
    return str(page.inner_text(f".infant[data-infant={who}] .numbers div:nth-child({name}) dd"))


def wait_for_site(page: Any, who: str, site: str) -> None:
    held = f"document.querySelector('.infant[data-infant={who}] .site.held')"
    wait(page, f"{held}?.dataset.site === '{site}'")


def test_the_page_asks_nobody_but_its_own_server(page: Any, address: str, asked: list[str]) -> None:
    assert len(asked) > 5
    assert all(url.startswith((address, "data:")) for url in asked), asked


def test_the_infants_are_drawn(page: Any) -> None:
    from io import BytesIO

    from PIL import Image

    picture = Image.open(BytesIO(page.locator(".infant[data-infant=a] .view").screenshot()))
    colours = picture.convert("RGB").getcolors(1_000_000)
    assert colours is not None
    assert len(colours) > 200


def test_hands_are_dragged_down_the_body(page: Any) -> None:
    page.click("#sites [data-site=axillae]")
    wait_for_site(page, "a", "axillae")
    held, lower = (
        page.locator(f".infant[data-infant=a] .site[data-site={site}]").bounding_box()
        for site in ("axillae", "pelvis")
    )
    page.mouse.move(held["x"] + 15, held["y"] + 15)
    page.mouse.down()
    page.mouse.move(lower["x"] + 15, lower["y"] + 15, steps=6)
    page.mouse.up()
    wait(
        page,
        "['waist', 'pelvis', 'thighs'].includes("
        "document.querySelector('.infant[data-infant=a] .site.held')?.dataset.site)",
    )
    wait_for_site(page, "b", "axillae")


def test_keys_move_hands_and_let_go(page: Any) -> None:
    page.keyboard.press("e")
    page.click("#sites [data-site=pelvis]")
    wait_for_site(page, "b", "pelvis")
    page.keyboard.press("ArrowUp")
    wait_for_site(page, "b", "waist")
    page.keyboard.press("l")
    wait(page, "document.querySelectorAll('.site.held').length === 0")
    wait(page, "document.querySelector('.infant .numbers dd').textContent.startsWith('0')")


def test_time_stands_still_by_key(page: Any) -> None:
    page.keyboard.press(" ")
    wait(page, "document.getElementById('pause').ariaPressed === 'true'")
    page.wait_for_timeout(300)
    before = number(page, "a", 4)
    page.wait_for_timeout(500)
    assert number(page, "a", 4) == before
    page.keyboard.press(" ")
    wait(page, "document.getElementById('pause').ariaPressed === 'false'")


def test_another_language_changes_every_word(page: Any) -> None:
    page.select_option("#language", "de")
    wait(page, "document.documentElement.lang === 'de'")
    assert page.inner_text("#let-go").startswith("Loslassen")
    page.select_option("#language", "en")
    wait(page, "document.documentElement.lang === 'en'")


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_cut_off_at_the_side(browser: Any, address: str, size: str) -> None:
    with opened_page(browser, f"{address}?follow=1", SIZES[size]) as opened:
        wide, tall = opened.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
        )
    assert wide <= SIZES[size][0]
    if size != "phone":
        assert tall <= SIZES[size][1]


def test_a_lesson_opens_from_a_disk_and_waits_for_a_guess(browser: Any, tmp_path: Path) -> None:
    name = "where_must_the_hands_hold"
    path = tmp_path / "lesson.html"
    lesson = load_lesson(name).model_copy(update={"duration_s": 1.0})
    path.write_text(lecture_html({name: lesson}))
    asked: list[str] = []
    with opened_page(browser, path.as_uri(), SIZES["wide"], asked) as opened:
        assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
        assert number(opened, "a", 4) == "0.0 s"
        opened.keyboard.press(" ")
        opened.click("[data-guess=b]")
        told = "document.getElementById('gate-text').textContent.replaceAll('\\u00a0', ' ')"
        wait(opened, f"{told}.startsWith('Time up: A 1.0 s, B 1.0 s.')")
        assert "B stays up longer" in opened.inner_text("#guess")


def test_lessons_follow_each_other_and_are_noted(browser: Any, tmp_path: Path) -> None:
    names = ["hands_that_do_everything", "does_practice_in_low_hands_teach_more"]
    lessons = {name: load_lesson(name).model_copy(update={"duration_s": 0.5}) for name in names}
    path = tmp_path / "lecture.html"
    path.write_text(lecture_html(lessons))
    asked: list[str] = []
    with opened_page(browser, f"{path.as_uri()}?lang=es", SIZES["wide"], asked) as opened:
        title = "document.getElementById('gate-title').textContent"
        wait(opened, f"{title} === 'Manos que lo hacen todo'")
        opened.click("[data-guess=same]")
        opened.click("#gate-next", timeout=1000 * PATIENCE_S)
        wait(opened, f"{title}.startsWith('¿Enseña más')")
        assert opened.inner_text("[data-guess=a]") == "A, practicar en la pelvis"
        opened.click("[data-guess=b]")
        told = "document.getElementById('gate-text').textContent"
        wait(opened, f"{told}.includes('site_in_sitting')")
        assert not opened.is_visible("#gate-next")
        opened.click("#notes-open")
        noted = opened.inner_text("#notes-list")
        assert "Trabajo de sus músculos: A 0.00 J" in noted.replace("0,00", "0.00").replace(
            "\u00a0", " "
        )
        assert "Pronóstico: B, practicar en las axilas" in noted
        opened.fill("#notes textarea >> nth=0", "Mirar la cabeza.")
        opened.click("#notes-close")
        opened.click("#notes-open")
        assert opened.input_value("#notes textarea >> nth=0") == "Mirar la cabeza."
    assert not [one for one in asked if one.startswith("error")], asked


def test_the_address_takes_the_words_of_therapists(browser: Any, address: str) -> None:
    asked = f"{address}?site=hips&b.condition=floppy&b.severity=mild&lang=fr"
    with opened_page(browser, asked, SIZES["wide"]) as opened:
        wait_for_site(opened, "a", "pelvis")
        chosen = "document.querySelector('.infant[data-infant=b] .who').textContent"
        wait(
            opened,
            "document.querySelectorAll('.infant[data-infant=b] select')[2].value === 'hypotonia'",
        )
        assert opened.evaluate("document.documentElement.lang") == "fr"
        assert "hypotonie" in opened.evaluate(chosen)
