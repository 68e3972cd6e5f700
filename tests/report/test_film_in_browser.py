"""The film in a report, in a real browser: it opens from a disk, is drawn, played and scrubbed."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.page.pages import DRAWING, opened_page

pytestmark = pytest.mark.slow

CLOCK = "parseFloat(document.getElementById('clock').textContent)"
LOADED = "document.querySelector('iframe') !== null"


def test_the_film_of_a_report_is_drawn_played_and_scrubbed(
    browsers: Callable[[list[str]], Any], page: str, tmp_path: Path
) -> None:
    path = tmp_path / "report.html"
    path.write_text(page, encoding="utf-8")
    with opened_page(browsers(DRAWING), path.as_uri(), until=LOADED) as seen:
        told: list[str] = []
        seen.page.on("console", lambda one: told.append(one.text))
        seen.page.locator("iframe").scroll_into_view_if_needed()
        film = seen.page.frame_locator("iframe")
        film.locator(".infant[data-infant=c] .title").wait_for()
        frame = seen.page.frames[1]
        assert frame.evaluate(CLOCK) == 0
        film.locator("#pause").click()
        film.locator("#clock", has_text="0.4 s").wait_for()  # the end
        film.locator("#moment").fill("3")
        film.locator("#clock", has_text="0.2 s").wait_for()
        seen.page.wait_for_timeout(500)
        assert colours_of(film.locator(".infant[data-infant=a] .view").screenshot()) > 200
        assert seen.asked_of_others() == []
        assert told == []


def colours_of(picture: bytes) -> int:
    """Number of colours in a picture."""
    from PIL import Image

    colours = Image.open(BytesIO(picture)).convert("RGB").getcolors(1_000_000)
    return len(colours or ())
