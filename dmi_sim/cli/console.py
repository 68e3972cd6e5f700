"""The frame of every command: one answer on stdout, all else on stderr, and an exit code.

PyBullet prints from C to file descriptor 1, which would break ``dmi-sim … --json | jq``. While a
command runs, descriptor 1 therefore leads to stderr, and the answer goes to a private copy.
"""

import inspect
import json
import math
import os
import sys
import threading
import traceback
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import wraps
from typing import Annotated, Any, TextIO

import typer

from dmi_sim.errors import InputError, machine_problem

OK, BUG, BAD_INPUT, FAILED_CELLS, ENVIRONMENT, INTERRUPTED = 0, 1, 2, 3, 4, 130

SILENCE_S = 0.6
"""Time after which a command that may take long says that it works [s]."""

Json = Annotated[bool, typer.Option("--json", help="Answer with one JSON object on stdout.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]


@dataclass(frozen=True)
class CommandResult:
    """The result of a command.

    Attributes:
        text: Result for a person.
        data: Result for a program; printed instead of the text with ``--json``.
        exit_code: 0, or 3 when some cells of a study failed.
    """

    text: str
    data: Mapping[str, Any] = field(default_factory=dict[str, Any])
    exit_code: int = OK


@dataclass(frozen=True)
class _Failure:
    exit_code: int
    kind: str
    problems: tuple[str, ...]


def command(work: Callable[..., CommandResult], *, is_long: bool = False) -> Callable[..., None]:
    """A typer command from a function that gives a :class:`CommandResult`.

    Adds ``--json`` and ``--debug``, keeps stdout clean and turns errors into exit codes.

    Args:
        work: The function; its parameters are the command's arguments and options.
        is_long: Whether it may take so long that it should say at once that it works.
    """

    @wraps(work)
    def run(*args: Any, json: bool = False, debug: bool = False, **options: Any) -> None:
        word = work.__name__.replace("_", "-")
        with private_stdout() as stdout, _sign_of_life(word) if is_long else nullcontext():
            code = _answer(lambda: work(*args, **options), stdout, as_json=json, debug=debug)
        raise typer.Exit(code)

    extra = {"json": Json, "debug": Debug}
    signature = inspect.signature(work)
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=False, annotation=kind)
        for name, kind in extra.items()
    ]
    run.__dict__["__signature__"] = signature.replace(
        parameters=[*signature.parameters.values(), *added], return_annotation=None
    )
    run.__annotations__ = {**work.__annotations__, **extra, "return": None}
    return run


@contextmanager
def _sign_of_life(word: str) -> Generator[None]:
    """Say that a command works if it has no answer within a moment.

    Libraries load and kernels compile before the first progress can be told.

    Args:
        word: Name of the command.
    """
    line = f"dmi-sim {word}: at work; the first time on a machine takes a minute longer\n"
    timer = threading.Timer(SILENCE_S, lambda: sys.stderr.write(line))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _answer(
    work: Callable[[], CommandResult], stdout: TextIO, *, as_json: bool, debug: bool
) -> int:
    try:
        answer = work()
        _write(stdout, _json_text(answer.data) if as_json else f"{answer.text}\n")
    except (Exception, KeyboardInterrupt) as error:
        failure = _failure(error)
        if debug or failure.exit_code == BUG:
            traceback.print_exc(file=sys.stderr)
        for line in failure.problems:
            sys.stderr.write(f"dmi-sim: {line}\n")
        if as_json:
            with suppress(OSError):  # what could not be written is on stderr already
                _write(stdout, _json_text({"error": failure.kind, "problems": failure.problems}))
        return failure.exit_code
    return answer.exit_code


def _write(stdout: TextIO, text: str) -> None:
    """Write an answer; a reader that has gone away, such as ``head``, has read enough.

    Raises:
        OSError: If it cannot be written for another reason, such as a full disk.
    """
    try:
        stdout.write(text)
        stdout.flush()
    except BrokenPipeError:
        _drop_the_rest(stdout)
    except OSError:
        _drop_the_rest(stdout)
        raise


def _drop_the_rest(stdout: TextIO) -> None:
    """Let what is still buffered go nowhere, or closing the stream would raise once more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stdout.fileno())
    os.close(nowhere)


def _failure(error: BaseException) -> _Failure:
    if isinstance(error, InputError):
        return _Failure(BAD_INPUT, "input", error.problems)
    if isinstance(error, KeyboardInterrupt):
        return _Failure(INTERRUPTED, "interrupted", (str(error) or "interrupted",))
    problem = machine_problem(error)
    if problem is not None:
        return _Failure(ENVIRONMENT, "environment", (" ".join(problem.split()),))
    line = f"{type(error).__name__}: {error}; this is a bug in dmi_sim, please report it"
    return _Failure(BUG, "bug", (line,))


def _json_text(data: Mapping[str, Any]) -> str:
    return json.dumps(_plain(data), indent=2, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    """A JSON form, for the types of numpy, pydantic and pathlib too; NaN and infinity are null."""
    if isinstance(value, str | int | None):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    for method in ("model_dump", "tolist", "isoformat"):
        if hasattr(value, method):
            return _plain(getattr(value, method)())
    return str(value)


@contextmanager
def private_stdout() -> Generator[TextIO]:
    """The real stdout, while everybody else who prints to stdout reaches stderr.

    Yields:
        A text stream that leads to where descriptor 1 led before.
    """
    sys.stdout.flush()
    real = os.dup(1)
    python_stdout, sys.stdout = sys.stdout, sys.stderr
    os.dup2(2, 1)
    try:
        with os.fdopen(os.dup(real), "w", encoding="utf-8") as stream:
            yield stream
    finally:
        os.dup2(real, 1)
        os.close(real)
        sys.stdout = python_stdout
