"""What has changed between two runs of a study: settings, files, plug-ins, software."""

from collections.abc import Mapping
from typing import cast

from dmi_sim.provenance import Provenance
from dmi_sim.study.run_manifest import AnyManifest


def changes(old: AnyManifest, new: AnyManifest) -> str:
    """What makes the numbers of two runs differ, in one line; empty if nothing does.

    Args:
        old: Manifest of a run.
        new: Manifest that the same study would have now.
    """
    settings = _pairs(
        _flat(old.spec.model_dump(mode="json")), _flat(new.spec.model_dump(mode="json"))
    )
    files = _file_changes(old.sources, new.sources)
    software = _pairs(_software(old.provenance), _software(new.provenance))
    kinds = {"other settings": settings, "other files": files, "other software": software}
    found = [f"{kind} ({', '.join(lines)})" for kind, lines in kinds.items() if lines]
    if not found and old.run_hash != new.run_hash:
        return "another plan of its cells"
    return ", ".join(found)


def _flat(node: object, key: str = "") -> dict[str, object]:
    """The values of nested mappings by dotted key."""
    if not isinstance(node, dict):
        return {key: node}
    inner = cast("dict[str, object]", node)
    flat = (_flat(value, f"{key}.{name}".lstrip(".")) for name, value in inner.items())
    return {name: value for part in flat for name, value in part.items()}


def _pairs(before: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
    """``key old -> new`` for all that differs."""
    keys = [key for key in {**now, **before} if before.get(key) != now.get(key)]
    return [f"{key} {before.get(key)} -> {now.get(key)}" for key in keys]


def _file_changes(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """``path changed``, ``removed`` or ``added`` for all files that differ."""
    paths = [path for path in {**before, **now} if before.get(path) != now.get(path)]
    words = {(True, True): "changed", (True, False): "removed", (False, True): "added"}
    return [f"{path} {words[path in before, path in now]}" for path in paths]


def _software(recorded: Provenance) -> dict[str, str]:
    """The software that decides numbers, by name."""
    return {**recorded.versions, "code": recorded.code_sha256[:8]}
