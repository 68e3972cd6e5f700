"""The page as it looks: drawn, at three sizes, in every language, nothing upon anything else."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from dmi_sim.page.page_files import languages
from tests.page.pages import DRAWING, SIZES, Seen, infants, opened_page

pytestmark = pytest.mark.slow

LEAVES = (
    "header h1, header select, header button, #role, #difference, .letter, .who select, "
    ".numbers div, #sentence, #chart, footer button, footer input, legend, #firm span, #context"
)
SHOWN = f"[...document.querySelectorAll({LEAVES!r})].filter(one => one.checkVisibility())"
OVERLAPS = f"""(() => {{
  const seen = {SHOWN};
  const boxes = seen.map(one => one.getBoundingClientRect());
  const told = one => one.id || one.textContent.slice(0, 20) || one.className;
  const out = [];
  boxes.forEach((one, i) => boxes.slice(i + 1).forEach((other, k) => {{
    const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
    const tall = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
    if (wide > 1 && tall > 1) out.push(`${{told(seen[i])}} / ${{told(seen[i + 1 + k])}}`);
  }}));
  return [seen.length, out];
}})()"""
CUT_OFF = f"""{SHOWN}.filter(one => {{
  const {{left, right, top, bottom}} = one.getBoundingClientRect();
  const {{scrollWidth, scrollHeight}} = document.documentElement;
  return left < 0 || right > innerWidth || top + scrollY < 0 || bottom + scrollY > scrollHeight + 1
    || (one.tagName === "BUTTON" && one.scrollWidth > one.clientWidth + 1);
}}).map(one => one.id || one.textContent)"""


def is_in_order(seen: Seen) -> None:
    count, overlaps = seen.ask(OVERLAPS)
    assert count > 40
    assert overlaps == []
    assert seen.ask(CUT_OFF) == []


@pytest.mark.parametrize("size", SIZES)
def test_nothing_lies_upon_anything_else(browser: Any, address: str, size: str) -> None:
    with opened_page(browser, address + infants(condition="hypotonia"), SIZES[size]) as seen:
        seen.wait("document.querySelector('.who select:nth-of-type(4)').checkVisibility()")
        for language in languages():
            seen.page.select_option("#language", language)
            seen.wait(f"document.documentElement.lang === '{language}'")
            is_in_order(seen)
        wide, tall = seen.ask(
            "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
        )
        assert wide <= SIZES[size][0]
        assert size == "phone" or tall <= SIZES[size][1]
        assert seen.page.screenshot()


def test_words_grow_for_the_last_row(browser: Any, address: str) -> None:
    with opened_page(browser, address + infants(), SIZES["wide"]) as seen:
        before = seen.ask("parseFloat(getComputedStyle(document.body).fontSize)")
        seen.click("#bigger")
        assert seen.ask("parseFloat(getComputedStyle(document.body).fontSize)") > 1.2 * before
        is_in_order(seen)


def test_the_infants_are_drawn(browsers: Callable[[list[str]], Any], address: str) -> None:
    from PIL import Image

    with opened_page(browsers(DRAWING), f"{address}?follow=1", SIZES["middle"]) as seen:
        box = seen.page.locator(".infant[data-infant=a] .view").bounding_box()
        picture = Image.open(BytesIO(seen.page.screenshot(clip=box))).convert("RGB")
    colours = picture.getcolors(1_000_000)
    assert colours is not None
    assert len(colours) > 200
