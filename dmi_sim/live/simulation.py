"""Time of the classroom: a thread of its own that lets one control step pass after the other.

It takes messages from a queue before each step and publishes what has changed after it, so a page
that hangs, or none at all, never holds it up.
"""

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from dmi_sim.arrays import Vector
from dmi_sim.errors import InputError
from dmi_sim.live.classroom import Classroom
from dmi_sim.live.infant import Body, make_body
from dmi_sim.live.messages import (
    InfantChoice,
    Refused,
    ServerMessage,
    TeacherMessage,
    Who,
)

_LOG = logging.getLogger(__name__)

Publish = Callable[[ServerMessage], None]
"""Sends a message to all pages; called in the thread of the simulation."""
Reply = Callable[[Refused], None]
"""Tells one page why nothing was done; called in the thread of the simulation."""

WAITING = 256
"""Messages that may wait for the next step; more are refused."""
_MEASURED = 1800
"""Steps whose durations are kept, a minute at 30 Hz."""
_BEHIND_S = 0.5
"""Delay that is not made up for, such as that of a machine that was asleep [s]."""


@dataclass(frozen=True)
class TickTimes:
    """How long steps took, without the wait for the next.

    Attributes:
        ticks: Steps since the start.
        p50_ms: Median of the last minute [ms].
        p95_ms: 95th percentile [ms].
        largest_ms: The largest [ms].
        cpu_p95_ms: 95th percentile of the time that a core worked for a step [ms], which other
            programs on a busy machine do not lengthen.
        late_share: Share of steps that were published more than one step too late.
    """

    ticks: int
    p50_ms: float
    p95_ms: float
    largest_ms: float
    cpu_p95_ms: float
    late_share: float


class Simulation:
    """Lets time pass in a classroom, in a thread of its own.

    Args:
        publish: Sends a message to all pages.
        classroom: Makes the classroom, in that thread, since it may take long.
    """

    def __init__(self, publish: Publish, classroom: Callable[..., Classroom] = Classroom) -> None:
        self._publish, self._make = publish, classroom
        self._inbox: queue.Queue[tuple[TeacherMessage, Reply]] = queue.Queue(WAITING)
        self._built: queue.SimpleQueue[tuple[Who, InfantChoice, Future[Body]]] = queue.SimpleQueue()
        self._builders = ThreadPoolExecutor(1, "dmi-sim-builder")
        self._durations_s: deque[float] = deque(maxlen=_MEASURED)
        self._worked_s: deque[float] = deque(maxlen=_MEASURED)
        self._late: deque[bool] = deque(maxlen=_MEASURED)
        self._ticks = 0
        self._stopping = threading.Event()
        self._ready = threading.Event()
        self._fault: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="dmi-sim-live", daemon=True)

    def start(self) -> None:
        """Begin to make the infants, and then to let time pass."""
        self._thread.start()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until the infants are there.

        Returns:
            Whether they are.

        Raises:
            Exception: Whatever kept them from being made.
        """
        is_ready = self._ready.wait(timeout_s)
        if self._fault:
            raise self._fault
        return is_ready

    @property
    def fault(self) -> BaseException | None:
        """What ended the simulation, if it ended by itself."""
        return self._fault

    def submit(self, message: TeacherMessage, reply: Reply) -> None:
        """Have a message carried out before the next step.

        Raises:
            InputError: If too many wait already.
        """
        try:
            self._inbox.put_nowait((message, reply))
        except queue.Full:
            raise InputError("message: too many wait for the next step; send fewer") from None

    def stop(self) -> None:
        """End the simulation; a second call does nothing."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(10)
        self._builders.shutdown(wait=True, cancel_futures=True)

    def times(self) -> TickTimes:
        """How long the steps of the last minute took."""
        taken, worked = (_milliseconds(one) for one in (self._durations_s, self._worked_s))
        p50, p95, largest = np.percentile(taken, (50, 95, 100)).tolist()
        cpu_p95 = float(np.percentile(worked, 95))
        late = [*self._late]
        return TickTimes(self._ticks, p50, p95, largest, cpu_p95, sum(late) / max(1, len(late)))

    def _run(self) -> None:
        classroom: Classroom | None = None
        try:
            classroom = self._make(build=self._build)
            classroom.warm_up()
            self._publish_all(classroom)
            self._ready.set()
            self._let_time_pass(classroom)
        except Exception as fault:  # told by wait() and by whoever asks for it
            self._fault = fault
            _LOG.exception("the simulation of the page has ended")
        finally:
            self._ready.set()
            if classroom:
                classroom.close()

    def _let_time_pass(self, classroom: Classroom) -> None:
        due_s = time.monotonic()
        while not self._stopping.is_set():
            began_s, worked_s = time.monotonic(), time.thread_time()
            self._tick(classroom)
            self._worked_s.append(time.thread_time() - worked_s)
            ended_s = time.monotonic()
            period_s = 1 / (classroom.control_hz * classroom.speed)
            self._durations_s.append(ended_s - began_s)
            self._late.append(ended_s - due_s > period_s)
            due_s = max(due_s + period_s, ended_s - _BEHIND_S)
            self._stopping.wait(max(0.0, due_s - time.monotonic()))

    def _tick(self, classroom: Classroom) -> None:
        """One step: what was asked for, then physics, then what is seen."""
        is_changed = self._carry_out(classroom) | self._take_over(classroom)
        has_moved = classroom.advance()
        if is_changed:
            self._publish(classroom.setup())
        if has_moved or is_changed:
            self._publish(classroom.frame())
        self._ticks += 1

    def _carry_out(self, classroom: Classroom) -> bool:
        is_changed = False
        while not self._inbox.empty():
            message, reply = self._inbox.get_nowait()
            try:
                classroom.handle(message)
                is_changed = True
            except InputError as error:
                reply(Refused(problems=error.problems))
        return is_changed

    def _build(self, who: Who, choice: InfantChoice) -> None:
        """Have an infant made in the background."""
        future = self._builders.submit(make_body, choice)
        future.add_done_callback(lambda done: self._built.put((who, choice, done)))

    def _take_over(self, classroom: Classroom) -> bool:
        """Put down infants who have been made."""
        is_changed = False
        while not self._built.empty():
            who, choice, future = self._built.get()
            is_changed = True
            try:
                classroom.place(who, future.result())
            except InputError as error:
                classroom.forget(who, choice)
                self._publish(Refused(problems=error.problems))
                continue
            self._publish_all(classroom)
        return is_changed

    def _publish_all(self, classroom: Classroom) -> None:
        self._publish(classroom.setup())
        for scene in classroom.scenes():
            self._publish(scene)
        self._publish(classroom.frame())


def _milliseconds(durations_s: deque[float]) -> Vector:
    """Durations [ms]; 0 where there are none yet."""
    return np.array([*durations_s] or [0.0]) * 1e3
