"""The files that a cell rests on, with their hashes."""

from pathlib import Path

from dmi_sim.catalog import Catalog
from dmi_sim.provenance import file_sha256, fingerprint, plugin_sources
from dmi_sim.spec.exercise import ExerciseSpec

_DATA_SUFFIXES = {".yaml", ".yml", ".csv"}


def data_sha256(exercise: str, condition: str, catalog: Catalog) -> str:
    """One hash over all files of :func:`sources`."""
    return fingerprint(sources(exercise, condition, catalog))


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
    paths = {
        path.relative_to(root)
        for root in catalog.roots
        for path in (root / "models").rglob("*")
        if path.suffix in _DATA_SUFFIXES
    }
    used = [path for path in paths if _describes_infant(path, condition)]
    used.append(Path(ExerciseSpec.folder, catalog.path(ExerciseSpec, exercise).name))
    files = {path.as_posix(): file_sha256(catalog.locate(path)) for path in sorted(used)}
    return files | plugin_sources()


def _describes_infant(path: Path, condition: str) -> bool:
    """Whether a file in ``models`` can change an infant of a condition or its support."""
    if path.parts[1] == "conditions":
        return path.stem == condition
    return path.parts[1] not in {"assessments", "policies", "references.yaml"}
