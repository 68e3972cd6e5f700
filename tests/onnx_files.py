"""The smallest ONNX files, byte by byte, so that no test needs the package that writes them."""

import numpy as np
from numpy.typing import NDArray

_FLOAT, _OPSET, _IR = 1, 13, 8


def linear_onnx(weights: NDArray[np.float64], rank: int) -> bytes:
    """A network whose actions are observations times weights, shape (inputs, outputs).

    Args:
        weights: The matrix.
        rank: 1 for one observation at a time, 2 for rows of them.
    """
    inputs, outputs = weights.shape
    rows: tuple[int | str, ...] = ("n",) if rank == 2 else ()
    matrix = (
        b"".join(_number(1, size) for size in weights.shape)
        + _number(2, _FLOAT)
        + _bytes(8, b"w")
        + _bytes(9, weights.astype("<f4").tobytes())
    )
    node = _bytes(1, b"x") + _bytes(1, b"w") + _bytes(2, b"y") + _bytes(4, b"MatMul")
    graph = (
        _bytes(1, node)
        + _bytes(2, b"linear")
        + _bytes(5, matrix)
        + _bytes(11, _value(b"x", (*rows, inputs)))
        + _bytes(12, _value(b"y", (*rows, outputs)))
    )
    return _number(1, _IR) + _bytes(7, graph) + _bytes(8, _bytes(1, b"") + _number(2, _OPSET))


def _value(name: bytes, shape: tuple[int | str, ...]) -> bytes:
    """Name and type of an input or output."""
    dims = b"".join(
        _bytes(1, _bytes(2, size.encode()) if isinstance(size, str) else _number(1, size))
        for size in shape
    )
    tensor = _number(1, _FLOAT) + _bytes(2, dims)
    return _bytes(1, name) + _bytes(2, _bytes(1, tensor))


def _varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def _number(field: int, value: int) -> bytes:
    """A field of a protocol buffer that holds a whole number."""
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, data: bytes) -> bytes:
    """A field of a protocol buffer that holds bytes."""
    return _varint(field << 3 | 2) + _varint(len(data)) + data
