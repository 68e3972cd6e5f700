"""Registries of all that a YAML file may name, each item defined in one place.

A registry maps names to items: reward terms, success criteria, terminations, observations, action
modes, outcomes. An item registers itself with the decorator of its kind where it is defined;
columns, schemas, reports and documentation are derived from the registry, never from a list kept by
hand. A package of one's own adds items through an entry point of the group :data:`ENTRY_POINTS`,
whose value names a module; importing that module runs its decorators. They are then known to the
command line too.

The keyword-only parameters of a registered function are what a file may set under ``params``; their
annotations are the types and ranges that a value must have.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache, partial
from importlib import import_module
from importlib.metadata import entry_points
from inspect import Parameter, signature
from typing import Any, Generic, TypeVar, get_type_hints

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from dmi_sim.errors import MachineProblem, did_you_mean

ENTRY_POINTS = "dmi_sim.terms"
"""Entry point group of plug-ins that register items of their own."""

SCHEMA_MARK = "x-registry"
"""Key in the JSON Schema of a field that says which registry its names are from."""

ItemT = TypeVar("ItemT")


@cache
def load_plugins() -> tuple[str, ...]:
    """The names of the installed plug-ins, each imported once in this process.

    Raises:
        MachineProblem: If a plug-in cannot be imported; the message names it.
    """
    found = sorted(entry_points(group=ENTRY_POINTS), key=lambda plugin: plugin.name)
    for plugin in found:
        try:
            plugin.load()
        except Exception as error:
            raise MachineProblem(
                f"plug-in '{plugin.name}' ({plugin.value}, group {ENTRY_POINTS}) cannot be "
                f"imported: {type(error).__name__}: {error}"
            ) from error
    return tuple(plugin.name for plugin in found)


class Registry(Mapping[str, ItemT], Generic[ItemT]):
    """Items of one kind by name; whoever reads it sees all of them, those of plug-ins too.

    Args:
        kind: Name of an item in messages, such as ``reward term``.
        homes: Modules that register items here, beside the module in which the registry stands;
            they are imported when it is first read.

    >>> numbers: Registry[int] = Registry("number")
    >>> numbers.add("one", 1)
    1
    >>> numbers["one"], list(numbers)
    (1, ['one'])
    >>> numbers.unknown("on")
    "no number 'on'; did you mean 'one'?"
    """

    def __init__(self, kind: str, *homes: str) -> None:
        self.kind = kind
        self._homes = homes
        self._items: dict[str, ItemT] = {}

    def add(self, name: str, item: ItemT) -> ItemT:
        """Register an item and give it back.

        Raises:
            ValueError: If the name is taken.
        """
        if name in self._items:
            raise ValueError(f"{self.kind}: '{name}' is registered already")
        self._items[name] = item
        return item

    def unknown(self, name: object) -> str:
        """Why a name stands for nothing here; empty if it stands for an item."""
        if isinstance(name, str) and name in self:
            return ""
        return f"no {self.kind} '{name}'; {did_you_mean(str(name), self)}"

    def __getitem__(self, name: str) -> ItemT:
        """The item of a name.

        Raises:
            KeyError: If there is none.
        """
        return self._complete()[name]

    def __iter__(self) -> Iterator[str]:
        """The names, in the order of registration."""
        return iter(tuple(self._complete()))

    def __len__(self) -> int:
        """The number of items."""
        return len(self._complete())

    def _complete(self) -> dict[str, ItemT]:
        for home in self._homes:
            import_module(home)
        load_plugins()
        return self._items


def name_of(kind: str) -> Any:
    """The mark of a field of a spec that takes the name of a registered item.

    The field stays a plain string, so that a spec knows no registry; ``dmi-sim check`` looks the
    name up, and ``dmi-sim schema`` writes the names that there are.

    >>> from typing import Annotated
    >>> TypeAdapter(Annotated[str, name_of("reward term")]).json_schema()
    {'type': 'string', 'x-registry': 'reward term'}
    """
    return Field(json_schema_extra={SCHEMA_MARK: kind})


def with_names(schema: Any, registries: Mapping[str, Mapping[str, object]]) -> Any:
    """A JSON Schema in which the marks of :func:`name_of` are lists of the names that there are.

    Args:
        schema: The schema, or any part of it.
        registries: Registries by the kind that a mark tells.

    >>> with_names({"type": "string", "x-registry": "sense"}, {"sense": {"heading": 1}})
    {'type': 'string', 'enum': ['heading']}
    """
    if isinstance(schema, list):
        return [with_names(part, registries) for part in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: with_names(part, registries) for key, part in schema.items()}
    kind = plain.pop(SCHEMA_MARK, None)
    return plain if kind is None else {**plain, "enum": sorted(registries[kind])}


def parameters_of(function: Callable[..., object]) -> dict[str, Any]:
    """The keyword-only parameters of a function and their types: what a file may set.

    >>> def tilt(context: object, *, width_rad: float, segment: str = "head") -> float: ...
    >>> parameters_of(tilt)
    {'width_rad': <class 'float'>, 'segment': <class 'str'>}
    """
    hints = get_type_hints(function, include_extras=True)
    return {
        name: hints.get(name, Any)
        for name, parameter in signature(function).parameters.items()
        if parameter.kind is Parameter.KEYWORD_ONLY
    }


def defaults_of(function: Callable[..., object]) -> dict[str, Any]:
    """The parameters that a file may leave out, with the values that they then have.

    >>> def tilt(context: object, *, width_rad: float, segment: str = "head") -> float: ...
    >>> defaults_of(tilt)
    {'segment': 'head'}
    """
    parameters = signature(function).parameters
    defaults = {name: parameters[name].default for name in parameters_of(function)}
    return {name: value for name, value in defaults.items() if value is not Parameter.empty}


def parameter_problem(function: Callable[..., object], params: Mapping[str, object]) -> str:
    """Why parameters from a file do not fit a function; empty if they do.

    >>> def tilt(context: object, *, width_rad: float) -> float: ...
    >>> parameter_problem(tilt, {"width": 0.3})
    "unknown parameter 'width'; did you mean 'width_rad'?"
    >>> parameter_problem(tilt, {"width_rad": [1, 2]})
    "parameter 'width_rad': Input should be a valid number (got [1, 2])"
    """
    known = _adapters(function)
    for name, value in params.items():
        if name not in known:
            return f"unknown parameter '{name}'; {did_you_mean(name, known)}"
        try:
            known[name].validate_python(value)
        except ValidationError as error:
            return f"parameter '{name}': {_reason(error.errors()[0])}"
    given = {*params, *defaults_of(function)}
    missing = next((name for name in known if name not in given), "")
    return f"parameter '{missing}' is missing" if missing else ""


def _reason(refusal: ErrorDetails) -> str:
    if refusal["type"] == "literal_error":
        allowed = re.findall(r"'([^']*)'", refusal.get("ctx", {}).get("expected", ""))
        return f"no '{refusal['input']}'; {did_you_mean(str(refusal['input']), allowed)}"
    own = refusal["msg"].removeprefix("Value error, ")  # says what it was given
    return own if refusal["type"] == "value_error" else f"{own} (got {refusal['input']!r})"


def bind(function: Callable[..., ItemT], params: Mapping[str, object]) -> Callable[..., ItemT]:
    """The function with parameters from a file set, each converted to its type.

    Raises:
        pydantic.ValidationError: If a value does not fit; :func:`parameter_problem` says so sooner.

    >>> def scaled(value: float, *, by: float) -> float:
    ...     return by * value
    >>> bind(scaled, {"by": 2})(0.5)
    1.0
    """
    known = _adapters(function)
    typed = {name: known[name].validate_python(value) for name, value in params.items()}
    return partial(function, **typed)


@lru_cache(maxsize=1024)  # an environment asks some fifty times, always for the same
def _adapters(function: Callable[..., object]) -> Mapping[str, TypeAdapter[Any]]:
    """What converts each parameter of a function to its type."""
    return {name: TypeAdapter(kind) for name, kind in parameters_of(function).items()}
