"""Find, read and check the files that a researcher edits.

A catalog is a folder with ``models/``, ``envs/`` and ``experiments/``: the shipped one, or a
researcher's own in front of it. This is the only module that reads YAML (version 1.2, strict).
"""

import csv
import re
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from dmi_sim import paths
from dmi_sim.catalog.messages import explain
from dmi_sim.errors import InputError, did_you_mean
from dmi_sim.spec.base import Spec, Strict

SpecT = TypeVar("SpecT", bound=Spec)
StrictT = TypeVar("StrictT", bound=Strict)

MAX_FILE_BYTES = 131_072
"""Largest file that is read [bytes]."""
MAX_BRACKETS = 50
"""Largest number of brackets open at once; the parser's time grows with its square."""
LONGEST_LINE_IN_C = 450
"""Longest line of a document that is given to the parser in C."""
MAX_NODES = 100_000
"""Largest number of values in a file with all aliases expanded; an alias bomb has billions."""


class Catalog:
    """Folders with ``models/``, ``envs/`` and ``experiments/``, read on demand, each file once.

    Args:
        root: Folder that is searched first.
        behind: Further folders; a file is taken from the first one that has it.

    Attributes:
        roots: All folders, in the order in which they are searched.
    """

    def __init__(self, root: Path, *behind: Path) -> None:
        self.roots = (root, *behind)
        self._loaded: dict[Path, Spec] = {}

    def __reduce__(self) -> tuple[type["Catalog"], tuple[Path, ...]]:
        """What a copy in another process is made from; it reads its files anew."""
        return Catalog, self.roots

    @staticmethod
    def shipped() -> "Catalog":
        """The catalog of this installation, with a researcher's own files in front.

        The same object is returned each time, as long as :mod:`dmi_sim.paths` gives the same
        folders.

        Raises:
            MachineProblem: If a folder is missing.

        >>> Catalog.shipped() is Catalog.shipped()
        True
        """
        return _catalog_of(paths.roots())

    def read_anew(self) -> "Catalog":
        """The same folders with nothing read yet, so that files are as they are on disk now."""
        return Catalog(*self.roots)

    @property
    def root(self) -> Path:
        """The folder that is searched last, that of the shipped files."""
        return self.roots[-1]

    def locate(self, path: str | Path) -> Path:
        """The path of a file in the first folder that has it.

        Args:
            path: Path from the root of a catalog, such as ``models/references.yaml``.
        """
        return next(
            (root / path for root in self.roots if (root / path).exists()), self.root / path
        )

    def names(self, kind: type[Spec]) -> tuple[str, ...]:
        """Names (file stems) of all files of a kind, sorted; no file is opened.

        Args:
            kind: Model of the files, such as ``ExerciseSpec``.
        """
        stems = (paths.yaml_stems(root / kind.folder) for root in self.roots)
        return tuple(sorted(set[str]().union(*stems)))

    def load(self, kind: type[SpecT], name: str) -> SpecT:
        """The checked content of one file, with what it takes from others; the same each time.

        Args:
            kind: Model of the file, such as ``ExerciseSpec``.
            name: Name of the file, without folder and suffix.

        Raises:
            InputError: If there is no such file, or if its content is refused.
        """
        path = self.path(kind, name)
        if not isinstance(self._loaded.get(path), kind):
            spec = read_spec(kind, path, label=self._label(path))
            self._loaded[path] = spec.completed(self)
        return cast(SpecT, self._loaded[path])

    def path(self, kind: type[Spec], name: str) -> Path:
        """The path of a file of a kind.

        Args:
            kind: Model of the file, such as ``ExerciseSpec``.
            name: Name of the file, without folder and suffix.

        Raises:
            InputError: If there is no file of that name; the message gives the nearest name.
        """
        found = (paths.yaml_file(root / kind.folder, name) for root in self.roots)
        path = next(filter(None, found), None)
        if path is None or Path(name).name != name:  # a name does not leave its folder
            nearest = did_you_mean(name, self.names(kind))
            raise InputError(f"{kind.folder}/{name}.yaml: no such file; {nearest}")
        return path

    def text(self, kind: type[Spec], name: str) -> str:
        """The text of a file as it is on disk, for manifests and reports."""
        path = self.path(kind, name)
        return _read_text(path, label=self._label(path))

    def _label(self, path: Path) -> str:
        """What messages call a file: a shipped one from its root, another by where it lies."""
        if path.is_relative_to(self.root):
            return path.relative_to(self.root).as_posix()
        here = Path.cwd()
        return str(path.relative_to(here) if path.is_relative_to(here) else path)

    def table(self, path: str) -> dict[str, list[str]]:
        """The columns of a CSV table; lines that start with ``#`` are comments.

        Args:
            path: Path from the root of the catalog, such as ``models/bodies/who_growth.csv``.

        Returns:
            Cells as text, in the order of the file, by column name.

        Raises:
            InputError: If the file is missing, empty, or a row has too many or too few cells.
        """
        text = _read_text(self.locate(path), label=path)
        lines = [line for line in text.splitlines() if line.strip() and line[0] != "#"]
        rows = list(csv.reader(lines, strict=True))
        if not rows or len(set(rows[0])) != len(rows[0]):
            raise InputError(f"{path}: needs a first row of different column names")
        for number, row in enumerate(rows[1:], start=1):
            if len(row) != len(rows[0]):
                raise InputError(f"{path}: row {number}: {len(row)} cells, not {len(rows[0])}")
        return {name: [row[i] for row in rows[1:]] for i, name in enumerate(rows[0])}


