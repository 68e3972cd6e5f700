"""Standard streams that are there and that never end the work: shells and services close them."""

import io
import os
import sys


class _LossyStderr(io.RawIOBase):
    """Descriptor 2 as a stream that drops what it cannot write, such as into a closed pipe.

    A log that nobody reads any more, or a full disk behind it, is no reason to lose a study.
    """

    def write(self, data: object, /) -> int:
        """Write bytes, or drop them."""
        text = memoryview(data)  # type: ignore[arg-type]  # the buffer passes bytes
        try:
            return os.write(2, text)
        except OSError:
            return len(text)

    def writable(self) -> bool:
        """Whether it takes data; it does."""
        return True

    def fileno(self) -> int:
        """Descriptor of the stream."""
        return 2

    def isatty(self) -> bool:
        """Whether a person looks at a terminal."""
        return os.isatty(2)


def prepare_streams() -> None:
    """Open standard streams that the caller had closed, and let stderr drop what it cannot write.

    Called once, when the command line starts.
    """
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the system gives the lowest number that is free
    if sys.stdout is None:  # pyright: ignore[reportUnnecessaryComparison]  # Python's word for closed
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
    sys.stderr = io.TextIOWrapper(
        io.BufferedWriter(_LossyStderr()), encoding, errors="backslashreplace", line_buffering=True
    )
