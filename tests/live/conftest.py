"""A server of the page for all tests of a module."""

import asyncio
import threading
from collections.abc import Generator

import pytest

from dmi_sim.live.access import Access
from dmi_sim.live.choices import all_choices
from dmi_sim.live.server import LiveServer, port_of
from tests.page.pages import chromium


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
