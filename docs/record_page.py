"""Record the moving picture of the page: ``python docs/record_page.py [--lesson NAME]``.

From the checkout. It builds a lesson, opens it from the disk in the chromium of this machine, goes
through it step by step and writes ``docs/pictures/page.webp``: what is seen is the page itself. It
needs the extra ``dev`` and some minutes of one core, which draws without a graphics card.
"""

import argparse
import shutil
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize, sync_playwright

from dmi_sim.files import write_bytes
from dmi_sim.live.film import lecture_html
from dmi_sim.live.lesson import load_lesson

PICTURE = Path(__file__).parent / "pictures/page.webp"
LARGEST_BYTES = 1_000_000
SIZE: ViewportSize = {"width": 1000, "height": 700}
SHOWN_WIDTH = 800
SECONDS, STRIDE, LAST_MS = 4.5, 3, 2500
DRAWING = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader",
           "--enable-unsafe-swiftshader"]  # fmt: skip
_DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def main() -> None:
    """Record the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lesson", default="where_must_the_hands_hold")
    frames = recorded(parser.parse_args().lesson)
    write_bytes(PICTURE, animation(frames))
    size = PICTURE.stat().st_size
    sys.stderr.write(f"{PICTURE}: {len(frames)} pictures, {size / 1000:.0f} kB\n")
    if size > LARGEST_BYTES:
        sys.exit(f"more than {LARGEST_BYTES / 1000:.0f} kB: record fewer pictures")


def recorded(name: str) -> list[Image.Image]:
    """Pictures of a lesson, a tenth of a second apart.

    Args:
        name: Name of the lesson.
    """
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        path = Path(folder) / "lesson.html"
        path.write_text(lecture_html({name: load_lesson(name)}), encoding="utf-8")
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=DRAWING)
        page = browser.new_page(viewport=SIZE, reduced_motion="reduce")  # no fall shown again
        page.set_default_timeout(120_000)
        page.goto(f"{path.as_uri()}?lang=en")
        page.locator("[data-guess=same]").click()
        page.keyboard.press(" ")
        page.keyboard.press("r")
        frames = [_picture(page, k) for k in range(round(SECONDS * 30 / STRIDE))]
        browser.close()
    return frames


def _picture(page: Page, step: int) -> Image.Image:
    for _ in range(STRIDE if step else 0):
        page.keyboard.press(".")
    page.wait_for_timeout(100)  # the infants have come to where the step puts them
    page.evaluate(_DRAWN)
    shown = Image.open(BytesIO(page.screenshot())).convert("RGB")
    return shown.resize((SHOWN_WIDTH, round(SHOWN_WIDTH * shown.height / shown.width)))


def animation(frames: list[Image.Image]) -> bytes:
    """The pictures as a WebP that moves in real time and rests at its end."""
    out = BytesIO()
    durations = [1000 * STRIDE // 30] * (len(frames) - 1) + [LAST_MS]
    first, *others = frames
    first.save(
        out, "WEBP", save_all=True, append_images=others, duration=durations, loop=0,
        quality=60, method=6,
    )  # fmt: skip
    return out.getvalue()


if __name__ == "__main__":
    main()
