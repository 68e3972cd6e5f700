"""Every command keeps stdout clean, prints one JSON object and has a meaningful exit code."""

import ctypes
import errno
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import typer

from dmi_sim.cli.console import SILENCE_S, CommandResult, command, private_stdout
from dmi_sim.errors import REMEDIES, InputError, MachineProblem


def run(work: Callable[..., CommandResult], **options: object) -> int:
    with pytest.raises(typer.Exit) as ended:
        command(work)(**options)
    return ended.value.exit_code


def raising(error: BaseException) -> Callable[[], CommandResult]:
    def work() -> CommandResult:
        raise error

    return work


def chatty() -> CommandResult:
    """Print on stdout through Python and through file descriptor 1."""
    libc = ctypes.CDLL(None)
    libc.printf(b"from C\n")
    libc.fflush(None)
    print("from Python")  # noqa: T201
    return CommandResult("for people", {"answer": 42})


def test_a_person_reads_the_text(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(lambda: CommandResult("for people")) == 0
    assert capfd.readouterr().out == "for people\n"


def test_json_is_all_there_is_on_stdout_whatever_libraries_print(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert run(chatty, json=True) == 0
    out, err = capfd.readouterr()
    assert json.loads(out) == {"answer": 42}
    assert "from C" in err
    assert "from Python" in err


def test_stdout_is_restored_afterwards(capfd: pytest.CaptureFixture[str]) -> None:
    with private_stdout():
        pass
    print("again")  # noqa: T201
    assert capfd.readouterr().out == "again\n"


def test_values_of_numpy_and_paths_become_json(capfd: pytest.CaptureFixture[str]) -> None:
    data = {
        "a": np.float32(1.5),
        "b": np.arange(2),
        "c": Path("x"),
        "d": (np.nan, np.inf),
        "e": {1},
    }
    assert run(lambda: CommandResult("", data), json=True) == 0
    assert json.loads(capfd.readouterr().out) == {
        "a": 1.5, "b": [0, 1], "c": "x", "d": [None, None], "e": "{1}"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("error", "code", "kind"),
    [
        (InputError("a.yaml: x: unknown key"), 2, "input"),
        (MachineProblem("no ray"), 4, "environment"),
        (PermissionError(errno.EACCES, "Permission denied", "runs"), 4, "environment"),
        *((OSError(number, "says no", "runs"), 4, "environment") for number in REMEDIES),
        (OSError(errno.EXDEV, "of another kind"), 4, "environment"),
        (MemoryError(), 4, "environment"),
        (RuntimeError("can't start new thread"), 4, "environment"),
        (RuntimeError("Could not determine home directory."), 4, "environment"),
        (ImportError("libGL.so.1: cannot open shared object file", name="cv2"), 4, "environment"),
        (RuntimeError("oh"), 1, "bug"),
        (ImportError("cannot import name", name="dmi_sim.body"), 1, "bug"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (ZeroDivisionError("oh"), 1, "bug"),
    ],
)
def test_an_error_has_its_exit_code_and_a_message(
    error: BaseException, code: int, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(raising(error), json=True) == code
    out, err = capfd.readouterr()
    assert json.loads(out)["error"] == kind
    assert err.splitlines()[-1].startswith("dmi-sim: ")
    assert ("Traceback" in err) == (kind == "bug")
    if kind == "environment":
        assert len(err.splitlines()) == 1
        assert "bug" not in err


def test_every_problem_has_its_line(capfd: pytest.CaptureFixture[str]) -> None:
    run(raising(InputError("first", "second")))
    assert capfd.readouterr().err == "dmi-sim: first\ndmi-sim: second\n"


def test_debug_shows_the_traceback_of_a_users_error(capfd: pytest.CaptureFixture[str]) -> None:
    run(raising(InputError("first")), debug=True)
    assert "Traceback" in capfd.readouterr().err


def test_a_result_may_carry_the_exit_code_of_failed_cells() -> None:
    assert run(lambda: CommandResult("", exit_code=3)) == 3


def test_a_command_that_takes_long_says_so_within_a_second(
    capfd: pytest.CaptureFixture[str],
) -> None:
    seen: list[str] = []

    def slow() -> CommandResult:
        time.sleep(SILENCE_S + 0.3)
        seen.append(capfd.readouterr().err)
        return CommandResult("done")

    with pytest.raises(typer.Exit):
        command(slow, is_long=True)()
    assert seen[0].startswith("dmi-sim slow: at work")
    assert SILENCE_S < 1


def test_a_command_that_ends_at_once_says_nothing_but_its_answer(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(typer.Exit):
        command(raising(InputError("wrong")), is_long=True)()
    time.sleep(SILENCE_S + 0.1)
    assert capfd.readouterr().err == "dmi-sim: wrong\n"


def test_an_examination_says_that_it_works_before_anything_else() -> None:
    done = subprocess.Popen(
        [sys.executable, "-m", "dmi_sim", "examine", "--age", "1"],
        cwd=Path(__file__).parents[2], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert done.stderr is not None
    first = done.stderr.readline()
    done.kill()
    done.wait()
    done.stderr.close()
    assert first.startswith("dmi-sim examine: at work")
