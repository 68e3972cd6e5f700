"""Find, read and check the files that a researcher edits.

A catalog is a folder with ``models/``, ``envs/`` and ``experiments/``: the shipped one, or a
researcher's own. This is the only module that reads YAML (version 1.2, strict); nothing here
imports PyBullet or torch.
"""

import csv
import hashlib
import re
from collections.abc import Sequence
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
MAX_BRACKETS = 50
"""Open brackets at one place; the parser's time grows with their square."""
MAX_NODES = 100_000
"""Values in one file once aliases are written out; an alias bomb has billions."""


class Catalog:
    """A folder with ``models/``, ``envs/`` and ``experiments/``, read on demand, each file once.

    Args:
        root: The folder that holds them.
        behind: More such folders; a file is taken from the first that has it.
    """

    def __init__(self, root: Path, *behind: Path) -> None:
        self.roots = (root, *behind)
        self._loaded: dict[Path, Spec] = {}

    def __reduce__(self) -> tuple[type["Catalog"], tuple[Path, ...]]:
        """What a copy in another process is made from; it reads its files anew."""
        return Catalog, self.roots

    @staticmethod
    @cache
    def shipped() -> "Catalog":
        """The files of this installation, behind a researcher's own, see :mod:`dmi_sim.paths`.

        The same catalog each time.

        Raises:
            MachineProblem: If a folder is missing.
        """
        return Catalog(*paths.roots())

    @property
    def root(self) -> Path:
        """The last folder, which has all that the others do not."""
        return self.roots[-1]

    def place(self, path: str | Path) -> Path:
        """Where the file of a path from the root is: in the first folder that has it."""
        return next(
            (root / path for root in self.roots if (root / path).exists()), self.root / path
        )

    def names(self, kind: type[Spec]) -> tuple[str, ...]:
        """Names (file stems) of all files of a kind, sorted; a listing, nothing is parsed."""
        found = (path for root in self.roots for path in (root / kind.folder).glob("*.yaml"))
        return tuple(sorted({path.stem for path in found}))

    def load(self, kind: type[SpecT], name: str) -> SpecT:
        """The checked content of one file; the same object each time.

        Raises:
            InputError: If there is no such file, or something is wrong in it.
        """
        path = self.path(kind, name)
        if path not in self._loaded:
            self._loaded[path] = read_spec(kind, path, shown=f"{kind.folder}/{name}.yaml")
        return cast(SpecT, self._loaded[path])

    def path(self, kind: type[Spec], name: str) -> Path:
        """Where a file is.

        Raises:
            InputError: If there is none of that name; names the nearest.
        """
        known = self.names(kind)
        if name not in known:
            raise InputError(
                f"{kind.folder}/{name}.yaml: no such file; {did_you_mean(name, known)}"
            )
        return self.place(f"{kind.folder}/{name}.yaml")

    def text(self, kind: type[Spec], name: str) -> str:
        """The file as it was written, for manifests and reports."""
        return _read_text(self.path(kind, name), shown=f"{kind.folder}/{name}.yaml")

    def sha256(self, kind: type[Spec], name: str) -> str:
        """Hash of the file's bytes, for manifests."""
        return hashlib.sha256(self.path(kind, name).read_bytes()).hexdigest()

    def table(self, place: str) -> dict[str, list[str]]:
        """The columns of a CSV table; lines that start with ``#`` are comments.

        Args:
            place: Path from the root, such as ``models/bodies/who_growth.csv``.

        Returns:
            Cells as text, in file order, by column name.

        Raises:
            InputError: If the file is missing, empty, or a row has too many or too few cells.
        """
        text = _read_text(self.place(place), shown=place)
        lines = [line for line in text.splitlines() if line.strip() and line[0] != "#"]
        rows = list(csv.reader(lines, strict=True))
        if not rows or len(set(rows[0])) != len(rows[0]):
            raise InputError(f"{place}: needs a first row of different column names")
        for number, row in enumerate(rows[1:], start=1):
            if len(row) != len(rows[0]):
                raise InputError(f"{place}: row {number}: {len(row)} cells, not {len(rows[0])}")
        return {name: [row[i] for row in rows[1:]] for i, name in enumerate(rows[0])}


