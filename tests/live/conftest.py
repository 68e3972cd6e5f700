"""A server of the page for all tests of a module, and a browser to look at it."""

import asyncio
import threading
from collections.abc import Callable, Generator
from typing import Any

import pytest

from dmi_sim.live.access import Access
from dmi_sim.live.choices import all_choices
from dmi_sim.live.server import LiveServer, port_of
from tests.live.pages import PLAIN, chromium, opened_browsers


@pytest.fixture(scope="module")
def browsers() -> Generator[Callable[[list[str]], Any]]:
    """Opens browsers by their arguments."""
    with opened_browsers() as opened:
        yield opened


@pytest.fixture(scope="module")
def browser(browsers: Callable[[list[str]], Any]) -> Any:
    """A browser that does not draw in 3D."""
    return browsers(PLAIN)


@pytest.fixture(scope="module")
def address() -> Generator[str]:
    """Address of a page whose server runs in a thread of its own."""
    if chromium() is None:
        pytest.skip("this machine has no chromium that runs")
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
    try:
        assert opened.wait(60)
        assert server.simulation.wait(600)
        yield f"http://127.0.0.1:{port}/"
    finally:
        closing.set()
        thread.join(60)
