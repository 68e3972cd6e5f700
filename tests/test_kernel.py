"""Compiled kernels are cached under a hash of all their sources, wherever a machine allows it."""

import re
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dmi_sim.kernel import FOLDERS, cache_folder, cache_places, is_hashed, kernel
from dmi_sim.muscle.curves import active_length_factor


def package(folder: Path, text: str) -> Path:
    """A package with one source in each folder that holds kernels."""
    for name in FOLDERS:
        (folder / name).mkdir(parents=True)
        (folder / name / "force.py").write_text(text if name == "muscle" else "")
    return folder


def folder_of(package: Path, given: str = "") -> Path:
    folder = cache_folder(package, given)
    assert folder is not None
    return folder


def test_a_change_in_any_source_changes_the_cache_folder(tmp_path: Path) -> None:
    old, same, new = (
        folder_of(package(tmp_path / name, text)).name
        for name, text in (("a", "k = 1"), ("b", "k = 1"), ("c", "k = 2"))
    )
    assert old == same
    assert old != new


def test_the_cache_folder_of_the_user_is_respected(tmp_path: Path) -> None:
    folder = folder_of(package(tmp_path / "a", ""), str(tmp_path / "mine"))
    assert folder.parent == tmp_path / "mine"


def test_compiled_kernels_are_cached_there() -> None:
    folder = Path(active_length_factor.stats.cache_path)  # type: ignore[attr-defined]
    assert folder.parent.name.startswith("kernels-")


def test_a_kernel_returns_what_its_function_returns() -> None:
    @kernel
    def doubled(values: np.ndarray) -> float:
        return 2.0 * float(values.sum())

    assert doubled(np.ones(3)) == 6.0


PACKAGE = Path(kernel.__code__.co_filename).parent


def test_every_kernel_of_the_package_lives_in_a_folder_whose_files_are_hashed() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    files = [path for path, text in texts.items() if re.search(r"^@kernel", text, re.MULTILINE)]
    assert len(files) > 5
    assert {path.parent.relative_to(PACKAGE).as_posix() for path in files} <= set(FOLDERS)


def test_a_kernel_of_another_file_never_runs_stale_code() -> None:
    @kernel
    def halved(x: float) -> float:
        return x / 2

    assert halved(3.0) == 1.5
    assert not is_hashed(test_a_kernel_of_another_file_never_runs_stale_code, PACKAGE)
    cached: Any = halved
    assert not cached.stats.cache_hits
    assert cached.stats.cache_path is None


def test_where_the_package_cannot_be_written_the_cache_goes_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    blocked = package(tmp_path / "a", "")
    (blocked / "__pycache__").touch()  # a file where a folder is needed: no right helps, not root's
    assert folder_of(blocked, str(blocked / "__pycache__")).parent == tmp_path / "cache/dmi_sim"


def test_a_user_whom_the_machine_does_not_know_has_a_cache_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", unknown)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    *_, last = cache_places(tmp_path / "package")
    assert last.parent == tmp_path
    assert last.stat().st_mode & 0o777 == 0o700


def test_where_nothing_can_be_written_there_is_no_cache_and_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = package(tmp_path / "a", "")
    (blocked / "__pycache__").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked / "__pycache__"))
    monkeypatch.setattr(tempfile, "tempdir", str(blocked / "__pycache__"))
    assert cache_folder(blocked, str(blocked / "__pycache__")) is None


def test_a_cache_that_can_be_neither_read_nor_written_does_not_stop_a_kernel(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caching: Any = pytest.importorskip("numba.core.caching")

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    for step in ("load", "save"):
        monkeypatch.setattr(caching.IndexDataCacheFile, step, full)
    plain: Any = active_length_factor
    anew = kernel(plain.py_func)
    assert anew(1.0) == active_length_factor(1.0)
