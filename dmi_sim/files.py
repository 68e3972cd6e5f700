"""Atomic writes: a file is complete or absent, even if the process that writes it is killed."""

import json
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_PARTIAL = ".*.tmp*"
"""Pattern of the hidden names of files that :func:`atomic_write` has not finished."""


@contextmanager
def atomic_write(path: Path) -> Generator[Path]:
    """Replace a file atomically: write to the name yielded, which becomes the file on a clean exit.

    Args:
        path: The file to make or to replace; its folder exists.

    Yields:
        A hidden name in the same folder and with the same suffix.
    """
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.tmp{path.suffix}")
    try:
        yield temporary
        _sync(temporary)
        temporary.replace(path)
        _sync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def write_bytes(path: Path, data: bytes) -> None:
    """Make or replace a file atomically; its folder is made if needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with atomic_write(path) as temporary:
        temporary.write_bytes(data)


def write_text(path: Path, text: str) -> None:
    """Make or replace a text file (UTF-8) atomically; its folder is made if needed."""
    write_bytes(path, text.encode())


def write_json(path: Path, data: object) -> None:
    """Make or replace a JSON file atomically; its folder is made if needed.

    Raises:
        ValueError: If the data hold NaN or infinity, which JSON does not know.
    """
    write_text(path, json.dumps(data, indent=2, allow_nan=False) + "\n")


def remove_partial_files(folder: Path) -> None:
    """Remove unfinished files of a killed process from a folder and those below it."""
    for partial_file in folder.rglob(_PARTIAL):
        partial_file.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
