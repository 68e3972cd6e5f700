"""Nothing but its own folder knows Bullet: a world is given an engine, whichever it is."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import dmi_sim

PACKAGE = Path(dmi_sim.__file__).parent
BULLET = PACKAGE / "physics" / "bullet"
KNOWS = {
    "physics/world.py": {"BulletEngine"},  # the default
    "render/camera.py": {"Client"},  # draws with Bullet's renderer
    "benchmark/cases.py": {"time_steps"},  # times Bullet's own steps
    "doctor.py": {"library"},  # says which loop runs
}
"""What each module outside takes from ``physics/bullet``, and why."""


def modules() -> Iterator[Path]:
    """All modules outside ``physics/bullet``."""
    return (path for path in PACKAGE.rglob("*.py") if BULLET not in path.parents)


def taken(path: Path) -> set[str]:
    """Names that a module takes from ``physics/bullet``, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
            "dmi_sim.physics.bullet"
        ):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {a.name for a in node.names if a.name.startswith("dmi_sim.physics.bullet")}
    return found


def test_only_a_few_modules_take_anything_from_bullets_folder() -> None:
    found = {path.relative_to(PACKAGE).as_posix(): taken(path) for path in modules()}
    assert {name: names for name, names in found.items() if names} == KNOWS


@pytest.mark.parametrize("word", ["BulletEngine", "DirectClient", "b3", "physicsClientId"])
def test_no_name_of_bullet_is_used_outside(word: str) -> None:
    used = {
        path.relative_to(PACKAGE).as_posix()
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if name_of(node).startswith(word)
    }
    assert used == ({"physics/world.py"} if word == "BulletEngine" else set())


def name_of(node: ast.AST) -> str:
    """The name that a node uses; empty for other nodes."""
    for field in ("id", "attr", "arg", "name"):
        value = getattr(node, field, None)
        if isinstance(value, str):
            return value
    return ""