def read_spec(kind: type[SpecT], path: Path, shown: str | None = None) -> SpecT:
    """The checked content of a file anywhere, such as one that a researcher is writing.

    Args:
        kind: What kind of file it is.
        path: Where it is.
        shown: How messages call it; the path itself by default.

    Raises:
        InputError: If it cannot be read or something is wrong in it, one line a problem.
    """
    name = shown or str(path)
    return _validated(kind, parse_yaml(_read_text(path, name), name), name)


def override(spec: StrictT, settings: Sequence[str]) -> StrictT:
    """A spec, or a part of one, with some values replaced, checked again as a whole.

    Args:
        spec: Where to start.
        settings: ``dotted.key=value`` each; the value is read as YAML.

    Raises:
        InputError: If a setting has no ``=``, or the result is not allowed.
    """
    data = spec.model_dump(mode="python")
    for setting in settings:
        key, value = parse_setting(setting)
        _put(data, key.split("."), value)
    return _validated(type(spec), data, "--set") if settings else spec


def parse_setting(setting: str) -> tuple[str, Any]:
    """The key and the value of a ``dotted.key=value``, the value read as YAML.

    Raises:
        InputError: If there is no key, no ``=``, or the value is not YAML.
    """
    key, equals, value = setting.partition("=")
    if not equals or not key.strip():
        raise InputError(f"--set {setting}: write it as key=value")
    return key.strip(), parse_yaml(value, f"--set {setting}")


def parse_yaml(text: str, shown: str) -> Any:
    """The values in a YAML 1.2 text, as plain dicts, lists, numbers and words.

    Args:
        text: One document.
        shown: How messages call it.

    Raises:
        InputError: If it is not YAML 1.2, has a key twice, a directive, or an alias bomb.
    """
    if re.search(r"^%", text, re.MULTILINE):
        raise InputError(f"{shown}: directives (lines that start with %) are not allowed")
    opened = accumulate((sign in "[{") - (sign in "]}") for sign in text)
    if max(opened, default=0) > MAX_BRACKETS:
        raise InputError(f"{shown}: more than {MAX_BRACKETS} open brackets")
    try:
        data: Any = YAML(typ="safe", pure=True).load(text)
        _count(data, {})
    except MarkedYAMLError as error:
        raise InputError(f"{shown}: {_marked(error)}") from None
    except (YAMLError, ValueError) as error:
        raise InputError(f"{shown}: {' '.join(str(error).split())}") from None
    except RecursionError:
        raise InputError(f"{shown}: nested too deeply") from None
    return data


def _marked(error: MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    line = f"line {mark.line + 1}: " if mark else ""
    words = f"{error.context or ''} {error.problem or ''}".split()
    return f"{line}{' '.join(words)}"


def _count(node: object, seen: dict[int, int]) -> int:
    """How many values a node holds when every alias is written out.

    Raises:
        ValueError: If there are more than ``MAX_NODES``, or a node holds itself.
    """
    if not isinstance(node, dict | list):
        return 1
    if id(node) not in seen:
        seen[id(node)] = MAX_NODES + 1  # what a node that holds itself would meet
        inner = cast("list[object]", list(node.values()) if isinstance(node, dict) else node)
        seen[id(node)] = 1 + sum(_count(item, seen) for item in inner)
    if seen[id(node)] > MAX_NODES:
        raise ValueError(f"more than {MAX_NODES} values once aliases are written out")
    return seen[id(node)]


def _read_text(path: Path, shown: str) -> str:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise InputError(f"{shown}: larger than {MAX_FILE_BYTES // 1024} KiB")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{shown}: not UTF-8 (byte {error.start})") from None
    except OSError as error:
        raise InputError(f"{shown}: {error.strerror}") from None


def _validated(kind: type[StrictT], data: object, shown: str) -> StrictT:
    if data is None:
        raise InputError(f"{shown}: the file is empty")
    if not isinstance(data, dict):
        raise InputError(f"{shown}: must be a mapping of keys to values")
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        raise InputError(*(f"{shown}: {line}" for line in explain(kind, error))) from None


def _put(data: dict[str, Any], keys: list[str], value: object) -> None:
    """Set a value inside nested dicts; a missing step is made, for validation to judge.

    Raises:
        InputError: If a step is no mapping.
    """
    here: Any = data
    for key in keys[:-1]:
        here = here.setdefault(key, {})
        if not isinstance(here, dict):
            raise InputError(f"--set {'.'.join(keys)}: '{key}' has no keys inside")
    here[keys[-1]] = value
