"""One page that is connected: what it is yet to be sent, and how much it may ask."""

import asyncio
import time
from collections import deque

from dmi_sim.live.access import Role

MESSAGES_PER_S, BURST = 40.0, 80.0
"""Messages that a page may send: each second, and at once after a rest."""
WAITING = 64
"""Messages that wait for a page that does not read; more end its connection."""


class Allowance:
    """Messages that may still come; it fills up with time.

    Args:
        now_s: Time now [s].
    """

    def __init__(self, now_s: float) -> None:
        self._left, self._at_s = BURST, now_s

    def take(self, now_s: float) -> bool:
        """Whether one more message may come now [s]."""
        filled = self._left + (now_s - self._at_s) * MESSAGES_PER_S
        self._left, self._at_s = min(BURST, filled), now_s
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Client:
    """A page: the newest frame, and messages that it must not miss.

    A page that reads slowly misses frames and holds nobody up.

    Args:
        role: Whether it may drive.
    """

    def __init__(self, role: Role) -> None:
        self.role: Role = role
        self.allowance = Allowance(time.monotonic())
        self._messages: deque[str] = deque()
        self._frame: str | None = None
        self._news = asyncio.Event()

    @property
    def is_stalled(self) -> bool:
        """Whether more waits than a page that reads would let wait."""
        return len(self._messages) > WAITING

    def tell(self, text: str) -> None:
        """Send a message that must not be missed."""
        if not self.is_stalled:
            self._messages.append(text)
        self._news.set()

    def show(self, frame: str) -> None:
        """Send a frame, in place of one that was not sent yet."""
        self._frame = frame
        self._news.set()

    async def next(self) -> list[str]:
        """What is to be sent, messages before the frame; waits until there is something."""
        await self._news.wait()
        self._news.clear()
        out = [*self._messages]
        self._messages.clear()
        if self._frame is not None:
            out.append(self._frame)
            self._frame = None
        return out
