"""The server: a page is greeted, moved and driven; whoever misbehaves disturbs nobody else."""

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from dmi_sim.live.access import SOCKET, Access
from dmi_sim.live.choices import all_choices
from dmi_sim.live.client import BURST, Allowance
from dmi_sim.live.messages import LONGEST_MESSAGE
from dmi_sim.live.server import HEALTH, LiveServer, port_of
from dmi_sim.page.messages import InfantFrame
from dmi_sim.page.packing import unpacked
from dmi_sim.page.page_files import page_files
from dmi_sim.render.frames import FRAMES

PATIENCE_S = 120.0
"""On a busy machine the first infants take their time."""


class Page:
    """A page without a browser."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def say(self, **message: Any) -> None:
        await self.connection.send(json.dumps(message))

    async def hear(
        self, kind: str, which: Callable[[Any], bool] = lambda _: True
    ) -> dict[str, Any]:
        """The next message of a kind that is as it should be."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                message: dict[str, Any] = json.loads(await self.connection.recv())
                if message["type"] == kind and which(message):
                    return message


class Classroom:
    """A server under test."""

    def __init__(self, server: LiveServer, port: int) -> None:
        self.server, self.port = server, port

    @asynccontextmanager
    async def page(self, query: str = "", **more: Any) -> AsyncGenerator[Page]:
        address = f"ws://127.0.0.1:{self.port}{SOCKET}{query}"
        async with connect(address, open_timeout=PATIENCE_S, **more) as connection:
            yield Page(connection)

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}") as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read()


def in_class(visit: Callable[[Classroom], Awaitable[None]], access: Access | None = None) -> None:
    """Open a server for a visit."""

    async def run() -> None:
        server = LiveServer(all_choices(), access or Access())
        async with server.running(0) as listening:
            await visit(Classroom(server, port_of(listening)))

    asyncio.run(run())


def test_a_visit_to_a_class(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dmi_sim.live.client.MESSAGES_PER_S", 0.0)  # however slow this machine

    async def visit(room: Classroom) -> None:
        async with room.page() as teacher:
            await greets(teacher)
            await moves(teacher)
            await is_driven(room, teacher)
            await refuses(teacher)
            await survives(room, teacher)
            await answers(room)

    in_class(visit)


async def greets(teacher: Page) -> None:
    welcome = await teacher.hear("welcome")
    assert welcome["role"] == "teacher"
    assert {one["name"] for one in welcome["choices"]["exercises"]} >= {"sitting", "walking"}
    assert (await teacher.hear("setup"))["infants"]["a"]["exercise"] == "sitting"
    for who in ("a", "b"):
        scene = await teacher.hear("scene")
        assert scene["infant"] == who
        assert {one["site"] for one in scene["grips"]} >= {"head", "pelvis", "feet"}
        assert scene["frames"] == [*FRAMES]


async def moves(teacher: Page) -> None:
    first = await teacher.hear("frame")
    later = await teacher.hear("frame", lambda one: one["step"] >= first["step"] + 5)
    assert later["time_s"] > first["time_s"]
    poses = unpacked(InfantFrame.model_validate(later["infants"]["a"]).poses)
    assert poses.shape == (len(FRAMES), 7)


async def is_driven(room: Classroom, teacher: Page) -> None:
    """What the teacher does, a follower sees and may not do."""
    async with room.page("?follow=1") as follower:
        assert (await follower.hear("welcome"))["role"] == "follower"
        await teacher.say(type="let_go", infant="b")
        seen = await follower.hear("frame", lambda one: one["infants"]["b"]["site"] == "none")
        assert seen["infants"]["a"]["site"] != "none"
        await follower.say(type="reset")
        assert "only a teacher's page drives" in (await follower.hear("refused"))["problems"][0]


async def refuses(teacher: Page) -> None:
    await teacher.connection.send("{nonsense")
    assert "message" in (await teacher.hear("refused"))["problems"][0]
    await teacher.say(type="hold", infant="a", site="ears")
    assert "ears" in (await teacher.hear("refused"))["problems"][0]


async def survives(room: Classroom, teacher: Page) -> None:
    """Long messages, floods and pages that break off end their own connection only."""
    async with room.page() as rude:
        await rude.connection.send("x" * (LONGEST_MESSAGE + 1))
        with pytest.raises(ConnectionClosed) as closed:
            await rude.hear("never")
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009
    async with room.page() as flooding:
        for _ in range(int(BURST) + 20):
            await flooding.say(type="speed", speed=1)
        assert "too many a second" in (await flooding.hear("refused"))["problems"][0]
    for _ in range(10):
        async with room.page() as hasty:
            hasty.connection.transport.abort()
    before = await teacher.hear("frame")
    await teacher.hear("frame", lambda one: one["step"] > before["step"])


async def answers(room: Classroom) -> None:
    """Files by their names only, and how time passes."""
    for path, (_, content) in page_files().items():
        assert await asyncio.to_thread(room.get, path) == (200, content)
    for path in ("/../server.py", "/js/../../server.py", "/%2e%2e/server.py", "/nothing"):
        assert (await asyncio.to_thread(room.get, path))[0] == 404
    status, told = await asyncio.to_thread(room.get, HEALTH)
    assert status == 200
    assert json.loads(told)["ticks"] > 5


def test_pages_of_other_sites_and_strangers_find_a_closed_door() -> None:
    async def visit(room: Classroom) -> None:
        with pytest.raises(InvalidStatus):
            async with room.page(origin="http://evil.example"):
                pass
        async with room.page(origin=f"http://127.0.0.1:{room.port}") as own:
            await own.hear("welcome")

    in_class(visit)

    async def from_afar(room: Classroom) -> None:
        assert (await asyncio.to_thread(room.get, "/"))[0] == 403
        assert (await asyncio.to_thread(room.get, "/?token=student"))[0] == 200
        with pytest.raises(InvalidStatus):
            async with room.page("?token=guess"):
                pass
        async with room.page("?token=student") as follower:
            assert (await follower.hear("welcome"))["role"] == "follower"

    in_class(from_afar, Access("127.0.0.1", "teacher", "student"))


def test_an_allowance_fills_up_with_time() -> None:
    allowance = Allowance(0.0)
    assert [allowance.take(0.0) for _ in range(int(BURST) + 1)][-2:] == [True, False]
    assert allowance.take(1.0)
