"""Replays are of one infant, titled as what they are, with the furniture that is known."""

from dataclasses import replace

import numpy as np
import pytest

from dmi_sim.catalog import Catalog
from dmi_sim.errors import InputError
from dmi_sim.physics.scene import FLOOR_ONLY, Scene
from dmi_sim.recording import Recording
from dmi_sim.render.shapes import Shape
from dmi_sim.report import replays
from dmi_sim.report.context import report_context
from dmi_sim.report.replays import replay_clips, replay_section, scene_of
from dmi_sim.report.tables import RunTables
from dmi_sim.study.cell_files import CellRecord
from dmi_sim.study.plan import Cell, plan
from tests.render.bodies import shapes, toppling
from tests.report.fakes import NAME, study
from tests.report.pages import text_of

SHIPPED = Catalog.shipped()


def told_by(run: RunTables) -> str:
    """The text of the section on replays."""
    return text_of(replay_section(run, report_context(run, SHIPPED), SHIPPED))


def with_severity(record: CellRecord, severity: float) -> CellRecord:
    """A cell of the first infant, if that had a condition."""
    subject = record.cell.subject.model_copy(
        update={"condition": "hypotonia", "severity": severity, "seed": 0}
    )
    return record.model_copy(update={"cell": record.cell.model_copy(update={"subject": subject})})


def test_one_condition_at_two_severities_is_two_infants(run: RunTables) -> None:
    """The second infant of the run takes the place of the first at another severity."""
    pair = (one for one in run.records.items() if one[1].cell.subject.seed < 2)
    records = {
        key: with_severity(record, 0.8 if record.cell.subject.seed else 0.3) for key, record in pair
    }
    shown = replay_clips(replace(run, records=records), "replay", SHIPPED).shown
    assert {"severity 0.3" in clip.infant for clip in shown} == {True}
    assert [clip.arm for clip in shown] == list(run.manifest.spec.arms)


def test_a_film_is_titled_as_what_it_is(run: RunTables) -> None:
    tests, training = (replay_clips(run, n, SHIPPED) for n in ("replay", "replay_supported"))
    for alone, practised in zip(tests.shown, training.shown, strict=True):
        hands = "no hands" if alone.arm == "none" else "hands at the "
        assert alone.title.startswith(f"Practised with\n{hands}")
        assert alone.title.endswith("tested alone")
        assert not alone.in_hands
        assert practised.in_hands == (practised.arm != "none")
        assert practised.title.endswith("here in these hands" if practised.in_hands else "alone")


def test_a_film_in_hands_stands_beside_the_film_alone(run: RunTables) -> None:
    told = told_by(run)
    assert "The last test" in told
    assert "The same infant as it practises" in told
    for words in ("Hands at the armpits : tested alone", "Hands at the armpits : here in these"):
        assert words in " ".join(told.split())
    assert "One infant (girl of 7 months, typical development) after all practice" in told


@pytest.mark.parametrize("is_pushed", [True, False])
def test_arrows_are_told_of_where_there_are_pushes(
    run: RunTables, is_pushed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = toppling(0.2)
    calm = replace(film, push_force_world=np.zeros_like(film.push_force_world))

    def read(*_: object) -> tuple[Recording, tuple[Shape, ...]]:
        return film if is_pushed else calm, shapes()

    monkeypatch.setattr(replays, "read_replay", read)
    assert ("Red arrows show the pushes" in told_by(run)) == is_pushed
    assert ("push" in told_by(run)) == is_pushed


def test_a_film_that_cannot_be_read_is_named(
    run: RunTables, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise InputError("replay.npz: a recording of format 3")

    monkeypatch.setattr(replays, "read_replay", refuse)
    told = told_by(run)
    assert "No recording can be shown" in told
    assert told.count("replay.npz: a recording of format 3") == 2 * len(run.manifest.spec.arms)


def cell_of(exercise: str) -> Cell:
    spec = study(seeds=1).model_copy(update={"exercise": exercise})
    return plan(NAME, spec, Catalog.shipped())[0]


def scene_at(exercise: str, changed: dict[str, str] | None = None) -> Scene | None:
    """The scene of a cell after some changes, None if it is unknown."""
    return scene_of(cell_of(exercise).model_copy(update=changed or {}), Catalog.shipped())


def test_a_sitter_sits_on_the_floor() -> None:
    assert scene_at("sitting") == FLOOR_ONLY


def test_an_infant_that_stands_up_has_a_bench_of_its_size() -> None:
    scene = scene_at("sit_to_stand")
    assert scene is not None
    (bench,) = scene.furniture
    assert bench.centre_m[2] == pytest.approx(bench.form[1][2])  # it stands on the floor
    assert not scene.has_platform


def test_an_infant_that_is_tilted_sits_on_a_platform() -> None:
    scene = scene_at("sitting_tilt")
    assert scene is not None
    assert scene.has_platform


@pytest.mark.parametrize(
    "changed", [{"data_sha256": "0" * 64}, {"exercise": "an_exercise_that_was_removed"}]
)
def test_the_scene_is_unknown_after_files_have_changed(changed: dict[str, str]) -> None:
    assert scene_at("sit_to_stand", changed) is None
