"""Whether a folder of models, exercises and studies is right as a whole.

Each file must fit its kind; each name in it must name something; each ``source`` must be in
``models/references.yaml``, and nothing stands there that no number rests on. Problems are gathered,
not raised one by one, so that a researcher can repair them in one go.
"""

import importlib
import os
import pkgutil
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pydantic import BaseModel

import dmi_sim.spec
from dmi_sim.catalog import MAX_FILE_BYTES, Catalog, parse_yaml, read_spec
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.paths import YAML_SUFFIXES
from dmi_sim.spec.base import Spec
from dmi_sim.spec.curriculum import CurriculumSpec
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.programme import ProgrammeSpec
from dmi_sim.spec.references import References
from dmi_sim.spec.repertoire import RepertoireSpec
from dmi_sim.spec.search import SearchSpec
from dmi_sim.spec.sensitivity import SensitivitySpec
from dmi_sim.spec.studies import ProgrammeStudySpec, Study, StudySpec

TOP_FOLDERS = ("models", "envs", "experiments")
_TABLE_SOURCE = re.compile(r"^#\s*source:\s*(.*)$", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True)
class CheckResult:
    """The result of a check.

    Attributes:
        files: Number of files that were read.
        problems: One line for each problem, ``file: field: reason``; empty when all is well.
        advice: What to know before a study of one's own runs, ``file: what``.
    """

    files: int
    problems: tuple[str, ...]
    advice: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Read:
    """A file that fits its kind, and its name in messages."""

    shown: str
    spec: Spec


def spec_kinds() -> tuple[type[Spec], ...]:
    """Every kind of file that a module of ``dmi_sim.spec`` defines, sorted by folder."""
    names = {module.name for module in pkgutil.iter_modules(dmi_sim.spec.__path__, "dmi_sim.spec.")}
    for name in names:
        importlib.import_module(name)
    kinds = (kind for kind in Spec.__subclasses__() if kind.__module__ in names)
    return tuple(sorted(kinds, key=lambda kind: kind.folder))


def check_shipped(catalog: Catalog) -> CheckResult:
    """Check all files of a complete catalog, and that every reference is used."""
    paths = tuple(_files(catalog.root))
    specs, problems = _read_all(paths, catalog.root)
    tables = _table_sources(catalog.root)
    known = _references(specs)
    problems += [line for read in specs for line in _against_others(read, catalog)]
    problems += [
        *_twice(paths, catalog.root),
        *_unresolved(specs, tables, known),
        *_unused(specs, tables, known),
    ]
    return CheckResult(len(paths) + len(tables), tuple(problems))


def check_own(path: Path, catalog: Catalog) -> CheckResult:
    """Check a researcher's own file or folder; names may be their own or shipped ones.

    Args:
        path: A YAML file, or a folder that holds ``models/``, ``envs/`` or ``experiments/``.
        catalog: The shipped files.

    Raises:
        InputError: If there is nothing to check at the path.
    """
    paths = (path,) if path.is_file() else tuple(_files(path))
    if not paths:
        raise InputError(f"{path}: no YAML file here, nor in {', '.join(TOP_FOLDERS)}")
    specs, problems = _read_all(paths, Path())
    joined = Catalog(path if path.is_dir() else _root(path), *catalog.roots)
    known = _references(specs) | set(catalog.load(References, "references").references)
    problems += [line for read in specs for line in _against_others(read, joined)]
    problems += [*_twice(paths, Path()), *_unresolved(specs, {}, known)]
    advice = () if problems else tuple(line for read in specs for line in _advice(read, joined))
    return CheckResult(len(paths), tuple(problems), advice)


LARGEST_FOLDER = 20_000
"""Files that a folder may hold to be looked through; a disk holds more, own models never."""


def _files(root: Path) -> Iterator[Path]:
    """The YAML files of a folder, sorted.

    Raises:
        InputError: If the folder is one of a whole disk.
    """
    tops = [root / name for name in TOP_FOLDERS if (root / name).is_dir()]
    seen = 0
    for top in tops or [root]:
        found = list[Path]()
        for folder, _, names in os.walk(top):
            seen += 1 + len(names)
            if seen > LARGEST_FOLDER:
                raise InputError(
                    f"{root}: more than {LARGEST_FOLDER} files; name a file, or the folder that "
                    f"holds your {', '.join(TOP_FOLDERS)}"
                )
            found += [Path(folder, name) for name in names if name.endswith(YAML_SUFFIXES)]
        yield from sorted(path for path in found if path.is_file())


