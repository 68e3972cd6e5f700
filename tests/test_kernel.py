"""Compiled kernels are cached under a hash of all their sources."""

from pathlib import Path

import numpy as np

from dmi_sim.kernel import FOLDERS, cache_folder, kernel
from dmi_sim.muscle.curves import active_length_factor


def package(folder: Path, text: str) -> Path:
    """A package with one source in each folder that holds kernels."""
    for name in FOLDERS:
        (folder / name).mkdir(parents=True)
        (folder / name / "force.py").write_text(text if name == "muscle" else "")
    return folder


def test_a_change_in_any_source_changes_the_cache_folder(tmp_path: Path) -> None:
    old, same, new = (
        cache_folder(package(tmp_path / name, text)).name
        for name, text in (("a", "k = 1"), ("b", "k = 1"), ("c", "k = 2"))
    )
    assert old == same
    assert old != new


def test_the_cache_folder_of_the_user_is_respected(tmp_path: Path) -> None:
    folder = cache_folder(package(tmp_path / "a", ""), str(tmp_path / "mine"))
    assert folder.parent == tmp_path / "mine"


def test_compiled_kernels_are_cached_there() -> None:
    folder = Path(active_length_factor.stats.cache_path)  # type: ignore[attr-defined]
    assert folder.parent.name.startswith("kernels-")


def test_a_kernel_returns_what_its_function_returns() -> None:
    @kernel
    def doubled(values: np.ndarray) -> float:
        return 2.0 * float(values.sum())

    assert doubled(np.ones(3)) == 6.0
