"""Explain in one line what is wrong with a file: field, reason, nearest right name.

pydantic reports field and reason; this module words them for a person who edits YAML, and adds the
name that a misspelt key or choice was probably meant to be.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from dmi_sim.errors import did_you_mean

FieldPath = tuple[int | str, ...]
"""Keys and list indices from the top of a file to a field."""


def explain(kind: type[BaseModel], error: ValidationError) -> tuple[str, ...]:
    """The problems of a file, one line each.

    Args:
        kind: Model that refused the file.
        error: Error that the model raised.

    Returns:
        Lines of the form ``field.path: reason``, in the order of the file.
    """
    details = error.errors(include_url=False)
    unknown = [item["loc"] for item in details if item["type"] == "extra_forbidden"]
    hidden = {(*path[:-1], _meant(kind, path)) for path in unknown}
    return tuple(
        f"{_dotted(item['loc'])}{_reason(kind, item)}"
        for item in details
        if not (item["type"] == "missing" and item["loc"] in hidden)
    )


def _dotted(path: FieldPath) -> str:
    """The path as it stands in a file; a union's tag in brackets is no key of it."""
    keys = [str(key) for key in path if not str(key).startswith("(")]
    return f"{'.'.join(keys)}: " if keys else ""


def _reason(kind: type[BaseModel], item: ErrorDetails) -> str:
    if item["type"] == "extra_forbidden":
        known = _keys(kind, item["loc"][:-1])
        return f"unknown key; {did_you_mean(str(item['loc'][-1]), known)}"
    if item["type"] == "missing":
        return "this key is missing"
    if item["type"] == "literal_error":
        choices = re.findall(r"'([^']*)'", item.get("ctx", {}).get("expected", ""))
        return f"{item['msg']}, not {item['input']!r}{_nearest_choice(item['input'], choices)}"
    reason = item["msg"].removeprefix("Value error, ")
    return f"{reason}{_shown(item['input'])}"


def _nearest_choice(written: object, choices: list[str]) -> str:
    hint = did_you_mean(str(written), choices)
    return f"; {hint}" if hint.startswith("did") else ""


def _shown(written: object) -> str:
    """The refused value in brackets, where it is short enough to help."""
    plain = isinstance(written, str | int | float | bool) or written is None
    return f" (got {written!r})" if plain and len(repr(written)) <= 60 else ""


def _meant(kind: type[BaseModel], path: FieldPath) -> str:
    """The known key that the misspelt last key of a path stands for, or an empty string."""
    hint = did_you_mean(str(path[-1]), _keys(kind, path[:-1]))
    return hint.split("'")[1] if hint.startswith("did") else ""


def _keys(kind: type[BaseModel], path: FieldPath) -> set[str]:
    """The keys that a model allows at a path inside it."""
    here: list[Any] = [kind]
    for key in path:
        here = [inner for outer in here for inner in _inside(outer, key)] or here
    return {key for model in _models(here) for key in _written(model)}


def _written(model: type[BaseModel]) -> dict[str, str]:
    """The fields of a model by their keys in a file, which a word of Python may forbid as names."""
    return {field.alias or name: name for name, field in model.model_fields.items()}


def _inside(outer: Any, key: int | str) -> Iterator[Any]:
    """The types found under one key or index of a type; nothing for a union's tag."""
    for model in _models([outer]):
        name = _written(model).get(str(key))
        if name is not None:
            yield model.model_fields[name].annotation
    for option in _options(outer):
        if get_origin(option) in (dict, list, tuple):
            yield get_args(option)[-1 if get_origin(option) is dict else 0]


def _models(types: Iterable[Any]) -> Iterator[type[BaseModel]]:
    for outer in types:
        for option in _options(outer):
            if isinstance(option, type) and issubclass(option, BaseModel):
                yield option


def _options(outer: Any) -> Iterator[Any]:
    """A type itself, and what a union or an annotation wraps."""
    yield outer
    if get_origin(outer) not in (None, dict, list, tuple):
        for option in get_args(outer):
            yield from _options(option)
