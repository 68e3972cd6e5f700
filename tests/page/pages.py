"""A page in a browser of this machine, and how a test looks at it."""

import shutil
import subprocess
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest

Side = Literal["a", "b"]

_AXE = Path(__file__).parent / "vendor/axe.min.js"
_FAULTS = (
    "axe.run().then(found => found.violations.filter(one => "
    "['serious', 'critical'].includes(one.impact)).map(one => "
    "`${one.id}: ${one.nodes.map(node => node.html).join(' ')}`))"
)
PATIENCE_S = 60.0
"""On a busy machine everything takes its time."""
SIZES = {"wide": (1280, 800), "middle": (1024, 768), "phone": (390, 844)}
_QUIET = [
    "--no-sandbox", "--no-first-run", "--disable-quic", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
DRAWING = [*_QUIET, "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
"""Draws in 3D without a graphics card, which keeps a core busy."""
PLAIN = [*_QUIET, "--disable-gpu", "--disable-3d-apis"]
"""Does not draw in 3D: words, numbers, dots and the chart are there all the same."""


def chromium() -> str | None:
    """A chromium of this machine that runs; Debian's, since no wheel brings one."""
    for name in ("chromium", "google-chrome"):
        path = shutil.which(name)
        if path and subprocess.run([path, "--version"], capture_output=True).returncode == 0:
            return path
    return None


@contextmanager
def opened_browsers() -> Generator[Callable[[list[str]], Any]]:
    """Opens browsers by their arguments; the test is skipped where there is none."""
    driver = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    found = chromium()
    if found is None:
        pytest.skip("this machine has no chromium that runs")
    with driver.sync_playwright() as playwright, ExitStack() as opened:

        def opened_browser(arguments: list[str]) -> Any:
            browser = playwright.chromium.launch(executable_path=found, args=arguments)
            opened.callback(browser.close)
            return browser

        yield opened_browser


class Seen:
    """A page that is open.

    Args:
        page: Playwright's page.

    Attributes:
        asked: Addresses that it asked for.
        errors: Errors of its scripts.
    """

    def __init__(self, page: Any) -> None:
        self.page = page
        self.asked: list[str] = []
        self.errors: list[str] = []
        page.set_default_timeout(1000 * PATIENCE_S)
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("websocket", lambda socket: self.asked.append(socket.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def wait(self, condition: str) -> None:
        """Wait until something is so; by asking, as the page allows no code made of text."""
        until = time.monotonic() + PATIENCE_S
        while not self.page.evaluate(condition):
            assert time.monotonic() < until, condition
            self.page.wait_for_timeout(50)

    def ask(self, expression: str) -> Any:
        return self.page.evaluate(expression)

    def faults(self) -> Any:
        """What keeps people from using the page."""
        self.ask(_AXE.read_text(encoding="utf-8"))
        return self.ask(_FAULTS)

    def asked_of_others(self) -> list[str]:
        """Addresses that it asked for besides its own and what is in it."""
        own = self.page.url
        return [url for url in self.asked if url != own and not url.startswith("data:")]

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def click(self, selector: str) -> None:
        """A click at once; Playwright's own waits for pictures that a busy machine owes."""
        self.page.wait_for_selector(selector, state="attached")
        self.ask(f"document.querySelector({selector!r}).click()")

    def wait_for_site(self, who: Side, site: str) -> None:
        """Wait until hands hold an infant at a site, or nowhere."""
        held = f"document.querySelector('.infant[data-infant={who}] .site.held')"
        self.wait(f"({held}?.dataset.site ?? 'none') === '{site}'")

    def wait_pressed(self, selector: str) -> None:
        self.wait(f"document.querySelector({selector!r}).ariaPressed === 'true'")

    def numbers(self) -> Mapping[Side, list[float]]:
        """Newtons, degrees, centimetres and seconds of both, all of the same moment."""
        texts = self.ask(
            "['a', 'b'].map(who => [...document.querySelectorAll("
            "`.infant[data-infant=${who}] .numbers dd`)].map(one => parseFloat(one.textContent)))"
        )
        return {"a": texts[0], "b": texts[1]}

    def wait_numbers(self, condition: str) -> None:
        """Wait for what is said of ``a`` and ``b``, each [N, degrees, cm, s]."""
        read = "[...document.querySelectorAll(`.infant[data-infant=${who}] .numbers dd`)]"
        self.wait(
            f"(([a, b]) => {condition})(['a', 'b'].map(who => "
            f"{read}.map(one => parseFloat(one.textContent))))"
        )

    def wait_down(self, who: Side) -> None:
        self.wait(f"Boolean(document.querySelector('.infant[data-infant={who}] .numbers .down'))")

    def middle(self, selector: str) -> tuple[float, float]:
        """The middle of an element on the screen."""
        x, y = self.ask(
            f"(({{x, y, width, height}}) => [x + width / 2, y + height / 2])"
            f"(document.querySelector({selector!r}).getBoundingClientRect())"
        )
        return x, y


@contextmanager
def opened_page(
    browser: Any,
    address: str,
    size: tuple[int, int] = SIZES["wide"],
    until: str = "document.querySelectorAll('.infant .site').length > 5",
    **context: Any,
) -> Generator[Seen]:
    """A page with both infants in it, or until something else is so."""
    around = browser.new_context(viewport={"width": size[0], "height": size[1]}, **context)
    seen = Seen(around.new_page())
    try:
        seen.page.goto(address, wait_until="commit")
        seen.wait(until)
        yield seen
        assert not seen.errors
    finally:
        around.close()


def infants(**changes: str) -> str:
    """The query of an address that shows two alike, unpushed, but for what is said otherwise."""
    same = {
        "controller": "reflexes", "age": "7", "condition": "typical", "severity": "0.5",
        "site": "waist", "firmness": "1", "pushes": "false",
    }  # fmt: skip
    told = "-".join({**same, **changes}.values())
    return f"?lang=en&exercise=sitting&a={told}&b={told}"
