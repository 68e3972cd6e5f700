"""The files that a cell rests on, with their hashes."""

from collections.abc import Callable, Iterable
from pathlib import Path

from dmi_sim.catalog import Catalog
from dmi_sim.env.registration import exercises_of_the_infant
from dmi_sim.provenance import file_sha256, fingerprint, plugin_sources
from dmi_sim.spec.exercise import ExerciseSpec

_DATA_SUFFIXES = {".yaml", ".yml", ".csv"}
_PROGRESS = ("assessments", "progress")
"""Folder below ``models`` of what says how a child is assessed."""


def data_sha256(exercise: str, condition: str, catalog: Catalog) -> str:
    """One hash over all files of :func:`sources`."""
    return fingerprint(sources(exercise, condition, catalog))


def child_data_sha256(condition: str, catalog: Catalog) -> str:
    """One hash over all files of :func:`child_sources`."""
    return fingerprint(child_sources(condition, catalog))


def sources(exercise: str, condition: str, catalog: Catalog) -> dict[str, str]:
    """The files that describe one kind of infant and its exercise, with their hashes.

    All files of ``models`` in all folders of the catalog count, a researcher's own ones too, except
    other conditions, assessments, trained policies and the bibliography. So does the source of
    every installed plug-in, whose terms an exercise may use.

    Args:
        exercise: Stem of the file in ``envs``.
        condition: Stem of the file in ``models/conditions``.
        catalog: Source of the files.

    Returns:
        SHA-256 by path from the root of the catalog, sorted by path, and by plug-in.
    """
    return _hashes(
        lambda path: _describes_infant(path, condition), _exercises([exercise], catalog), catalog
    )


def child_sources(condition: str, catalog: Catalog) -> dict[str, str]:
    """The files that describe children of a condition and all that they may do, with their hashes.

    As :func:`sources`, but with all exercises of the common repertoire, and with what says how a
    child is assessed; programmes do not count, since each cell holds its own.

    Args:
        condition: Stem of the file in ``models/conditions``.
        catalog: Source of the files.
    """

    def counts(path: Path) -> bool:
        is_assessment = path.parts[1:3] == _PROGRESS
        is_programme = path.parts[1] == "programmes"
        return is_assessment or (_describes_infant(path, condition) and not is_programme)

    return _hashes(counts, _exercises(exercises_of_the_infant(catalog), catalog), catalog)


def _hashes(
    counts: Callable[[Path], bool], exercises: Iterable[Path], catalog: Catalog
) -> dict[str, str]:
    paths = {
        path.relative_to(root)
        for root in catalog.roots
        for path in (root / "models").rglob("*")
        if path.suffix in _DATA_SUFFIXES
    }
    used = [*filter(counts, paths), *exercises]
    files = {path.as_posix(): file_sha256(catalog.locate(path)) for path in sorted(used)}
    return files | plugin_sources()


def _exercises(names: Iterable[str], catalog: Catalog) -> tuple[Path, ...]:
    folder = ExerciseSpec.folder
    return tuple(Path(folder, catalog.path(ExerciseSpec, name).name) for name in names)


def _describes_infant(path: Path, condition: str) -> bool:
    """Whether a file in ``models`` can change an infant of a condition or its support."""
    if path.parts[1] == "conditions":
        return path.stem == condition
    return path.parts[1] not in {"assessments", "policies", "references.yaml"}
