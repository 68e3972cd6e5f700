"""Registries: what a YAML file may name, and the one place where each such thing is written.

A registry maps names to items: reward terms, success criteria, terminations, observations, action
modes, outcomes. An item registers itself with the decorator of its kind where it is defined;
columns, schemas, reports and documentation are derived from the registry, never from a list kept by
hand. A package of one's own adds items through an entry point of the group :data:`ENTRY_POINTS`,
whose value names a module; importing that module runs its decorators. They are then known to the
command line too.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from importlib.metadata import entry_points
from inspect import Parameter, signature
from typing import Any, Generic, TypeVar, get_type_hints

from pydantic import TypeAdapter, ValidationError

from dmi_sim.errors import MachineProblem, did_you_mean

ENTRY_POINTS = "dmi_sim.terms"
"""Entry point group of plug-ins that register items of their own."""

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
    """Items of one kind by name; reading it loads the plug-ins first.

    Args:
        kind: What an item is called in messages, such as ``reward term``.

    >>> modes: Registry[int] = Registry("number")
    >>> modes.add("one", 1)
    1
    >>> modes["one"], list(modes)
    (1, ['one'])
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
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

    def unknown(self, name: str) -> str:
        """Why a name stands for nothing here; empty if it stands for an item."""
        if name in self:
            return ""
        return f"no {self.kind} '{name}'; {did_you_mean(name, self)}"

    def __getitem__(self, name: str) -> ItemT:
        """The item of a name.

        Raises:
            KeyError: If there is none.
        """
        load_plugins()
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        """The names, in the order of registration."""
        load_plugins()
        return iter(tuple(self._items))

    def __len__(self) -> int:
        """The number of items."""
        load_plugins()
        return len(self._items)


def parameters_of(function: Callable[..., object]) -> dict[str, Any]:
    """The keyword-only parameters of a function and their types: what a file may set.

    >>> def tilt(context: object, *, width_rad: float, segment: str = "head") -> float: ...
    >>> parameters_of(tilt)
    {'width_rad': <class 'float'>, 'segment': <class 'str'>}
    """
    hints = get_type_hints(function)
    return {
        name: hints[name]
        for name, parameter in signature(function).parameters.items()
        if parameter.kind is Parameter.KEYWORD_ONLY
    }


def parameter_problem(function: Callable[..., object], params: Mapping[str, object]) -> str:
    """Why parameters from a file do not fit a function; empty if they do.

    >>> def tilt(context: object, *, width_rad: float) -> float: ...
    >>> parameter_problem(tilt, {"width": 0.3})
    "unknown parameter 'width'; did you mean 'width_rad'?"
    """
    known = parameters_of(function)
    for name, value in params.items():
        if name not in known:
            return f"unknown parameter '{name}'; {did_you_mean(name, known)}"
        try:
            TypeAdapter(known[name]).validate_python(value)
        except ValidationError as error:
            return f"parameter '{name}': {error.errors()[0]['msg']} (got {value!r})"
    for name in known:
        default = signature(function).parameters[name].default
        if default is Parameter.empty and name not in params:
            return f"parameter '{name}' is missing"
    return ""


def bind(function: Callable[..., ItemT], params: Mapping[str, object]) -> Callable[..., ItemT]:
    """The function with parameters from a file set, each converted to its type.

    Raises:
        pydantic.ValidationError: If a value does not fit; :func:`parameter_problem` says so sooner.
    """
    known = parameters_of(function)
    typed = {name: TypeAdapter(known[name]).validate_python(v) for name, v in params.items()}
    return partial(function, **typed)
