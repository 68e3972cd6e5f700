"""On a machine that has never run the physics, workers find every kernel compiled."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.env.actions import ACTION_MODES
from dmi_sim.names import conditions, environment_id, exercises
from dmi_sim.rollout.environment import make_environment
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.study.executors.base import ExecutorConfig
from dmi_sim.study.plan import Cell
from dmi_sim.study.progress import OnCell
from tests.processes import ROOT, knowing_tests
from tests.study.executors.tasks import run_all, tasks_in
from tests.study.fake_cells import quick_cell

pytestmark = pytest.mark.slow  # compiles everything, which takes a quarter of a minute


def anew(cache: Path, function: str, argument: Path) -> str:
    """What a function of this file prints in a new process with a cache of its own."""
    code = f"import pathlib, {__name__} as it; it.{function}(pathlib.Path({str(argument)!r}))"
    code = knowing_tests(code)
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "NUMBA_CACHE_DIR": str(cache)},
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=300,
    )
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of two workers that began with an empty cache."""
    folder = tmp_path_factory.mktemp("compiled")
    anew(folder / "cache", "study", folder / "study")
    return folder


def study(folder: Path) -> None:
    """Run a tiny study with two workers."""
    run_all(tasks_in(folder), moving_cell, ExecutorConfig("process", workers=2, retries=0))


def moving_cell(cell: Cell, folder: Path, on_cell: OnCell) -> Path:
    """Let an infant move in hands, and write which kernels this process had to compile."""
    move("sitting", "typical", "posture")
    report = {"process": os.getpid(), "compiled": sorted(compiled_here())}
    (folder.parent / f"{cell.key}.json").write_text(json.dumps(report))
    return quick_cell(cell, folder, on_cell)


def everything(folder: Path) -> None:
    """Move in all ways that are registered, and write which kernels that had to compile."""
    for exercise in exercises():
        for mode in ACTION_MODES:
            move(exercise, "typical", mode)
    for condition in conditions():
        move("sitting", condition, "posture")
    folder.write_text(json.dumps(sorted(compiled_here())))


def move(exercise: str, condition: str, mode: str) -> None:
    """Take a control step in all hands that an exercise offers."""
    env = make_environment(environment_id(exercise), {"condition": condition, "action_mode": mode})
    for support in Catalog.shipped().load(ExerciseSpec, exercise).supports:
        env.reset(seed=0, options={"support": support})
        env.step(env.action_space.sample())
    env.close()


def kernels() -> Iterator[tuple[str, Any]]:
    """All kernels of the package, by name."""
    modules = [module for name, module in sys.modules.items() if name.startswith("dmi_sim.")]
    for module in modules:
        for name, thing in vars(module).items():
            if hasattr(thing, "py_func"):
                yield f"{module.__name__}.{name}", thing


def compiled_here() -> set[str]:
    """Kernels that this process did not find in the cache."""
    found = dict(kernels())
    assert len(found) > 40
    return {name for name, kernel in found.items() if kernel.stats.cache_misses}


def test_two_workers_compile_nothing(folder: Path) -> None:
    reports = [json.loads(one.read_text()) for one in (folder / "study/cells").glob("*.json")]
    assert len({report["process"] for report in reports}) == 2
    assert [report["compiled"] for report in reports] == [[]] * len(reports)


def test_whatever_is_registered_finds_its_kernels_in_the_cache(folder: Path) -> None:
    anew(folder / "cache", "everything", folder / "compiled.json")
    assert json.loads((folder / "compiled.json").read_text()) == []
