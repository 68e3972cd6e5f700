"""Kernels are compiled once for a machine, wherever it lets a cache be, and old caches go."""

import errno
import fcntl
import os
import threading
import time
from pathlib import Path

import pytest

from dmi_sim.rollout import compilation
from dmi_sim.rollout.compilation import (
    KEPT_CACHES,
    KEPT_S,
    compile_before_workers,
    compile_kernels,
    is_whole,
    remove_old_caches,
)

DAY_S = 24 * 3600.0


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder that stands in for that of the package."""
    folder = tmp_path / f"kernels-{'0' * 16}"
    folder.mkdir()
    monkeypatch.setattr(compilation, "kernel_cache", lambda: folder)
    return folder


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows by one each time that kernels are compiled, which takes a moment."""
    made = list[str]()

    def call() -> None:
        time.sleep(0.2)
        made.append("compiled")

    monkeypatch.setattr(compilation, "call_kernels", call)
    return made


def test_kernels_are_compiled_once(cache: Path, calls: list[str]) -> None:
    assert not is_whole(cache)
    compile_kernels()
    compile_kernels()
    assert is_whole(cache)
    assert len(calls) == 1


def test_who_comes_while_another_compiles_waits_and_finds_all(
    cache: Path, calls: list[str]
) -> None:
    both = [threading.Thread(target=compile_kernels) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(calls) == 1


def test_who_dies_while_it_compiles_leaves_the_work_to_the_next(
    cache: Path, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(compilation, "call_kernels", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            compile_kernels()
    assert not is_whole(cache)
    compile_kernels()
    assert is_whole(cache)


def test_a_file_system_without_locks_is_no_obstacle(
    cache: Path, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    compile_kernels()
    assert is_whole(cache)


def test_nobody_waits_forever(
    cache: Path, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compilation, "LONGEST_WAIT_S", 0.1)
    with (cache / "lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        compile_kernels()
    assert len(calls) == 1


def test_where_nothing_can_be_cached_workers_compile_for_themselves(
    calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compilation, "kernel_cache", lambda: None)
    compile_kernels()
    compile_before_workers(lambda: calls.append("begins"))
    assert not calls


def test_a_whole_cache_starts_no_process(
    cache: Path, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    compile_kernels()
    monkeypatch.setattr(compilation, "get_context", lambda _: 1 / 0)
    compile_before_workers(lambda: calls.append("begins"))
    assert calls == ["compiled"]


def test_a_source_that_is_newer_than_the_cache_is_compiled_again(
    cache: Path, calls: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "force.py"
    source.touch()
    monkeypatch.setattr(compilation, "kernel_sources", lambda: [source])
    compile_kernels()
    assert is_whole(cache)
    os.utime(source, (0, 0))
    assert not is_whole(cache)


def test_a_mark_without_compilation_does_not_count_with_it(
    cache: Path, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("numba.config.DISABLE_JIT", True)
        compile_kernels()
    assert not is_whole(cache)


def caches(folder: Path, *ages_days: float) -> list[Path]:
    """Caches of earlier sources, last used so long ago."""
    made = [folder / f"kernels-{number:016x}" for number in range(1, len(ages_days) + 1)]
    for cache, age in zip(made, ages_days, strict=True):
        (cache / "body").mkdir(parents=True)
        (cache / "body/rotation.nbi").touch()
        used_s = time.time() - age * DAY_S
        os.utime(cache, (used_s, used_s))
    return made


def test_of_earlier_caches_the_newest_are_kept(cache: Path) -> None:
    ages = [float(age) for age in range(10, 10 + KEPT_CACHES + 2)]
    made = caches(cache.parent, *ages)
    remove_old_caches(cache)
    assert [one for one in made if one.exists()] == made[:KEPT_CACHES]
    assert cache.exists()


def test_a_cache_that_was_used_lately_is_kept_however_many_there_are(cache: Path) -> None:
    lately = KEPT_S / DAY_S - 0.1
    made = caches(cache.parent, *[lately] * (KEPT_CACHES + 3))
    remove_old_caches(cache)
    assert all(one.exists() for one in made)


def test_nothing_but_caches_is_removed(cache: Path, tmp_path: Path) -> None:
    caches(cache.parent, *[30.0] * KEPT_CACHES)
    foreign = [cache.parent / name for name in ("kernels-mine", "kernels-123", "doctor.pyc")]
    for one in foreign:
        one.mkdir()
        os.utime(one, (0, 0))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    os.utime(elsewhere, (0, 0))
    link = cache.parent / f"kernels-{'f' * 16}"
    link.symlink_to(elsewhere)
    remove_old_caches(cache)
    assert all(one.exists() for one in (*foreign, elsewhere, link))
