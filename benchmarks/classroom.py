"""Treat the server of ``dmi-sim live`` badly for long: nothing grows, stops or disturbs others.

``python benchmarks/classroom.py [--seconds 60] [--followers 10] [--connects 500] [--messages 1000]
[--no-browser]`` starts the command and, one after the other, lets a class look on, times keys,
connects and breaks off, lets a page stall, sends malformed and oversized messages, has two teachers
drive at once, and kills a browser where there is one. It ends with exit code 1 if the simulation
stops, a page is disturbed by another, or memory or open files grow. An hour of running is
``--seconds 3600``.
"""

import argparse
import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

LARGEST_GROWTH_MB = 30.0
"""Growth of memory that allocators may take over hundreds of connections [MB]."""
PATIENCE_S = 300.0
KEYS = 40
VALID: tuple[dict[str, Any], ...] = (
    {"type": "hold", "infant": "both", "site": "pelvis", "firmness": 1.0},
    {"type": "push", "infant": "a", "direction": "left", "speed_m_s": 0.1},
    {"type": "pull", "infant": "b", "segment": "head", "force_n": [1, 0, 0]},
    {"type": "choose", "infant": "a", "controller": "limp"},
    {"type": "speed", "speed": 1},
    {"type": "reset", "seed": 3},
)


def say(*lines: str) -> None:
    """Tell at once what was found."""
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


class Server:
    """The command under test, in a process of its own.

    Attributes:
        url: Address of the page.
        opened_s: Time from the command to the address [s].
        moved_s: Time from the command to the first step [s].
    """

    def __init__(self) -> None:
        began = time.monotonic()
        command = (sys.executable, "-m", "dmi_sim", "live", "--no-browser", "--port", "0")
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert self.process.stderr
        for line in self.process.stderr:
            _, found, self.url = line.strip().partition("open ")
            if found:
                break
        self.opened_s = time.monotonic() - began
        while not self.health()["ticks"]:
            assert time.monotonic() < began + PATIENCE_S
            time.sleep(0.05)
        self.moved_s = time.monotonic() - began

    def health(self) -> dict[str, float]:
        """How the simulation keeps up, as the server tells."""
        with urllib.request.urlopen(f"{self.url}health", timeout=PATIENCE_S) as answer:
            told: dict[str, float] = json.loads(answer.read())
        return told

    def open_page(self, query: str = "") -> connect:
        """A connection of a page without a browser."""
        return connect(f"{self.url.replace('http', 'ws')}live{query}", open_timeout=PATIENCE_S)

    def size(self) -> tuple[float, int]:
        """Resident memory [MB] and open files of the server."""
        folder = Path("/proc") / str(self.process.pid)
        pages = int((folder / "statm").read_text().split()[1])
        return pages * 4096 / 1e6, len(list((folder / "fd").iterdir()))

    def close(self) -> None:
        """End the command as Ctrl+C does."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()


async def hear(page: ClientConnection, kind: str, which: Callable[[Any], bool]) -> Any:
    """The next message of a kind that is as it should be."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            message = json.loads(await page.recv())
            if message["type"] == kind and which(message):
                return message


async def look_on(server: Server, followers: int, seconds: float) -> str:
    """A class looks on; how often pages get a frame, and how long the server takes for it."""

    async def follow() -> tuple[int, int]:
        frames = size = 0
        async with server.open_page("?follow=1") as page:
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                text = await page.recv()
                frames, size = frames + ('"type":"frame"' in str(text)[:20]), size + len(text)
        return frames, size

    seen = await asyncio.gather(*(follow() for _ in range(followers)))
    told = await asyncio.to_thread(server.health)
    fewest, most = min(frames for frames, _ in seen), max(size for _, size in seen)
    return (
        f"{followers} followers, {seconds:g} s: tick p95 {told['p95_ms']:.1f} ms "
        f"(CPU {told['cpu_p95_ms']:.1f} ms), late {100 * told['late_share']:.0f} %; "
        f"fewest frames a second {fewest / seconds:.1f}, most {most / seconds / 1000:.0f} kB/s"
    )


async def time_keys(server: Server) -> str:
    """From a key that moves the hands to the first frame with them in the new place."""
    taken_ms: list[float] = []
    async with server.open_page() as teacher:
        for k in range(KEYS):
            site = ("axillae", "waist")[k % 2]
            began = time.monotonic()
            await teacher.send(json.dumps({"type": "hold", "infant": "both", "site": site}))
            await hear(teacher, "frame", lambda one, s=site: one["infants"]["a"]["site"] == s)
            taken_ms.append(1000 * (time.monotonic() - began))
    middle, late = np.percentile(taken_ms, (50, 95)).tolist()
    return f"key to frame: median {middle:.0f} ms, p95 {late:.0f} ms"


async def come_and_go(server: Server, times: int) -> str:
    """Pages come and go; every other one breaks off in the middle."""
    for k in range(times):
        async with server.open_page() as page:
            await page.recv()
            if k % 2:
                page.transport.abort()
    return f"{times} pages came and went"


