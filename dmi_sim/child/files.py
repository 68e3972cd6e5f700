"""The folder of a child: its diary, its brain, and a mark that is written last.

``diary/`` holds one file for each session, written once. ``brain_<hash>.pt`` holds tensors and is
read with torch's ``weights_only``, so that loading one cannot run code. ``child.json`` holds the
description, how far the child has come, and the hash of each other file; it is replaced at once
when all of them are there. So the folder holds a whole child at any time, and a kill costs at most
what was done since the last mark.
"""

import io
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from pydantic import NonNegativeInt, ValidationError

from dmi_sim.child.brain import Brain, require_whole
from dmi_sim.child.description import ChildSpec
from dmi_sim.child.diary import Diary, SessionEntry
from dmi_sim.child.muscle_lengths import MuscleLengths
from dmi_sim.child.programme import Programme
from dmi_sim.child.state import ChildState
from dmi_sim.errors import InputError
from dmi_sim.files import remove_partial_files, write_bytes, write_text
from dmi_sim.provenance import file_sha256, fingerprint, sha256, software_versions
from dmi_sim.spec.base import Strict
from dmi_sim.spec.training import TrainingSpec

MARK = "child.json"
DIARY = "diary"


class ChildMark(Strict):
    """``child.json``."""

    format: Literal[2] = 2
    description: ChildSpec
    week: NonNegativeInt
    session: NonNegativeInt
    therapist: str
    """What the therapist knows of the child, as JSON."""
    training: TrainingSpec
    """Settings of the learner, with the layers of this brain."""
    steps: NonNegativeInt
    """Control steps that the brain practised."""
    return_scales: dict[str, tuple[float, float]]
    muscles: MuscleLengths
    """How its muscles have adapted, and what they felt since."""
    beyond: dict[str, float]
    """Control steps by which trials went beyond their sessions, by kind of session."""
    step_share: float
    """Share of its largest learning rate that the brain takes next."""
    brain_sha256: str
    """Hash of the file of the brain."""
    diary_sha256: tuple[str, ...]
    """Hash of the file of each session."""
    versions: dict[str, str]
    """Software that wrote it."""
    seal: str = ""
    """Hash of all of the above."""

    def content_sha256(self) -> str:
        """What :attr:`seal` has to be."""
        return fingerprint(self.model_dump(mode="json", exclude={"seal"}))


def write_child(folder: Path, child: ChildSpec, state: ChildState) -> Path:
    """Write a child into a folder; sessions that stand there are not written again.

    Args:
        folder: Folder of the child, made if needed.
        child: Description of the child.
        state: How far it has come.

    Returns:
        The mark.

    Raises:
        InputError: If the folder holds something else, or another child.
    """
    _require_place(folder, child)
    remove_partial_files(folder)
    diary = tuple(_write_session(folder, entry) for entry in state.diary)
    brain = _write_brain(folder, state)
    mark = ChildMark(
        description=child,
        week=state.week,
        session=state.session,
        therapist=state.therapist.model_dump_json(),
        training=state.brain.training,
        steps=state.brain.steps,
        return_scales=dict(state.brain.return_scales),
        muscles=state.muscles,
        beyond=dict(state.brain.beyond),
        step_share=state.brain.step_share,
        brain_sha256=brain,
        diary_sha256=diary,
        versions=software_versions(),
    )
    sealed = mark.model_copy(update={"seal": mark.content_sha256()})
    write_text(folder / MARK, sealed.model_dump_json(indent=2) + "\n")
    for old in folder.glob("brain_*.pt"):
        if old != _brain_file(folder, brain):
            old.unlink()
    return folder / MARK


def read_mark(folder: Path) -> ChildMark:
    """The mark of a child; its other files are not looked at.

    Raises:
        InputError: If there is none, or it was changed.
    """
    path = folder / MARK
    try:
        mark = ChildMark.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; no child was saved here") from error
    except ValidationError as error:
        raise InputError(f"{path}: not readable: {error.errors()[0]['msg']}") from error
    if mark.seal != mark.content_sha256():
        raise InputError(f"{path}: changed: its content is not that of its seal")
    return mark


def read_state(folder: Path, mark: ChildMark, programme: Programme) -> ChildState:
    """How far a child has come, every file compared with its hash.

    Args:
        folder: Folder of the child.
        mark: Its mark.
        programme: Its programme.

    Raises:
        InputError: If a file is missing or was changed; all of them are named.
    """
    brain = _brain_file(folder, mark.brain_sha256)
    problems = tuple(_damage(folder, mark, brain))
    if problems:
        raise InputError(*problems)
    sessions = range(len(mark.diary_sha256))
    entries = (_session_file(folder, number).read_bytes() for number in sessions)
    return ChildState(
        brain=_read_brain(brain, mark),
        therapist=programme.read_state(mark.therapist),
        diary=Diary(tuple(map(SessionEntry.model_validate_json, entries))),
        week=mark.week,
        session=mark.session,
        muscles=mark.muscles,
    )


def _require_place(folder: Path, child: ChildSpec) -> None:
    if (folder / MARK).is_file():
        if read_mark(folder).description != child:
            raise InputError(f"{folder}: holds another child; name a new folder")
    elif folder.exists() and not (folder.is_dir() and _is_ours(folder)):
        raise InputError(f"{folder}: not empty, and no child; name a new folder")


def _is_ours(folder: Path) -> bool:
    """Whether a folder holds nothing but what a first save that was stopped may have left."""
    return all(path.name == DIARY or path.suffix == ".pt" for path in folder.iterdir())


def _write_session(folder: Path, entry: SessionEntry) -> str:
    path, data = _session_file(folder, entry.number), entry.model_dump_json().encode()
    digest = sha256(data)
    if not path.is_file() or file_sha256(path) != digest:
        write_bytes(path, data)
    return digest


def _write_brain(folder: Path, state: ChildState) -> str:
    import torch

    content = io.BytesIO()
    brain = state.brain
    told = {
        "parameters": dict(brain.parameters),
        "unlearnt": dict(brain.unlearnt),
        "anchor": dict(brain.anchor),
    }
    torch.save(told, content)
    digest = sha256(content.getvalue())
    if not _brain_file(folder, digest).is_file():
        write_bytes(_brain_file(folder, digest), content.getvalue())
    return digest


def _read_brain(path: Path, mark: ChildMark) -> Brain:
    import torch

    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, ValueError, pickle.UnpicklingError) as error:
        raise InputError(f"{path}: not readable: {error}") from error
    parameters = require_whole(content["parameters"], path)
    known = (mark.return_scales, mark.steps, content["unlearnt"], mark.beyond, content["anchor"])
    return Brain(mark.training, parameters, *known, mark.step_share)


def _damage(folder: Path, mark: ChildMark, brain: Path) -> Iterator[str]:
    expected = {brain: mark.brain_sha256}
    expected |= {_session_file(folder, n): digest for n, digest in enumerate(mark.diary_sha256)}
    for path, digest in expected.items():
        if not path.is_file():
            yield f"{path}: missing"
        elif file_sha256(path) != digest:
            yield f"{path}: changed"


def _session_file(folder: Path, number: int) -> Path:
    return folder / DIARY / f"{number:06d}.json"


def _brain_file(folder: Path, digest: str) -> Path:
    """A name that tells the content, so that no brain ever stands in place of another."""
    return folder / f"brain_{digest[:12]}.pt"
