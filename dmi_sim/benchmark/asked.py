"""What a script in ``benchmarks/`` is asked for in words: exercises, numbers, settings.

Each function is the ``type`` of an argument of :mod:`argparse`, which tells what was wrong.
"""

from argparse import ArgumentTypeError
from collections.abc import Mapping
from types import MappingProxyType
from typing import NoReturn

from dmi_sim.errors import did_you_mean
from dmi_sim.names import exercises

TINY_TRAINING: Mapping[str, str] = MappingProxyType(
    {"n_envs": "1", "n_steps": "64", "batch_size": "64", "n_epochs": "1", "chunk_rollouts": "5"}
)
"""Settings of training with which a chunk takes a moment, and nothing is learnt."""


def exercise_names(text: str) -> tuple[str, ...]:
    """Exercises, with commas between them.

    >>> exercise_names("sitting,standing"), exercise_names("")
    (('sitting', 'standing'), ())
    """
    names = tuple(name for name in text.split(",") if name)
    for name in names:
        if name not in exercises():
            raise ArgumentTypeError(f"no exercise '{name}'; {did_you_mean(name, exercises())}")
    return names


def exercise_name(text: str) -> str:
    """One exercise."""
    return exercise_names(text)[0] if text and "," not in text else _refused(text, "one exercise")


def seed_numbers(text: str) -> tuple[int, ...]:
    """Seeds, with commas between them.

    >>> seed_numbers("0,2")
    (0, 2)
    """
    parts = tuple(dict.fromkeys(text.split(",")))
    if not all(part.isdecimal() for part in parts):
        return _refused(text, "whole numbers from 0 on, as 0,1,2")
    return tuple(map(int, parts))


def ages(text: str) -> tuple[float, ...]:
    """Ages [months], with commas between them; they come out in order.

    >>> ages("6,0.5,12")
    (0.5, 6.0, 12.0)
    """
    try:
        found = sorted({float(part) for part in text.split(",")})
    except ValueError:
        found = [-1.0]
    if not all(0 <= age <= 24 for age in found):
        return _refused(text, "ages from 0 to 24 months, as 3,6,9")
    return tuple(found)


def count(text: str) -> int:
    """A whole number of at least 1.

    >>> count("300000")
    300000
    """
    is_count = text.isdecimal() and 1 <= int(text) <= 10**9
    return int(text) if is_count else _refused(text, "a whole number from 1 to 1,000,000,000")


def setting(text: str) -> tuple[str, str]:
    """A setting of training.

    >>> setting("gamma=0.985")
    ('gamma', '0.985')
    """
    name, sign, value = text.partition("=")
    return (name, value) if name and sign and value else _refused(text, "a setting, as gamma=0.985")


def _refused(text: str, wanted: str) -> NoReturn:
    raise ArgumentTypeError(f"'{text}' is not what is wanted: {wanted}")