async def stall(server: Server, seconds: float) -> str:
    """A page that opens and never reads."""
    _, _, address = server.url.partition("//")
    host, _, port = address.strip("/").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=1024)
    writer.write(
        f"GET /live HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
    )
    await writer.drain()
    await reader.read(64)
    async with server.open_page("?follow=1") as page:
        before = await hear(page, "frame", lambda _: True)
        await asyncio.sleep(seconds)
        await hear(page, "frame", lambda one: one["time_s"] != before["time_s"])
    writer.transport.abort()
    return f"a page that does not read for {seconds:g} s: others go on"


def random_message(random: np.random.Generator) -> str | bytes:
    """Bytes, JSON or nearly a message, and now and then far too long."""
    kind = random.integers(5)
    if kind == 0:
        return random.bytes(int(random.integers(1, 400)))
    if kind == 1:
        return "[" * int(random.integers(1, 900))
    message = dict(VALID[int(random.integers(len(VALID)))])
    wrong: tuple[Any, ...] = (None, -1e9, "NaN", [], {}, "x" * 300, True, 1e308)
    message[str(random.choice([*message]))] = wrong[int(random.integers(len(wrong)))]
    if kind == 2:
        message["more"] = "y" * int(random.integers(1, 3000))
    return json.dumps(message)


async def speak_nonsense(server: Server, messages: int) -> str:
    """A teacher's page that sends nonsense, and comes again when it is sent away."""
    random = np.random.default_rng(0)
    sent = sent_away = 0
    while sent < messages:
        with suppress(ConnectionClosed):
            async with server.open_page() as page:
                reading = asyncio.create_task(_read_all(page))
                while sent < messages:
                    await page.send(random_message(random))
                    sent += 1
                    await asyncio.sleep(0.01)
                reading.cancel()
                continue
        sent_away += 1
    return f"{sent} malformed messages, for which a page was sent away {sent_away} times"


async def _read_all(page: ClientConnection) -> None:
    with suppress(ConnectionClosed):
        async for _ in page:
            pass


async def teach_together(server: Server) -> str:
    """Two teachers drive at once, and both see what either does."""
    async with server.open_page() as one, server.open_page() as other:
        for k in range(10):
            site = ("head", "lower_ribs")[k % 2]
            teacher, colleague = (one, other) if k % 4 < 2 else (other, one)
            await teacher.send(json.dumps({"type": "hold", "infant": "both", "site": site}))
            for page in (teacher, colleague):
                await hear(page, "frame", lambda seen, s=site: seen["infants"]["b"]["site"] == s)
    return "two teachers: each saw what either did"


async def kill_browser(server: Server) -> str:
    """A browser that is killed in the middle."""
    path = shutil.which("chromium")
    if path is None:
        return "no chromium here: no browser was killed"
    before = (await asyncio.to_thread(server.health))["clients"]
    with tempfile.TemporaryDirectory() as profile:
        command = (
            path, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
            f"--user-data-dir={profile}", "--remote-debugging-port=0", server.url,
        )  # fmt: skip
        browser = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            await until_clients(server, before + 1)
        finally:
            os.killpg(browser.pid, signal.SIGKILL)
            browser.wait()
        await until_clients(server, before)
    return "a browser was killed: its page is gone"


async def until_clients(server: Server, count: float) -> None:
    """Wait until so many pages are connected."""
    async with asyncio.timeout(PATIENCE_S):
        while (await asyncio.to_thread(server.health))["clients"] != count:
            await asyncio.sleep(0.1)


async def mistreat(server: Server, asked: argparse.Namespace) -> list[str]:
    """Everything in turn; the problems that were found."""
    problems: list[str] = []
    await come_and_go(server, 10)
    memory_mb, files = server.size()
    parts: tuple[Callable[[], Awaitable[str]], ...] = (
        lambda: look_on(server, asked.followers, asked.seconds),
        lambda: time_keys(server),
        lambda: come_and_go(server, asked.connects),
        lambda: stall(server, min(60.0, asked.seconds)),
        lambda: speak_nonsense(server, asked.messages),
        lambda: teach_together(server),
        *(() if asked.no_browser else (lambda: kill_browser(server),)),
    )
    for part in parts:
        before = server.health()["ticks"]
        say(await part())
        await until_clients(server, 0)
        if server.health()["ticks"] <= before or server.process.poll() is not None:
            problems.append("the simulation has stopped")
    now_mb, now_files = server.size()
    say(f"memory {memory_mb:.0f} to {now_mb:.0f} MB, open files {files} to {now_files}")
    if now_mb > memory_mb + LARGEST_GROWTH_MB:
        problems.append("memory grows")
    if now_files > files + 2:
        problems.append("open files grow")
    return problems


def main() -> int:
    """Run the script; gives its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--followers", type=int, default=10)
    parser.add_argument("--connects", type=int, default=500)
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--no-browser", action="store_true")
    asked = parser.parse_args()
    server = Server()
    try:
        say(f"address after {server.opened_s:.1f} s, first step after {server.moved_s:.1f} s")
        problems = asyncio.run(mistreat(server, asked))
    finally:
        server.close()
    say(*(problems or ["nothing stops, nothing grows"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
