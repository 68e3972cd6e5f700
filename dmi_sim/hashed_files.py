"""Files of a study: written whole, swept up after a killed process, hashed."""

import hashlib
import json
from pathlib import Path

from dmi_sim.files import atomic_write

_TEMPORARY = ".*.tmp*"
"""Hidden names that :func:`dmi_sim.files.whole` gives to what is not finished yet."""


def write_text(path: Path, text: str) -> None:
    """Make or replace a text file (UTF-8), whole."""
    with atomic_write(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_json(path: Path, data: object) -> None:
    """Make or replace a JSON file, whole; NaN is refused."""
    write_text(path, json.dumps(data, indent=2, allow_nan=False) + "\n")


def remove_partial_files(folder: Path) -> None:
    """Remove what a killed process had not finished writing, in a folder and those below it."""
    for leftover in folder.rglob(_TEMPORARY):
        leftover.unlink(missing_ok=True)


def sha256(path: Path) -> str:
    """Hash of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sha256_of_tree(folder: Path) -> dict[str, str]:
    """Hash of every file in a folder and those below it, by relative path, sorted."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): sha256(path) for path in files}
