"""Assessments of an infant, one package each: procedure, result, text and, if useful, a figure.

A procedure produces findings, a result holds them, text and figure present them. None depends on
the command line, which calls them.
"""

from collections.abc import Callable
from typing import TypeAlias

OnProgress: TypeAlias = Callable[[float, str], None]
"""Called with the share that is done [0..1] and what comes next, in words."""
