"""Films of the documentation: small, of every exercise, and of the policies that are shipped."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from dmi_sim.names import exercises
from dmi_sim.training.bundle import POLICY, read_bundle_manifest
from dmi_sim.training.library import policy_folder, shipped_folder

DOCS = Path(__file__).parents[1] / "docs"
ALL_BUNDLES_BYTES = 20_000_000


class Scripts:
    """The modules of ``docs/``, as the script and the pages see them."""

    def __init__(self) -> None:
        self.films: Any = import_module("film_list")
        self.record: Any = import_module("record_films")


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripts]:
    monkeypatch.syspath_prepend(str(DOCS))
    before = set(sys.modules)
    yield Scripts()
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(DOCS)):
            del sys.modules[name]


@pytest.fixture
def shown(scripts: Scripts) -> Any:
    return scripts.films.Film(
        "sitting",
        "infant_0",
        "0" * 64,
        "DMI/Sitting-v1",
        "none",
        7.0,
        5,
        10,
        9,
        True,
        1.0,
        False,
        0.1,
    )


def row(
    seed: int, reward: float, *, success: bool = True, completion: float = 1.0
) -> dict[str, Any]:
    return {
        "seed": seed, "total_reward": reward, "success": success, "completion": completion
    }  # fmt: skip


# What is shipped


def test_every_film_is_small_and_of_an_exercise_and_every_exercise_has_one(
    scripts: Scripts,
) -> None:
    films = scripts.films.read_films()
    assert list(scripts.films.problems(scripts.films.FILMS, films, exercises())) == []


def test_every_film_is_of_the_policy_that_is_shipped_now(scripts: Scripts) -> None:
    """Where it fails, ``make films`` records the films anew; look at them."""
    old = [
        name
        for name, film in scripts.films.read_films().items()
        if read_bundle_manifest(policy_folder(film.policy)).files_sha256[POLICY]
        != film.policy_sha256
    ]
    assert old == []


def test_all_policies_together_are_small() -> None:
    sizes = [path.stat().st_size for path in shipped_folder().rglob("*") if path.is_file()]
    assert 0 < sum(sizes) < ALL_BUNDLES_BYTES


def test_films_that_are_wrong_are_told(scripts: Scripts, shown: Any, tmp_path: Path) -> None:
    told = scripts.films.problems
    film = tmp_path / "sitting.mp4"
    film.write_bytes(b"film")
    assert list(told(tmp_path, {"sitting": shown}, ["sitting"])) == []
    assert list(told(tmp_path, {}, ["sitting"])) == ["sitting: not in the list of films"]
    assert list(told(tmp_path, {"sitting": shown}, ["sitting", "walking"])) == [
        "walking: has no film, others have"
    ]
    assert list(told(tmp_path, {"sitting": shown}, [])) == ["sitting: no such exercise"]
    film.write_bytes(bytes(scripts.films.LARGEST_BYTES))
    assert list(told(tmp_path, {"sitting": shown}, ["sitting"])) == [
        "sitting: 1.0 MB; a film is below 1 MB"
    ]
    film.unlink()
    assert list(told(tmp_path, {"sitting": shown}, ["sitting"])) == [
        "sitting: in the list without a film"
    ]


# Which episode, and what is said of it


def test_the_typical_episode_is_the_median_of_the_successes(scripts: Scripts) -> None:
    rows = [row(1, 9.0), row(2, 5.0), row(3, 7.0), row(4, 99.0, success=False), row(5, 8.0)]
    assert scripts.films.typical(rows)["seed"] == 3


def test_without_a_success_it_is_the_median_of_what_was_completed(scripts: Scripts) -> None:
    rows = [row(n, 0.0, success=False, completion=share) for n, share in enumerate((0.9, 0.1, 0.4))]
    assert scripts.films.typical(rows)["seed"] == 2


def test_a_caption_says_how_often_it_succeeds(scripts: Scripts, shown: Any) -> None:
    told = scripts.films.caption(shown)
    assert "7 months, no hands: `infant_0` in `DMI/Sitting-v1`" in told
    assert "typical of its successes in 9 of 10 unseen tests; it stays in place." in told


@pytest.mark.parametrize(
    ("travel_m", "fell", "wanted"),
    [(0.8, False, "; it goes 0.8 m."), (0.8, True, "; it goes 0.8 m and falls.")],
)
def test_a_caption_says_how_far_it_goes_and_if_it_falls_after_a_success(
    travel_m: float, fell: bool, wanted: str, scripts: Scripts, shown: Any
) -> None:
    told = scripts.films.caption(replace(shown, travel_m=travel_m, fell=fell))
    assert told.endswith(wanted)


def test_a_caption_says_if_there_is_no_success(scripts: Scripts, shown: Any) -> None:
    failed = replace(
        shown, success=False, successes=0, completion=0.43, fell=True, support="lower_ribs"
    )
    told = scripts.films.caption(failed)
    assert "hands: lower ribs" in told
    assert "none of 10 unseen tests" in told
    assert "completes 43 %; it stays in place and falls." in told


def test_a_film_takes_the_place_of_the_one_before(
    scripts: Scripts, shown: Any, tmp_path: Path
) -> None:
    path = tmp_path / "films.csv"
    standing = replace(shown, exercise="standing", success=False)
    for film in (standing, shown, again := replace(shown, seed=8, completion=1 / 3)):
        scripts.films.keep_film(film, path)
    assert scripts.films.read_films(path) == {"sitting": again, "standing": standing}


# Recording


def test_a_list_that_cannot_be_kept_on_is_told_before_anything_is_recorded(
    scripts: Scripts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(scripts.record, "find_spec", lambda _: object())
    (tmp_path / "films.csv").write_text("exercise,policy\nsitting,sitting_0\n")
    words = ["sitting", "--out", str(tmp_path / "films"), "--list", str(tmp_path / "films.csv")]
    with pytest.raises(SystemExit) as ended:
        scripts.record.main(words)
    assert ended.value.code == 2
    assert "films.csv: no list of films" in capsys.readouterr().err
    assert not (tmp_path / "films").exists()


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Stands in for moviepy, which is not needed to test; it keeps the pictures of each film."""
    kept: list[Any] = []

    class Clip:
        def __init__(self, frames: list[Any], fps: int) -> None:
            self.frames, self.fps = frames, fps

        def write_videofile(self, path: str, logger: object) -> None:
            assert logger is None
            kept.append((np.array(self.frames), self.fps))
            Path(path).write_bytes(b"a film")

    for name in ("moviepy", "moviepy.video", "moviepy.video.io"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    writer: Any = ModuleType("moviepy.video.io.ImageSequenceClip")
    writer.ImageSequenceClip = Clip
    monkeypatch.setitem(sys.modules, writer.__name__, writer)
    return kept


def test_a_film_is_a_whole_episode_in_real_time(
    scripts: Scripts, encoder: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scripts.record, "EPISODES", 1)
    monkeypatch.setattr(scripts.record, "WIDTH_PX", 64)
    monkeypatch.setattr(scripts.record, "HEIGHT_PX", 64)
    policy, folder = scripts.record.policy_of("rolling"), tmp_path / "films"
    listed = tmp_path / "films.csv"
    told = scripts.record.film("rolling", policy, None, folder, listed)
    ((pictures, fps),) = encoder
    assert pictures.shape[1:] == (64, 64, 3)
    assert fps == 30
    assert 2 <= len(pictures) <= 6 * fps + 1  # the start, and a picture for each control step
    assert (pictures[0] != pictures[-1]).any()
    assert told.fell or len(pictures) == 6 * fps + 1
    assert told.travel_m > 0.05  # whoever rolls over goes some way
    assert scripts.films.read_films(listed) == {"rolling": told}
    assert [path.name for path in folder.iterdir()] == ["rolling.mp4"]
    assert list(scripts.films.problems(folder, {"rolling": told}, ["rolling"])) == []


def test_a_film_that_is_too_large_is_refused(
    scripts: Scripts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scripts.record, "EPISODES", 1)
    monkeypatch.setattr(scripts.record, "record", lambda *_: (bytes(1_000_000), 0.0))
    policy = scripts.record.policy_of("rolling")
    with pytest.raises(ValueError, match=r"rolling: its film has 1\.0 MB"):
        scripts.record.film("rolling", policy, None, tmp_path / "films", tmp_path / "films.csv")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "installed", "wanted"),
    [
        (["sitting"], None, "pip install 'dmi-sim[films]'"),
        (["siting"], object(), "did you mean 'sitting'?"),
        (["sitting", "--policy", "infnt_9"], object(), "policy: no 'infnt_9'"),
    ],
)
def test_what_cannot_be_recorded_is_refused_in_one_line(
    words: list[str],
    installed: object,
    wanted: str,
    scripts: Scripts,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(scripts.record, "find_spec", lambda _: installed)
    with pytest.raises(SystemExit) as ended:
        scripts.record.main([*words, "--out", str(tmp_path), "--list", str(tmp_path / "films.csv")])
    assert ended.value.code == 2
    assert wanted in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