@cache
def _catalog_of(roots: tuple[Path, ...]) -> Catalog:
    return Catalog(*roots)


def read_spec(kind: type[SpecT], path: Path, label: str | None = None) -> SpecT:
    """The checked content of a file outside a catalog, such as one that is being written.

    Args:
        kind: Model of the file, such as ``ExerciseSpec``.
        path: Path of the file.
        label: Name of the file in messages; the path itself by default.

    Raises:
        InputError: If the file cannot be read or its content is refused, one line per problem.
    """
    name = label or str(path)
    return _validated(kind, parse_yaml(_read_text(path, name), name), name)


def override(spec: StrictT, settings: Sequence[str]) -> StrictT:
    """A spec, or a part of one, with some values replaced; the result is checked as a whole.

    Args:
        spec: Spec whose values are replaced; it is not changed.
        settings: Settings of the form ``dotted.key=value``; each value is read as YAML.

    Raises:
        InputError: If a setting has no ``=``, or if the result is not allowed.
    """
    data = spec.model_dump(mode="python")
    for setting in settings:
        key, value = parse_setting(setting)
        _put(data, key.split("."), value)
    return _validated(type(spec), data, "--set") if settings else spec


def parse_setting(setting: str) -> tuple[str, Any]:
    """Key and value of a setting ``dotted.key=value``; the value is read as YAML.

    Args:
        setting: Setting as it stands on the command line.

    Raises:
        InputError: If there is no key or no ``=``, or if the value is not YAML.

    >>> parse_setting("dose.evaluations=5")
    ('dose.evaluations', 5)
    """
    key, equals, value = setting.partition("=")
    if not equals or not key.strip():
        raise InputError(f"--set {setting}: write it as key=value")
    return key.strip(), parse_yaml(value, f"--set {setting}")


def parse_yaml(text: str, label: str) -> Any:
    """The content of a YAML 1.2 document, as plain dicts, lists, numbers and strings.

    Args:
        text: Text of one document.
        label: Name of the document in messages.

    Raises:
        InputError: If the text is not YAML 1.2, or has a duplicate key, a directive or an alias
            bomb.

    >>> parse_yaml("{support: off, seeds: 3}", "study")
    {'support': 'off', 'seeds': 3}
    """
    if re.search(r"^%", text, re.MULTILINE):
        raise InputError(f"{label}: directives (lines that start with %) are not allowed")
    opened = accumulate((sign in "[{") - (sign in "]}") for sign in text)
    if max(opened, default=0) > MAX_BRACKETS:
        raise InputError(f"{label}: more than {MAX_BRACKETS} open brackets")
    try:
        data = _loaded(text)
        _count(data, {})
    except MarkedYAMLError as error:
        raise InputError(f"{label}: {_marked(error)}") from None
    except (YAMLError, ValueError) as error:
        raise InputError(f"{label}: {' '.join(str(error).split())}") from None
    except RecursionError:
        raise InputError(f"{label}: nested too deeply") from None
    return data


def _loaded(text: str) -> Any:
    """The content of a document, by the parser in C where that reads it, seven times as fast.

    The other one has the last word: it knows all of YAML 1.2, says better what is wrong, and meets
    the limit of recursion where the one in C would crash. No nesting is deeper than the longest
    line but for brackets, which are counted.
    """
    if max(map(len, text.splitlines()), default=0) <= LONGEST_LINE_IN_C:
        with suppress(YAMLError, ValueError):
            return YAML(typ="safe").load(text)
    return YAML(typ="safe", pure=True).load(text)


def _marked(error: MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    line = f"line {mark.line + 1}: " if mark else ""
    words = f"{error.context or ''} {error.problem or ''}".split()
    return f"{line}{' '.join(words)}"


def _count(node: object, seen: dict[int, int]) -> int:
    """Number of values in a node with all aliases expanded.

    Raises:
        ValueError: If there are more than ``MAX_NODES``, or if a node contains itself.
    """
    if not isinstance(node, dict | list):
        return 1
    if id(node) not in seen:
        seen[id(node)] = MAX_NODES + 1  # found by a node that contains itself
        inner = cast("list[object]", list(node.values()) if isinstance(node, dict) else node)
        seen[id(node)] = 1 + sum(_count(item, seen) for item in inner)
    if seen[id(node)] > MAX_NODES:
        raise ValueError(f"more than {MAX_NODES} values once aliases are written out")
    return seen[id(node)]


def _read_text(path: Path, label: str) -> str:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise InputError(f"{label}: larger than {MAX_FILE_BYTES // 1024} KiB")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{label}: not UTF-8 (byte {error.start})") from None
    except OSError as error:
        raise InputError(f"{label}: {error.strerror}") from None


def _validated(kind: type[StrictT], data: object, label: str) -> StrictT:
    if data is None:
        raise InputError(f"{label}: the file is empty")
    if not isinstance(data, dict):
        raise InputError(f"{label}: must be a mapping of keys to values")
    form = cast("type[StrictT]", kind.kind_for(data)) if issubclass(kind, Spec) else kind
    try:
        return form.model_validate(data)
    except ValidationError as error:
        raise InputError(*(f"{label}: {line}" for line in explain(form, error))) from None


def _put(data: dict[str, Any], keys: list[str], value: object) -> None:
    """Set a value inside nested dicts; missing keys are made, and left to validation.

    Raises:
        InputError: If a key on the way is not a mapping.
    """
    here: Any = data
    for key in keys[:-1]:
        here = here.setdefault(key, {})
        if not isinstance(here, dict):
            raise InputError(f"--set {'.'.join(keys)}: '{key}' has no keys inside")
    here[keys[-1]] = value
