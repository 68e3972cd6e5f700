"""The command ``dmi-sim live``."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from dmi_sim.cli.console import CommandResult

if TYPE_CHECKING:
    from dmi_sim.live.access import Access
    from dmi_sim.live.server import LiveServer

Port = Annotated[int, typer.Option(min=0, max=65535, help="Port of the page; 0 for a free one.")]
Host = Annotated[
    str, typer.Option(help="Address to listen on; any but 127.0.0.1 lets others come, by a token.")
]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")]

DEFAULT_PORT = 8090


def live(
    port: Port = DEFAULT_PORT, host: Host = "127.0.0.1", no_browser: NoBrowser = False
) -> CommandResult:
    """Open a page on which two infants are seen in a therapist's hands, and treated as they move.

    It runs until it is interrupted (Ctrl+C). Who opens the page on this machine drives; pages with
    ?follow=1 only look. On any other address the page needs a token, which is told at the start.
    """
    return serve_page(host, port, opens_browser=not no_browser)


def serve_page(
    host: str, port: int, *, opens_browser: bool, lesson: str | None = None
) -> CommandResult:
    """Serve the page until the command is interrupted.

    Args:
        host: Address to listen on.
        port: Port; 0 for a free one.
        opens_browser: Whether to open the page here.
        lesson: Name of a lesson to begin with.

    Raises:
        InputError: If there is no such lesson.
    """
    import asyncio

    from dmi_sim.live.access import access_for
    from dmi_sim.live.choices import all_choices
    from dmi_sim.live.lesson import load_lesson
    from dmi_sim.live.server import LiveServer

    access = access_for(host)
    taught = (lesson, load_lesson(lesson)) if lesson else None
    server = LiveServer(all_choices(), access, taught)
    if not access.is_open:
        _say("others on this network can reach this page; its address holds a token, so show it "
             "only to whom you teach, and end the command when you are done")  # fmt: skip
    ticks = asyncio.run(_serve(server, access, port, opens_browser=opens_browser))
    return CommandResult(f"live: ended after {ticks} steps", {"ticks": ticks})


async def _serve(server: "LiveServer", access: "Access", port: int, *, opens_browser: bool) -> int:
    """Serve the page until the command is interrupted; gives the number of steps.

    Raises:
        Exception: Whatever ended the simulation, if it ended by itself.
    """
    import asyncio
    import signal
    import webbrowser

    from dmi_sim.live.server import port_of

    interrupted = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, interrupted.set)
    async with server.running(port) as listening:
        url = page_url(access, port_of(listening))
        _say(f"open {url}")
        if not access.is_open:
            _say(f"students follow at {page_url(access, port_of(listening), follows=True)}")
        if opens_browser:
            await asyncio.to_thread(webbrowser.open, url)
        while not interrupted.is_set() and server.simulation.fault is None:
            await asyncio.wait([asyncio.create_task(interrupted.wait())], timeout=1)
    if server.simulation.fault:
        raise server.simulation.fault
    return server.simulation.times().ticks


def page_url(access: "Access", port: int, *, follows: bool = False) -> str:
    """The address of the page.

    Args:
        access: Who may come.
        port: Port that the server listens on.
        follows: Whether for students, who only look.
    """
    import socket

    host = access.host
    if host in ("0.0.0.0", "::", ""):
        host = socket.gethostname()
    token = access.follower_token if follows else access.teacher_token
    query = f"?token={token}" if token else "?follow=1" if follows else ""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/{query}"


def _say(line: str) -> None:
    sys.stderr.write(f"dmi-sim live: {line}\n")
    sys.stderr.flush()