def _root(path: Path) -> Path:
    kind = _kind(path)
    return path.resolve().parents[len(Path(kind.folder).parts) if kind else 0]


def _kind(path: Path) -> type[Spec] | None:
    """The kind of a file, from the folder it lies in."""
    folders = path.resolve().parent.parts
    for kind in spec_kinds():
        own = Path(kind.folder).parts
        if folders[-len(own) :] == own:
            return kind
    return None


def _read_all(paths: Iterable[Path], root: Path) -> tuple[list[_Read], list[str]]:
    read: list[_Read] = []
    problems: list[str] = []
    for path in paths:
        shown = _shown(path, root)
        kind = _kind(path) or _kind_by_content(path)
        try:
            if kind is None:
                folders = ", ".join(kind.folder for kind in spec_kinds())
                raise InputError(f"{shown}: must lie in one of the folders {folders}")
            read.append(_Read(shown, read_spec(kind, path, shown)))
        except InputError as error:
            problems += error.problems
    return read, problems


def _shown(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


_ANYWHERE: tuple[tuple[type[Spec], set[str]], ...] = (
    (Study, {"arms", "exercise"}),
    (Study, {"arms", "programme"}),
    (CurriculumSpec, {"practice", "exercise"}),
)
"""Kinds of files that are named by their path, and so may lie anywhere; with words that each has,
by which a folder with many other files is looked through quickly."""


def _kind_by_content(path: Path) -> type[Spec] | None:
    """The kind of a file that may lie anywhere; None for any other file outside the folders.

    It is the kind of which the file has most keys.
    """
    try:
        text = path.read_text(encoding="utf-8") if path.stat().st_size <= MAX_FILE_BYTES else ""
        is_near = any(all(word in text for word in words) for _, words in _ANYWHERE)
        data: object = parse_yaml(text, str(path)) if is_near else None
    except (InputError, OSError, UnicodeDecodeError):
        return None
    if not isinstance(data, dict):
        return None
    keys = set(cast("dict[object, object]", data))
    nearest = max(spec_kinds(), key=lambda kind: len(keys & _keys_of(kind)))
    is_free = nearest in [kind for kind, _ in _ANYWHERE]
    return nearest if is_free and keys & _keys_of(nearest) else None


def _keys_of(kind: type[Spec]) -> set[str]:
    """All keys that a file of a kind may have, in any of its forms."""
    return {key for form in kind.forms() for key in form.model_fields}


def _twice(paths: Iterable[Path], root: Path) -> Iterator[str]:
    """Names that stand under both endings in one folder, where one hides the other."""
    counts = Counter(path.with_suffix("") for path in paths)
    for stem, count in counts.items():
        if count > 1:
            endings = " and ".join(YAML_SUFFIXES)
            yield f"{_shown(stem, root)}: stands twice, as {endings}; the second is never read"


def _against_others(read: _Read, catalog: Catalog) -> Iterator[str]:
    for line in _problems(read.spec, catalog):
        yield f"{read.shown}: {line}"


def _problems(spec: Spec, catalog: Catalog) -> Iterable[str]:
    """What is wrong with a file in view of others; it is refused here as where it is run."""
    from dmi_sim.study.kinds import study_problems
    from dmi_sim.study.search_run import search_problems
    from dmi_sim.study.sensitivity import sensitivity_problems
    from dmi_sim.therapy.programmes import programme_problems
    from dmi_sim.training.curriculum import curriculum_problems

    if isinstance(spec, CurriculumSpec):
        return curriculum_problems(spec, catalog)
    if isinstance(spec, StudySpec | ProgrammeStudySpec):
        return study_problems(spec, catalog)
    if isinstance(spec, ProgrammeSpec):
        return programme_problems(spec, catalog)
    if isinstance(spec, SearchSpec):
        return search_problems(spec, catalog)
    if isinstance(spec, SensitivitySpec):
        return sensitivity_problems(spec, catalog)
    return (*spec.problems(catalog), *_unregistered(spec))


def _advice(read: _Read, catalog: Catalog) -> Iterator[str]:
    """What to know before a study runs, in each of its forms."""
    from dmi_sim.study.kinds import advice_for

    if isinstance(read.spec, StudySpec | ProgrammeStudySpec):
        for line in advice_for(read.spec, catalog):
            yield f"{read.shown}: {line}"


def _unregistered(spec: Spec) -> Iterator[str]:
    """Terms, observations and parameters of an exercise or repertoire that nobody registered."""
    from dmi_sim.env.config import observation_problems, spec_problems

    if isinstance(spec, ExerciseSpec):
        yield from spec_problems(spec)
    elif isinstance(spec, RepertoireSpec):
        yield from observation_problems(spec)


def _references(specs: Iterable[_Read]) -> set[str]:
    return {
        key for read in specs if isinstance(read.spec, References) for key in read.spec.references
    }


def _unresolved(
    specs: Iterable[_Read], tables: Mapping[str, tuple[str, ...]], known: set[str]
) -> Iterator[str]:
    fields: dict[tuple[str, str], list[str]] = {}
    for file, field, key in _all_sources(specs, tables):
        if key not in known:
            fields.setdefault((file, key), []).append(field)
    for (file, key), names in fields.items():
        more = f" (and {len(names) - 1} more)" if names[1:] else ""
        hint = did_you_mean(key, known)
        yield f"{file}: {names[0]}{more}: no '{key}' in models/references.yaml; {hint}"
    for file, keys in tables.items():
        if not keys:
            yield f"{file}: needs a comment line '# source: key' that names its reference"


def _unused(
    specs: Iterable[_Read], tables: Mapping[str, tuple[str, ...]], known: set[str]
) -> Iterator[str]:
    used = {key for *_, key in _all_sources(specs, tables)} | _cited_in_code(known)
    for key in sorted(known - used):
        yield f"models/references.yaml: references.{key}: no number rests on it"


def _all_sources(
    specs: Iterable[_Read], tables: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, str, str]]:
    for read in specs:
        for field, key in sources(read.spec):
            yield read.shown, field, key
    for file, keys in tables.items():
        for key in keys:
            yield file, "source", key


