"""The folder of a child is whole at any time, and says so; what was changed is refused."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dmi_sim.child import files
from dmi_sim.child.child import Child
from dmi_sim.errors import InputError
from dmi_sim.therapy.trial import Trial
from tests.child.plain import child, programme


@pytest.fixture(scope="module")
def lived() -> Child:
    """A child after a week."""
    one = child()
    one.run()
    return one


def test_a_child_comes_back_as_it_was_saved(lived: Child, tmp_path: Path) -> None:
    lived.save(tmp_path)
    lived.save(tmp_path)
    back = Child.resume(tmp_path, programme())
    assert back == lived
    assert back.diary == lived.diary
    assert back.policy.to_bytes() == lived.policy.to_bytes()


def test_a_session_that_stands_in_the_diary_is_not_written_again(
    lived: Child, tmp_path: Path
) -> None:
    lived.save(tmp_path)
    written = {path: path.stat().st_mtime_ns for path in (tmp_path / "diary").iterdir()}
    lived.save(tmp_path)
    assert len(written) == len(lived.diary)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "diary").iterdir()} == written


@pytest.mark.parametrize("stops_before", range(1, 6))
def test_a_kill_while_it_is_saved_leaves_the_child_that_was_there(
    lived: Child, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stops_before: int
) -> None:
    begun = child()
    begun.save(tmp_path)
    write, count = files.write_bytes, 0

    def killed(path: Path, data: bytes) -> None:
        nonlocal count
        count += 1
        if count == stops_before:
            raise KeyboardInterrupt
        write(path, data)

    monkeypatch.setattr(files, "write_bytes", killed)
    monkeypatch.setattr(files, "write_text", lambda path, text: killed(path, text.encode()))
    with pytest.raises(KeyboardInterrupt):
        lived.save(tmp_path)
    monkeypatch.undo()
    assert Child.resume(tmp_path, programme()) == begun
    lived.save(tmp_path)
    assert Child.resume(tmp_path, programme()) == lived


def change(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"sitting", b"sittinG")[:-1] + b" ")


@pytest.mark.parametrize("harm", [change, Path.unlink], ids=["changed", "missing"])
@pytest.mark.parametrize("pattern", ["brain_*.pt", "diary/000001.json"])
def test_a_file_that_is_not_as_it_was_written_is_named(
    lived: Child, tmp_path: Path, pattern: str, harm: Callable[[Path], None]
) -> None:
    lived.save(tmp_path)
    (path,) = tmp_path.glob(pattern)
    harm(path)
    with pytest.raises(InputError, match=rf"{path.name}: (changed|missing)$"):
        Child.resume(tmp_path, programme())


def test_a_mark_that_was_changed_is_refused(lived: Child, tmp_path: Path) -> None:
    mark = lived.save(tmp_path)
    mark.write_text(mark.read_text().replace('"week": 1', '"week": 2'))
    with pytest.raises(InputError, match=r"child\.json: changed"):
        Child.resume(tmp_path, programme())
    mark.write_text("{}")
    with pytest.raises(InputError, match=r"child\.json: not readable"):
        Child.resume(tmp_path, programme())


def test_a_folder_that_holds_something_else_is_left_alone(lived: Child, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no child was saved here"):
        Child.resume(tmp_path)
    (tmp_path / "letter.txt").write_text("dear all")
    with pytest.raises(InputError, match="not empty, and no child"):
        lived.save(tmp_path)
    child(seed=2).save(tmp_path / "two")
    with pytest.raises(InputError, match="holds another child"):
        lived.save(tmp_path / "two")


def test_a_child_does_not_go_on_in_another_programme(lived: Child, tmp_path: Path) -> None:
    lived.save(tmp_path)
    with pytest.raises(InputError, match="programme: not the one that the child has practised in"):
        Child.resume(tmp_path, programme((Trial("standing"),)))
    with pytest.raises(InputError, match="programme: "):  # no file says what this therapist does
        Child.resume(tmp_path)
