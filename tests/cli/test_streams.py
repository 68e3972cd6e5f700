"""Standard streams as shells, services and pipes leave them: closed, full, or read by nobody."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = f"{sys.executable} -m dmi_sim"


def shell(command: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The end of a shell command in which ``dmi-sim`` is this package."""
    search = os.pathsep.join(sys.path)
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command.replace("dmi-sim", PYTHON)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": search, **more},
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize(
    "command",
    [
        "dmi-sim list | head -1",
        "dmi-sim list --json | true",
        "dmi-sim list 2>&1 | head -1",
        "dmi-sim list >&-",
        "dmi-sim list 2>&-",
        "dmi-sim list 2>/dev/full",
        "dmi-sim list <&- >&- 2>&-",
        "dmi-sim --help | head -1",
    ],
)
def test_a_reader_that_has_read_enough_is_no_error(command: str) -> None:
    done = shell(command)
    assert done.returncode == 0
    assert done.stderr == ""


@pytest.mark.parametrize("command", ["list", "list --json", "list --help", "--help"])
def test_an_answer_that_cannot_be_kept_ends_in_one_line_with_a_remedy(command: str) -> None:
    done = shell(f"dmi-sim {command} >/dev/full")
    assert done.returncode == 4
    assert done.stderr.splitlines() == [
        "dmi-sim: No space left on device: make room on that disk, or choose another folder"
    ]


@cache
def usual_card() -> str:
    return shell("dmi-sim card typical").stdout


@pytest.mark.parametrize(
    "locale",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"LC_ALL": "no_SUCH.locale"},
        {"PYTHONIOENCODING": "ascii"},
    ],
)
def test_the_answer_is_the_same_in_every_locale(locale: dict[str, str]) -> None:
    done = shell("dmi-sim card typical", **locale)
    assert (done.returncode, done.stdout) == (0, usual_card())
