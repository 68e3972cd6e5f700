"""Assessments of an infant, one room each: procedure, result, text and, where one helps, a figure.

A procedure finds, a result holds what was found, text and figure tell it. None knows the command
line, which calls them.
"""

from collections.abc import Callable
from typing import TypeAlias

OnProgress: TypeAlias = Callable[[float, str], None]
"""Told the share that is done [0..1] and what comes next."""
