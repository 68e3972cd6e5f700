"""Compiled kernels are kept under the text of all sources, so that no old physics goes on."""

from pathlib import Path

import numpy as np

from dmi_sim.kernel import FOLDERS, cache_folder, kernel
from dmi_sim.muscle.curves import active_length_factor


def package(folder: Path, text: str) -> Path:
    """A package with one source in each folder that holds kernels."""
    for name in FOLDERS:
        (folder / name).mkdir(parents=True)
        (folder / name / "law.py").write_text(text if name == "muscle" else "")
    return folder


def test_a_change_in_any_source_moves_the_cache(tmp_path: Path) -> None:
    old, same, new = (
        cache_folder(package(tmp_path / name, text)).name
        for name, text in (("a", "k = 1"), ("b", "k = 1"), ("c", "k = 2"))
    )
    assert old == same
    assert old != new


def test_the_users_own_folder_is_kept(tmp_path: Path) -> None:
    folder = cache_folder(package(tmp_path / "a", ""), str(tmp_path / "mine"))
    assert folder.parent == tmp_path / "mine"


def test_kernels_are_kept_there() -> None:
    place = Path(active_length_factor.stats.cache_path)  # type: ignore[attr-defined]
    assert place.parent.name.startswith("kernels-")


def test_a_kernel_gives_what_its_function_gives() -> None:
    @kernel
    def doubled(values: np.ndarray) -> float:
        return 2.0 * float(values.sum())

    assert doubled(np.ones(3)) == 6.0
