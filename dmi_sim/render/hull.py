"""The convex hull of a few points of a picture."""

from collections.abc import Sequence

Point2 = tuple[float, float]


def convex_hull(points: Sequence[Point2]) -> list[Point2]:
    """Corners of the convex hull of points, all hulls in the same sense.

    Args:
        points: Points in any order, not all on a line.

    >>> convex_hull([(0, 0), (2, 0), (1, 1), (0, 2), (2, 2)])
    [(0, 0), (2, 0), (2, 2), (0, 2)]
    """
    ordered = sorted(set(points))
    return _chain(ordered)[:-1] + _chain(ordered[::-1])[:-1]


def _chain(ordered: Sequence[Point2]) -> list[Point2]:
    """One side of a convex hull (Andrew's monotone chain)."""
    chain: list[Point2] = []
    for x, y in ordered:
        while len(chain) > 1 and _turns_inward(chain[-2], chain[-1], (x, y)):
            chain.pop()
        chain.append((x, y))
    return chain


def _turns_inward(a: Point2, b: Point2, c: Point2) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) <= (b[1] - a[1]) * (c[0] - a[0])
