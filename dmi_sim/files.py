"""Atomic writes: a file is complete or absent, even if the process that writes it is killed."""

import errno
import json
import os
import tempfile
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

_PARTIAL = ".*.tmp*"
"""Pattern of the hidden names of files that :func:`atomic_write` has not finished."""

_NO_PROMISE = {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EBADF}
"""Answers of a file system that cannot promise to keep data; they say nothing of the data."""


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
        _sync_folder(path.parent)
    finally:
        with suppress(OSError):  # the first error, if there was one, tells more
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


@contextmanager
def text_as_file(text: str) -> Generator[str]:
    """A path from which a library that reads files only can read a text.

    The file is in memory where the system has such files, so that neither a full nor a missing
    folder for temporary files matters.

    Args:
        text: Text of the file, written as UTF-8.

    Yields:
        The path, while the file is there.
    """
    with ExitStack() as stack:
        try:
            stream = stack.enter_context(os.fdopen(os.memfd_create("text"), "wb"))
            path = Path(f"/proc/self/fd/{stream.fileno()}")
            path.stat()
        except (AttributeError, OSError):
            path = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "text"
            stream = stack.enter_context(path.open("wb"))
        stream.write(text.encode())
        stream.flush()
        yield str(path)


def remove_partial_files(folder: Path) -> None:
    """Remove unfinished files of a killed process from a folder and those below it."""
    for partial_file in folder.rglob(_PARTIAL):
        partial_file.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Let the disk hold the content of a file before the file gets its name.

    Raises:
        OSError: If the disk could not hold it. A file system that only cannot promise, as some
            network folders, is no error.
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_PROMISE:
            raise
    finally:
        os.close(handle)


def _sync_folder(path: Path) -> None:
    """Let the disk hold the name of a file, where folders can be synchronised at all.

    The file is whole by now and has its name: nothing that happens here makes it less so.
    """
    with suppress(OSError):
        _sync(path)
