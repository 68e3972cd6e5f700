"""The server of the page: its files, a WebSocket for each page, and the simulation behind."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dmi_sim.errors import InputError
from dmi_sim.live.access import SOCKET, Access, Role, role_of
from dmi_sim.live.classroom import Classroom
from dmi_sim.live.client import Client
from dmi_sim.live.lesson import lesson_message
from dmi_sim.live.messages import (
    LONGEST_MESSAGE,
    Choices,
    Frame,
    Refused,
    ServerMessage,
    Welcome,
    read_message,
)
from dmi_sim.live.simulation import Simulation
from dmi_sim.page.messages import InfantScene
from dmi_sim.page.page_files import page_files
from dmi_sim.spec.lesson import LessonSpec

if TYPE_CHECKING:
    from websockets.asyncio.server import Server, ServerConnection
    from websockets.http11 import Request, Response

_QUIET = logging.getLogger(f"{__name__}.connections")
_QUIET.setLevel(logging.CRITICAL)  # a page that breaks off in the middle is no news

MOST_CLIENTS = 64
"""Pages that may be connected at the same time."""
LONGEST_FLOOD = 400
"""Messages too many in a row after which a page is sent away."""
HEALTH = "/health"
"""Path that tells how the simulation keeps up."""
_PING_S = 20.0
_PLAIN = "text/plain; charset=utf-8"
_POLICY_VIOLATION, _TRY_AGAIN_LATER = 1008, 1013
_SECURITY: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class LiveServer:
    """Serves the page and lets its teacher drive the simulation.

    Args:
        choices: All that can be chosen.
        access: Who may come.
        lesson: Name and content of a lesson to begin with, in which time stands still at first.

    Attributes:
        simulation: Lets time pass.
    """

    def __init__(
        self, choices: Choices, access: Access, lesson: tuple[str, LessonSpec] | None = None
    ) -> None:
        self._choices, self._access = choices, access
        self._files = page_files()
        self._clients: set[Client] = set()
        self._told: dict[str, str] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        if lesson:
            self._told["lesson"] = lesson_message(*lesson).model_dump_json()
        taught = lesson[1] if lesson else None
        classroom = partial(Classroom, lesson=taught, paused=taught is not None)
        self.simulation = Simulation(self._publish, classroom)

    # From the thread of the simulation.

    def _publish(self, message: ServerMessage) -> None:
        text = message.model_dump_json()
        if self._loop:
            with suppress(RuntimeError):  # the loop has ended before the simulation
                self._loop.call_soon_threadsafe(self._spread, message, text)

    # In the event loop, from here on.

    def _spread(self, message: ServerMessage, text: str) -> None:
        """Send a message to all pages, and keep what those that come later must know."""
        key = f"scene {message.infant}" if isinstance(message, InfantScene) else message.type
        if not isinstance(message, Refused):
            self._told[key] = text
        for client in self._clients:
            if isinstance(message, Frame):
                client.show(text)
            else:
                client.tell(text)

    def _refusal(self, client: Client, refused: Refused) -> None:
        """Tell one page why nothing was done; callable from any thread."""
        if self._loop:
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(client.tell, refused.model_dump_json())

    def answer(self, connection: "ServerConnection", request: "Request") -> "Response | None":
        """The answer to a request for a file; None where the WebSocket is to be opened."""
        path = urlsplit(request.path).path
        if path in self._files and path != "/":  # scripts and words, which are no secret
            return _response(HTTPStatus.OK, *self._files[path])
        try:
            self._role(request)
        except InputError as error:
            return _response(HTTPStatus.FORBIDDEN, _PLAIN, str(error).encode())
        if path == SOCKET:
            return None
        if path == "/":
            return _response(HTTPStatus.OK, *self._files["/"])
        if path == HEALTH:
            told = {**asdict(self.simulation.times()), "clients": len(self._clients)}
            return _response(HTTPStatus.OK, "application/json", json.dumps(told).encode())
        return _response(HTTPStatus.NOT_FOUND, _PLAIN, b"no such page")

    def _role(self, request: "Request") -> Role:
        """The role of who asks.

        Raises:
            InputError: If it gets none, with the reason.
        """
        found = {name: request.headers.get_all(name)[:1] for name in ("Host", "Origin")}
        return role_of(self._access, request.path, {k: v[0] for k, v in found.items() if v})

    async def serve_page(self, connection: "ServerConnection") -> None:
        """Serve one page until it goes."""
        if connection.request is None or len(self._clients) >= MOST_CLIENTS:
            await connection.close(_TRY_AGAIN_LATER, "too many pages are open")
            return
        client = Client(self._role(connection.request))
        self._greet(client)
        self._clients.add(client)
        sending = asyncio.create_task(_send_all(connection, client))
        try:
            await self._listen(connection, client)
        finally:
            self._clients.discard(client)
            sending.cancel()
            with suppress(asyncio.CancelledError):
                await sending

    def _greet(self, client: Client) -> None:
        welcome = Welcome(role=client.role, choices=self._choices)
        client.tell(welcome.model_dump_json())
        for key, text in self._told.items():
            if key != "frame":
                client.tell(text)
        if "frame" in self._told:
            client.show(self._told["frame"])

    async def _listen(self, connection: "ServerConnection", client: Client) -> None:
        from websockets.exceptions import ConnectionClosed

        too_many = 0
        with suppress(ConnectionClosed):
            async for text in connection:
                if client.allowance.take(time.monotonic()):
                    too_many = 0
                    self._take(client, text)
                    continue
                too_many += 1
                if too_many == 1:
                    client.tell(_refused("message: too many a second; send fewer"))
                elif too_many > LONGEST_FLOOD:
                    await connection.close(_POLICY_VIOLATION, "too many messages")

    def _take(self, client: Client, text: str | bytes) -> None:
        """Pass a message on to the simulation, or say why not."""
        try:
            message = read_message(text)
            if client.role != "teacher":
                raise InputError("this page follows; only a teacher's page drives")
            self.simulation.submit(message, lambda refused: self._refusal(client, refused))
        except InputError as error:
            client.tell(_refused(*error.problems))

    @asynccontextmanager
    async def running(self, port: int) -> "AsyncGenerator[Server]":
        """The server, listening, with a simulation whose time passes.

        Args:
            port: Port to listen on; 0 for any that is free.

        Raises:
            OSError: If the port is taken.
        """
        from websockets.asyncio.server import serve

        self._loop = asyncio.get_running_loop()
        try:
            async with serve(
                self.serve_page,
                self._access.host,
                port,
                process_request=self.answer,
                max_size=LONGEST_MESSAGE,
                max_queue=8,
                compression=None,
                ping_interval=_PING_S,
                ping_timeout=_PING_S,
                server_header=None,
                logger=_QUIET,
            ) as server:
                self.simulation.start()
                yield server
        finally:
            await asyncio.to_thread(self.simulation.stop)


async def _send_all(connection: "ServerConnection", client: Client) -> None:
    """Send a page what is new, as fast as it reads."""
    from websockets.exceptions import ConnectionClosed

    with suppress(ConnectionClosed):
        while True:
            for text in await client.next():
                await connection.send(text)
            if client.is_stalled:
                await connection.close(_TRY_AGAIN_LATER, "this page does not read")


def _refused(*problems: str) -> str:
    return Refused(problems=problems).model_dump_json()


def _response(status: HTTPStatus, kind: str, body: bytes) -> "Response":
    from websockets.datastructures import Headers
    from websockets.http11 import Response

    headers = {"Content-Type": kind, "Content-Length": str(len(body)), "Connection": "close"}
    return Response(status.value, status.phrase, Headers({**_SECURITY, **headers}), body)


def port_of(server: "Server") -> int:
    """The port that a server listens on."""
    return int(next(iter(server.sockets)).getsockname()[1])
