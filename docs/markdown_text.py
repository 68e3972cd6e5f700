"""Markdown for pages that are made from what is registered and from YAML files."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from inspect import getdoc
from typing import cast

from dmi_sim.tables import UNKNOWN, markdown


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; nothing if it has no rows."""
    shown = [tuple(map(_cell, row)) for row in rows]
    return "".join(f"{line}\n" for line in markdown(head, shown)) if shown else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def section(title: str, *parts: str) -> Iterator[str]:
    """A heading and what stands below it; nothing if there is nothing to say."""
    told = [part for part in parts if part]
    if told:
        yield f"## {title}\n"
        yield from (f"{part.rstrip()}\n" for part in told)


def code(name: object) -> str:
    """A name as code; a dash where there is none."""
    return UNKNOWN if name in (None, "") else f"`{name}`"


def settings(values: Mapping[str, object]) -> str:
    """Settings as one line of code, such as ``width_rad: 0.35``."""
    return ", ".join(f"`{name}: {_plain(value)}`" for name, value in values.items()) or UNKNOWN


def _plain(value: object) -> str:
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_plain, cast('Sequence[object]', value)))}]"
    return f"{value:g}" if isinstance(value, float) else str(value)


def first_line(thing: object) -> str:
    """The first sentence of a docstring, for a table."""
    text = (getdoc(thing) or "").partition("\n\n")[0].replace("\n", " ")
    return re.sub(r":\w+:`~?([^`]+)`", r"`\1`", text).replace("``", "`")


def words(name: str) -> str:
    """A name of a file or key as plain words."""
    return name.replace("_", " ")