def sources(node: object, field: str = "") -> Iterator[tuple[str, str]]:
    """Every ``source`` in a model, with the dotted path of its field.

    Args:
        node: A spec or anything inside one.
        field: Dotted path of the node.

    Yields:
        Path and key of each source that is given.
    """
    if isinstance(node, BaseModel):
        yield from sources(dict(node), field)
    elif isinstance(node, Mapping):
        for name, value in node.items():
            inner = f"{field}.{name}" if field else str(name)
            if name == "source" and isinstance(value, str):
                yield inner, value
            else:
                yield from sources(value, inner)
    elif isinstance(node, list | tuple):
        for index, value in enumerate(node):
            yield from sources(value, f"{field}.{index}")


def _table_sources(root: Path) -> dict[str, tuple[str, ...]]:
    """The reference keys that each CSV table names, by the table's path.

    What a training measured, beside a policy, is no table of the literature.
    """
    found: dict[str, tuple[str, ...]] = {}
    measured = root / "models" / "policies"
    tables = (path for path in (root / "models").rglob("*.csv") if measured not in path.parents)
    for path in sorted(tables):
        lines = _TABLE_SOURCE.findall(path.read_text(encoding="utf-8"))
        keys = [key.strip() for line in lines for key in line.split(",")]
        found[path.relative_to(root).as_posix()] = tuple(filter(None, keys))
    return found


def _cited_in_code(known: set[str]) -> set[str]:
    """The references that a docstring names, as in a formula's ``Source:``."""
    package = Path(__file__).parent
    words: set[str] = set()
    for path in package.rglob("*.py"):
        words.update(re.findall(r"``([a-z0-9_]+)``", path.read_text(encoding="utf-8")))
    return known & words
