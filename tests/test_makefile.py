"""The Makefile in a folder whose path has spaces, as real ones have; programs are stood in for."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROGRAMS = (
    "python", "dmi-sim", "pytest", "ruff", "codespell", "pyright", "lint-imports", "mkdocs",
    "hatchling",
)  # fmt: skip
NOTE = '#!/bin/sh\nfor word in "$(basename "$0")" "$@"; do echo "$word" >> calls; done\n'
WHEEL = "dist/dmi_sim-0.1.0-py3-none-any.whl"

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with a wheel and an environment whose programs only note how they are called."""
    folder = tmp_path / "my infants (copy)"
    programs = folder / ".venv/bin"
    programs.mkdir(parents=True)
    for name in PROGRAMS:
        (programs / name).write_text(NOTE)
        (programs / name).chmod(0o755)
    (folder / "dist").mkdir()
    (folder / WHEEL).touch()
    for name in ("dmi_sim", "models", "envs", "experiments", "tests", "docs"):
        (folder / name).mkdir()
    (folder / "docs/record_films.py").touch()
    for name in ("Makefile", "pyproject.toml", "constraints.txt", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    stamps = (".stamp-python", ".stamp-build", ".stamp-browser")
    for stamp in (*(f".venv/{one}" for one in stamps), "dist/.stamp-wheel"):
        (folder / stamp).touch()
    return folder


def made(folder: Path, target: str) -> list[str]:
    """Every word that the programs were called with."""
    env = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    done = subprocess.run(
        ["make", target], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return (folder / "calls").read_text().splitlines()


@needs_make
@pytest.mark.parametrize("target", ["study", "install", "test", "check", "docs", "films", "bench"])
def test_every_target_works_in_a_folder_with_spaces(target: str, checkout: Path) -> None:
    words = made(checkout, target)
    assert WHEEL in words
    named = [word.partition("[")[0] for word in words if "/" in word]
    assert {word for word in named if not (checkout / word).exists()} <= {".venv/bin/python"}


@needs_make
def test_tools_come_with_the_wheel_that_was_built(checkout: Path) -> None:
    installed = [word for word in made(checkout, "test") if word.startswith(f"{WHEEL}[")]
    extras = [set(word.partition("[")[2].rstrip("]").split(",")) for word in installed]
    assert any({"dev", "docs"} <= one for one in extras)


@needs_make
def test_another_python_is_named_by_a_path_with_spaces(checkout: Path) -> None:
    shutil.rmtree(checkout / ".venv")
    other = checkout / "other python"
    other.write_text("#!/bin/sh\necho 3.12\n")
    other.chmod(0o755)
    done = subprocess.run(
        ["make", ".venv/.stamp-python", f"PYTHON={other}"],
        cwd=checkout, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "is 3.12" in done.stderr


@needs_make
@pytest.mark.parametrize(("user", "is_installed"), [("0", True), ("1000", False)])
def test_a_browser_is_installed_where_it_is_missing_and_can_be_had(
    user: str, is_installed: bool, checkout: Path
) -> None:
    (checkout / ".venv/.stamp-browser").unlink()
    programs = checkout / "programs"
    programs.mkdir()
    for name in ("make", "sh", "touch", "timeout", "uname", "find", "basename"):
        (programs / name).symlink_to(shutil.which(name) or name)
    for name, text in {"apt-get": NOTE, "id": f"#!/bin/sh\necho {user}\n"}.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    done = subprocess.run(
        ["make", ".venv/.stamp-browser"],
        cwd=checkout, env={"PATH": str(programs)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    calls = checkout / "calls"
    words = calls.read_text().splitlines() if calls.exists() else []
    assert ("chromium" in words) == is_installed
    assert ("skipped" in done.stderr) == (not is_installed)
