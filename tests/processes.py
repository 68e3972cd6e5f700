"""Programs of tests that run in a process of their own."""

from pathlib import Path

ROOT = Path(__file__).parents[1]


def knowing_tests(program: str) -> str:
    """A program that can import the tests, after all else: the package stays the installed one.

    Args:
        program: Python source.
    """
    return f"import sys\nsys.path.append({str(ROOT)!r})\n{program}"
