"""The evidence behind a run: the assumed numbers in the files that it used, and references."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import cast

from dmi_sim.catalog import Catalog, parse_yaml
from dmi_sim.paths import YAML_SUFFIXES
from dmi_sim.provenance import file_sha256
from dmi_sim.report.support_words import arm_schedule
from dmi_sim.report.tables import RunTables
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.references import Reference, References
from dmi_sim.spec.study import StudySpec

_MAX_VALUES = 6
"""Length above which a list of values is cut in the middle."""


@dataclass(frozen=True)
class ModelValue:
    """A number of the model and how well it is known.

    Attributes:
        key: Dotted key in its file.
        value: The number as its file has it.
        unit: The unit as its file has it.
        basis: ``measured``, ``scaled`` or ``assumed``.
        source: Key of a reference; empty without one.
        note: Reason or page.
    """

    key: str
    value: str
    unit: str
    basis: str
    source: str
    note: str


@dataclass(frozen=True)
class Evidence:
    """The evidence behind the numbers of a run.

    Attributes:
        assumed: Assumed values by file.
        counts: Number of measured, scaled and assumed values.
        references: Works that the values cite, by key.
        not_as_run: Files that are gone, or have changed since the run.
    """

    assumed: dict[str, tuple[ModelValue, ...]]
    counts: dict[str, int]
    references: dict[str, Reference]
    not_as_run: tuple[str, ...]


def evidence(run: RunTables, catalog: Catalog) -> Evidence:
    """The evidence behind the numbers of a run, from those of its files that have not changed.

    Args:
        run: The run; its manifest names the files with their hashes.
        catalog: Source of the files.
    """
    sources = run.manifest.sources
    used = used_files(sources, run.manifest.spec, catalog)
    files = {path: digest for path, digest in sources.items() if path in used}
    unchanged = {path for path, digest in files.items() if _unchanged(catalog, path, digest)}
    values = {path: _values_of(catalog, path) for path in sorted(unchanged)}
    model_values = [value for found in values.values() for value in found]
    known = catalog.load(References, "references").references
    cited = {value.source for value in model_values}
    cited |= {key for path in unchanged for key in _cited(catalog, path)}
    return Evidence(
        assumed={
            path: assumed
            for path, found in values.items()
            if (assumed := tuple(value for value in found if value.basis == "assumed"))
        },
        counts=dict(Counter(value.basis for value in model_values)),
        references={key: known[key] for key in sorted(cited) if key in known},
        not_as_run=tuple(sorted(files.keys() - unchanged)),
    )


def used_files(paths: Iterable[str], study: StudySpec, catalog: Catalog) -> frozenset[str]:
    """Those files of a run that its study used, out of all on which its cells were made to depend.

    Of the supports, those of practice and tests count; a cohort if bodies were drawn from it; a
    table if a file that counts names it.

    Args:
        paths: Paths of the files, from the root of the catalog.
        study: The study as it ran.
        catalog: Source of the files.
    """
    specs = [path for path in paths if _is_used_spec(PurePosixPath(path), study, catalog)]
    texts = [_text(catalog, path) for path in specs]
    tables = (path for path in paths if path.endswith(".csv"))
    return frozenset((*specs, *(path for path in tables if any(path in text for text in texts))))


def _is_used_spec(path: PurePosixPath, study: StudySpec, catalog: Catalog) -> bool:
    if path.suffix == ".csv":
        return False
    match path.parts[:2]:
        case ("models", "supports"):
            return path.stem in _supports_of(study, catalog)
        case ("models", "cohorts"):
            return study.subjects == "cohort"
        case _:
            return True


def _supports_of(study: StudySpec, catalog: Catalog) -> set[str]:
    """The supports of practice and of tests, also those that a schedule goes through."""
    arms = study.arms.values()
    named = {arm.support for arm in arms if isinstance(arm.support, str)}
    practised = named | {site for arm in arms for site in arm_schedule(arm, catalog).site}
    tested = (
        catalog.load(ExerciseSpec, name).supports[-1]
        for name in (study.exercise, *study.test.transfer)
        if name in catalog.names(ExerciseSpec)
    )
    return practised | {*(study.test.supports or tested)}


def _text(catalog: Catalog, path: str) -> str:
    """The text of a file; empty if it is gone."""
    file = catalog.locate(path)
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def _unchanged(catalog: Catalog, path: str, digest: str) -> bool:
    file = catalog.locate(path)
    return file.is_file() and file_sha256(file) == digest


def _values_of(catalog: Catalog, path: str) -> tuple[ModelValue, ...]:
    if not path.endswith(YAML_SUFFIXES):
        return ()
    text = catalog.locate(path).read_text(encoding="utf-8")
    node = parse_yaml(text, path)
    return () if _holds_nothing(path, node) else tuple(_values(node, ""))


def _holds_nothing(path: str, node: object) -> bool:
    """Whether a file is of hands that hold no segment: no run rests on how firm they would be."""
    is_support = PurePosixPath(path).parent == PurePosixPath("models/supports")
    return is_support and isinstance(node, dict) and node.get("segment", "") is None


def _values(node: object, key: str) -> Iterator[ModelValue]:
    """Every mapping with a ``basis``, at any depth."""
    if isinstance(node, dict):
        mapping = cast("dict[str, object]", node)
        if "basis" in mapping:
            yield _value(mapping, key)
            return
        for name, inner in mapping.items():
            yield from _values(inner, f"{key}.{name}" if key else str(name))
    elif isinstance(node, list):
        for number, inner in enumerate(cast("list[object]", node)):
            yield from _values(inner, f"{key}.{number}")


def _value(quantity: Mapping[str, object], key: str) -> ModelValue:
    return ModelValue(
        key=key,
        value=_value_text(quantity.get("value")),
        unit=str(quantity.get("unit", "")),
        basis=str(quantity["basis"]),
        source=str(quantity.get("source") or ""),
        note=str(quantity.get("note") or ""),
    )


def _value_text(value: object) -> str:
    if not isinstance(value, list):
        return f"{value:g}" if isinstance(value, float) else str(value)
    items = [_value_text(item) for item in cast("list[object]", value)]
    if len(items) > _MAX_VALUES:
        items = [*items[:3], f"... {len(items) - 4} more ...", items[-1]]
    return ", ".join(items)


def _cited(catalog: Catalog, path: str) -> Iterator[str]:
    """Works that a table cites in its comment lines ``# source: key, key``."""
    if not path.endswith(".csv"):
        return
    for line in catalog.locate(path).read_text(encoding="utf-8").splitlines():
        if line.lower().startswith("# source:"):
            yield from (key.strip() for key in line.partition(":")[2].split(","))
