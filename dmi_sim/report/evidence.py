"""What a run rests on: every assumed number in the files that it used, and the literature."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import cast

from dmi_sim.catalog import Catalog, parse_yaml
from dmi_sim.hashed_files import sha256
from dmi_sim.report.tables import RunTables
from dmi_sim.spec.references import Reference, References

_LONG = 6
"""Lists of more values are cut in the middle."""


@dataclass(frozen=True)
class Value:
    """A number of the model and how well it is known.

    Attributes:
        place: Dotted path in its file.
        value: As it is written there.
        unit: As it is written there.
        basis: ``measured``, ``scaled`` or ``assumed``.
        source: Key of a reference; empty without one.
        note: Reason or page.
    """

    place: str
    value: str
    unit: str
    basis: str
    source: str
    note: str


@dataclass(frozen=True)
class Evidence:
    """What a run rests on.

    Attributes:
        assumed: Assumed values by file.
        counts: How many values are measured, scaled and assumed.
        references: Works that the values name, by key.
        not_as_run: Files that are no longer here, or no longer what the run used.
    """

    assumed: dict[str, tuple[Value, ...]]
    counts: dict[str, int]
    references: dict[str, Reference]
    not_as_run: tuple[str, ...]


def evidence(run: RunTables, catalog: Catalog) -> Evidence:
    """What the numbers of a run rest on, as far as its files are still what they were.

    Args:
        run: The run; its manifest names the files with their hashes.
        catalog: Where the files are.
    """
    files = {path: digest for path, digest in run.manifest.sources.items() if _counts(path, run)}
    there = {path for path, digest in files.items() if _unchanged(catalog, path, digest)}
    values = {path: _values_of(catalog, path) for path in sorted(there)}
    every = [value for found in values.values() for value in found]
    known = catalog.load(References, "references").references
    keys = {value.source for value in every} | {key for p in there for key in _cited(catalog, p)}
    return Evidence(
        assumed={
            path: assumed
            for path, found in values.items()
            if (assumed := tuple(value for value in found if value.basis == "assumed"))
        },
        counts=dict(Counter(value.basis for value in every)),
        references={key: known[key] for key in sorted(keys) if key in known},
        not_as_run=tuple(sorted(files.keys() - there)),
    )


def _counts(path: str, run: RunTables) -> bool:
    """Whether a file decided the run: of the holds, only those in which some arm practised."""
    place = PurePosixPath(path)
    held = {arm.support for arm in run.manifest.spec.arms.values()}
    return place.parts[:2] != ("models", "supports") or place.stem in held


def _unchanged(catalog: Catalog, path: str, digest: str) -> bool:
    file = catalog.locate(path)
    return file.is_file() and sha256(file) == digest


def _values_of(catalog: Catalog, path: str) -> tuple[Value, ...]:
    if not path.endswith(".yaml"):
        return ()
    text = catalog.locate(path).read_text(encoding="utf-8")
    return tuple(_values(parse_yaml(text, path), ""))


def _values(part: object, place: str) -> Iterator[Value]:
    """Every mapping with a ``basis``, at any depth."""
    if isinstance(part, dict):
        inside = cast("dict[str, object]", part)
        if "basis" in inside:
            yield _value(inside, place)
            return
        for name, inner in inside.items():
            yield from _values(inner, f"{place}.{name}" if place else str(name))
    elif isinstance(part, list):
        for number, inner in enumerate(cast("list[object]", part)):
            yield from _values(inner, f"{place}.{number}")


def _value(quantity: Mapping[str, object], place: str) -> Value:
    return Value(
        place=place,
        value=_written(quantity.get("value")),
        unit=str(quantity.get("unit", "")),
        basis=str(quantity["basis"]),
        source=str(quantity.get("source") or ""),
        note=str(quantity.get("note") or ""),
    )


def _written(value: object) -> str:
    if not isinstance(value, list):
        return f"{value:g}" if isinstance(value, float) else str(value)
    parts = [_written(part) for part in cast("list[object]", value)]
    if len(parts) > _LONG:
        parts = [*parts[:3], f"... {len(parts) - 4} more ...", parts[-1]]
    return ", ".join(parts)


def _cited(catalog: Catalog, path: str) -> Iterator[str]:
    """Works that a table names in its comment lines ``# source: key, key``."""
    if not path.endswith(".csv"):
        return
    for line in catalog.locate(path).read_text(encoding="utf-8").splitlines():
        if line.lower().startswith("# source:"):
            yield from (key.strip() for key in line.partition(":")[2].split(","))
