"""What `check` refuses is what `study` refuses, both ways, wherever the file lies."""

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from dmi_sim.catalog import Catalog, parse_yaml
from dmi_sim.check import check_own
from dmi_sim.cli.study import chosen_study, study
from dmi_sim.errors import InputError
from dmi_sim.names import conditions
from dmi_sim.spec.condition import ConditionSpec
from dmi_sim.spec.curriculum import CurriculumSpec
from dmi_sim.spec.exercise import ExerciseSpec
from dmi_sim.spec.study import StudySpec
from dmi_sim.spec.support import SupportSpec
from dmi_sim.study.kinds import kind_of
from dmi_sim.study.run import StudyResult
from dmi_sim.study.run_setup import Run

SHIPPED = Catalog.shipped()
ODD: tuple[Any, ...] = ("nowhere", -1, 1.5, 10**9, None, [], {}, ["none", "none"], True)
"""Values of which each field of a study takes few or none."""


def small() -> dict[str, Any]:
    """The shipped study in sitting of today, with one infant and every field there may be."""
    text = SHIPPED.text(StudySpec, "site_in_sitting")
    data: dict[str, Any] = parse_yaml(text, "study")
    del data["arms"]["axillae"]
    data["arms"]["pelvis"] |= {
        "dose": {"training_steps": 8192},
        "age_months": 8,
        "rewards": {"effort": {"weight": -0.1}},
        "training": {"gamma": 0.95},
    }
    data["primary_outcome"]["comparisons"] = [["pelvis", "none"]]
    data["test"] |= {"supports": ["none", "waist"], "transfer": ["sitting_tilt"]}
    data["conditions"] = [
        {"name": "spastic_cp", "severity": 0.5, "options": {"topography": "diplegia"}}
    ]
    return data | {"exercise": "sitting", "seeds": 1, "rewards": {}, "training": {"n_epochs": 5}}


def places(node: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value in nested mappings and lists."""
    inner = (
        node.items()
        if isinstance(node, dict)
        else enumerate(node)
        if isinstance(node, list)
        else ()
    )
    for key, value in inner:
        yield (*path, key)
        yield from places(value, (*path, key))


def changed(path: tuple[Any, ...], value: object) -> dict[str, Any]:
    data = deepcopy(small())
    here: Any = data
    for key in path[:-1]:
        here = here[key]
    here[path[-1]] = value
    return data


def refused_by_study(path: Path) -> bool:
    """Whether either form of a study ends before anything is written."""
    try:
        for quick in (False, True):
            name, spec = chosen_study(str(path), quick=quick)
            kind = kind_of(spec)
            kind.preflight(kind.plan(name, spec, SHIPPED), SHIPPED)
    except InputError:
        return True
    return False


def refused_by_check(path: Path) -> bool:
    return bool(check_own(path, SHIPPED).problems)


def written(folder: Path, data: object, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_text(json.dumps(data))  # JSON is YAML
    return path


@pytest.mark.parametrize("place", list(places(small())), ids=lambda path: ".".join(map(str, path)))
def test_check_and_study_agree_on_every_value_of_a_study(
    tmp_path: Path, place: tuple[Any, ...]
) -> None:
    for value in ODD:
        path = written(tmp_path, changed(place, value))
        assert refused_by_check(path) == refused_by_study(path), (place, value)


def test_a_study_that_says_everything_is_accepted_by_both(tmp_path: Path) -> None:
    path = written(tmp_path, small())
    assert check_own(path, SHIPPED).problems == ()
    assert not refused_by_study(path)


@pytest.mark.parametrize("condition", conditions())
def test_check_and_study_agree_on_the_options_of_conditions(tmp_path: Path, condition: str) -> None:
    options = SHIPPED.load(ConditionSpec, condition).options
    own = {name: option.default for name, option in options.items()}
    chosen = [own, {"no_such": 1}, *({**own, name: odd} for name in own for odd in ("x", -1, 99))]
    verdicts = set[bool]()
    for one in chosen:
        kind = {"name": condition, "severity": 0.5, "options": one}
        path = written(tmp_path, small() | {"conditions": [kind]})
        is_refused = refused_by_check(path)
        assert is_refused == refused_by_study(path), one
        verdicts.add(is_refused)
    assert verdicts == {True, False}


def test_a_study_may_lie_anywhere_and_other_files_may_not(tmp_path: Path) -> None:
    assert check_own(written(tmp_path, small(), "mine.yml"), SHIPPED).problems == ()
    for kind, name in ((ExerciseSpec, "sitting"), (SupportSpec, "pelvis")):
        path = tmp_path / f"{name}.yaml"
        path.write_text(SHIPPED.text(kind, name))
        (line,) = check_own(path, SHIPPED).problems
        assert "must lie in one of the folders" in line


@pytest.mark.parametrize("name", SHIPPED.names(CurriculumSpec))
def test_a_curriculum_may_lie_anywhere_too(tmp_path: Path, name: str) -> None:
    path = tmp_path / "own.yaml"
    misspelt = SHIPPED.text(CurriculumSpec, name).replace("exercise: walking", "exercise: walkin")
    path.write_text(misspelt.replace("  walking:", "  walkin:"))  # its teacher, where it has one
    told = "no 'walkin' in envs; did you mean 'walking'"
    problems = check_own(path, SHIPPED).problems
    assert [line for line in problems if told not in line] == []
    assert bool(problems) == ("walkin}" in misspelt or "walkin," in misspelt)


def test_a_study_runs_from_a_file_of_either_ending(tmp_path: Path) -> None:
    for name in ("one.yaml", "two.yml"):
        assert chosen_study(str(written(tmp_path, small(), name)), quick=True)[0] == name[:3]


def test_a_study_uses_the_files_beside_it_as_check_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its exercise is nowhere else; only the running of cells is left out."""
    for folder in ("envs", "experiments"):
        (tmp_path / folder).mkdir()
    text = SHIPPED.text(ExerciseSpec, "sitting")
    (tmp_path / "envs/my_sitting.yml").write_text(text)
    data = small() | {"exercise": "my_sitting"}
    path = written(tmp_path / "experiments", data)
    assert check_own(path, SHIPPED).problems == ()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("dmi_sim.study.run.run_prepared", finished_at_once)
    answer = study(str(path), quick=True)
    assert (answer.data["done"], answer.data["total"]) == (0, 6)


def finished_at_once(run: Run, *_: object) -> StudyResult:
    return StudyResult(run.folder, 0, len(run.cells), (), (), (), "", 0.0)


@pytest.mark.parametrize("key", small())
def test_a_misspelt_key_is_named_wherever_the_study_lies(tmp_path: Path, key: str) -> None:
    data = small()
    data[f"{key}x"] = data.pop(key)
    problems = check_own(written(tmp_path, data), SHIPPED).problems
    assert any(f"{key}x: unknown key; did you mean '{key}'?" in line for line in problems)
