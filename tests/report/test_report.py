"""The report page: in order, self-contained, nothing invented, nothing hidden."""

import base64
import csv
import io
import re
from dataclasses import replace
from html import unescape
from math import isnan, nan
from pathlib import Path

import numpy as np
import pytest

from dmi_sim.catalog import Catalog, override
from dmi_sim.errors import InputError
from dmi_sim.names import conditions
from dmi_sim.outcome.registry import OUTCOMES
from dmi_sim.report.background import cells_section
from dmi_sim.report.context import report_context
from dmi_sim.report.findings import StudyFindings, study_findings
from dmi_sim.report.html import report_html, write_report
from dmi_sim.report.labels import measure
from dmi_sim.report.replays import replay_section
from dmi_sim.report.results import question_section
from dmi_sim.report.tables import RunTables, read_run
from dmi_sim.report.training import assistance_section, learning_section
from dmi_sim.spec.condition import ConditionSpec
from dmi_sim.spec.study import ConditionChoice
from dmi_sim.statistics.intervals import Estimate
from dmi_sim.statistics.p_values import FEWEST_TO_DECIDE, smallest_sign_flip_p
from dmi_sim.study.columns import Row
from dmi_sim.study.store import cell_folder
from dmi_sim.tables import with_unit
from tests.report.fakes import DOSES_H, asking_for, fake_run, fake_run_of, study
from tests.report.pages import Outline, answer_of, section_of, text_of, without_replay


def test_all_tags_close_and_the_sections_come_in_order(page: str) -> None:
    outline = Outline()
    outline.feed(page)
    assert outline.open == []
    assert outline.headings == [
        "The question", "The answer", "Learning over practice", "Under pushes, after all practice",
        "What the hands gave during practice", "See it", "All cells", "What this run rests on",
        "References", "For a paper", "Methods and words", "Versions and hashes",
    ]  # fmt: skip


def test_nothing_is_fetched_from_elsewhere(page: str) -> None:
    bare = without_replay(page)
    assert "http" not in bare
    assert re.findall(r'(?:src|href)="(?!#|data:)[^"]*"', bare) == []
    assert "@import" not in bare
    assert "<link" not in bare


def test_links_inside_the_page_lead_somewhere(page: str) -> None:
    bare = without_replay(page)
    targets = set(re.findall(r'\bid="([^"]+)"', bare))
    assert set(re.findall(r'href="#([^"]+)"', bare)) <= targets


def test_the_context_of_use_stands_first_and_last(page: str, run: RunTables) -> None:
    body = without_replay(page)
    use = run.manifest.context_of_use
    assert body.count(use) == 2
    assert body.index(use) < body.index("<h1>")
    assert body.rindex(use) > body.index("Versions and hashes")


def test_the_effect_of_a_card_stays_whole(page: str) -> None:
    effects = re.findall(r'<p class="effect">([^<]*)</p>', page)
    assert effects
    assert [one for one in effects if " " in one.partition("[")[2]] == []


def test_effect_sizes_come_before_every_figure_and_curve(page: str) -> None:
    assert page.index('class="effect"') < page.index("<svg")
    assert page.index("+2.0 s [0.8, 3.2]") < page.index("Learning over practice")


def known_numbers(run: RunTables, findings: StudyFindings) -> set[str]:
    """Every number of the tables, rounded in every way that the report may round it."""
    values: list[float] = [len(findings.arms), len(findings.comparisons), len(DOSES_H), 95, 10, 1]
    values += [run.manifest.spec.seeds, run.manifest.spec.test.episodes, 7, max(DOSES_H)]
    values += [100 * run.manifest.spec.arms["pelvis"].support_strength]
    for result in findings.results:
        values += [*result.values.values(), result.interquartile_mean]
        values += [100 * result.success_share, 100 * result.fell_share]
        values += spread(result.mean)
    for one in findings.comparisons:
        each = np.array(list(one.differences.values()))
        values += [len(each), int(np.sum(each > 0)), int(np.sum(each < 0))]
        values += [one.p_value, one.p_holm, one.p_equivalent, one.p_equivalent_holm]
        values += [one.p_sign_flip, smallest_sign_flip_p(len(each)), FEWEST_TO_DECIDE]
        values += [one.p_holm < 0.05, sum(c.p_holm < 0.05 for c in findings.comparisons)]
        values += [sum(not c.difference.contains(0) for c in findings.comparisons)]
        for estimate in (one.difference, one.student, one.bootstrap, one.robust, one.hedges_g):
            values += spread(estimate)
        values += [100 * value for value in spread(one.chance)]
    return {f"{abs(value):.{decimals}f}" for value in values for decimals in range(4)}


def spread(estimate: Estimate) -> list[float]:
    return [estimate.value, estimate.low, estimate.high]


def test_every_number_of_the_answer_is_in_the_tables(
    page: str, run: RunTables, findings: StudyFindings
) -> None:
    numbers = re.findall(r"\d+(?:\.\d+)?", section_of(page, "answer"))
    assert len(numbers) > 60
    assert set(numbers) <= known_numbers(run, findings)


def test_every_number_of_what_was_done_is_in_the_tables(
    page: str, run: RunTables, findings: StudyFindings
) -> None:
    done = section_of(page, "question").replace(run.manifest.spec.background, "")
    assert set(re.findall(r"\d+(?:\.\d+)?", done)) <= known_numbers(run, findings)


def test_other_results_give_other_words(run: RunTables, page: str) -> None:
    """No winner is written into the page: swap the arms' numbers, and the verdicts swap."""
    swap = {"pelvis": "axillae", "axillae": "pelvis", "none": "none"}
    tests = tuple({**row, "arm": swap[str(row["arm"])]} for row in run.tests)
    swapped = answer_of(replace(run, tests=tests))
    assert "was higher after practice with hands at the pelvis" in section_of(page, "answer")
    assert "higher after practice with hands at the pelvis" not in swapped
    assert "higher after practice with hands at the armpits" in swapped


def test_arms_alike_are_no_difference_shown(run: RunTables) -> None:
    tests = tuple({**row, "time_upright_s": 3.0} for row in run.tests)
    text = answer_of(replace(run, tests=tests))
    assert "no difference shown" in text
    assert "higher after practice" not in text


def test_a_test_at_which_everybody_succeeds_is_called_too_easy(run: RunTables, page: str) -> None:
    tests = tuple({**row, "success": 1.0, "fell": 1.0} for row in run.tests)
    assert "The last test was too easy" in answer_of(replace(run, tests=tests))
    assert "The last test was too" not in section_of(page, "answer")


def test_a_test_that_training_does_not_change_is_called_too_hard(run: RunTables) -> None:
    tests = tuple({**row, "time_upright_s": 1.0 + 0.01 * float(row["seed"])} for row in run.tests)
    text = answer_of(replace(run, tests=tests))
    assert "The last test was too hard" in text
    assert "equivalent" not in text


def test_only_of_what_should_grow_can_a_test_be_too_hard(run: RunTables) -> None:
    too_hard = {
        name: "The last test was too hard"
        in answer_of(replace(asked, tests=first_again(asked, name)))
        for name, asked in ((name, asking_for(run, name)) for name in OUTCOMES)
    }
    assert too_hard == {name: one.direction == "higher" for name, one in OUTCOMES.items()}


def first_again(run: RunTables, outcome: str) -> tuple[Row, ...]:
    """All tests with an outcome of about a half that practice does not change."""
    return tuple({**row, outcome: 0.5 - 0.01 * float(row["seed"])} for row in run.tests)


@pytest.mark.parametrize(("pushed", "kind"), [("true", "Under"), ("false", "Without")])
def test_the_last_test_that_is_drawn_is_that_which_answers(
    run: RunTables, pushed: str, kind: str
) -> None:
    spec = override(run.manifest.spec, [f"primary_outcome.pushed={pushed}"])
    asked = replace(run, manifest=run.manifest.model_copy(update={"spec": spec}))
    assert f"{kind} pushes, after all practice" in report_html(asked, Catalog.shipped())


def test_each_figure_of_the_hands_says_whose_practice_it_was(tmp_path: Path) -> None:
    spec = override(study(seeds=2), ["ages_months=[5, 7]"])
    page = report_html(
        read_run(fake_run_of(tmp_path / "run", spec, lambda _: 1.0)), Catalog.shipped()
    )
    _, _, section = page.partition('<section id="assistance">')
    drawn = re.findall(r"<svg.*?</svg>", section.partition("</section>")[0], flags=re.DOTALL)
    assert [f"girl of {age} months" in one for age, one in zip((5, 7), drawn, strict=True)] == [
        True,
        True,
    ]


def test_falls_alone_do_not_make_a_test_too_hard(run: RunTables) -> None:
    tests = tuple({**row, "fell": 1.0, "success": 0.0} for row in run.tests)
    assert "The last test was too" not in answer_of(replace(run, tests=tests))


def test_few_infants_and_faults_give_warnings(run: RunTables) -> None:
    tests = tuple({**row, "physics_faults": 1} for row in run.tests)
    text = answer_of(replace(run, tests=tests))
    assert "These intervals rest on 3 infants." in text
    assert "In 54 of 108 test episodes the simulation gave up" in text


def test_all_cells_are_shown_the_lost_one_with_its_reason(lossy: RunTables) -> None:
    inside = cells_section(lossy, report_context(lossy, Catalog.shipped()))
    text = text_of(inside)
    for key, label in lossy.manifest.cells.items():
        assert key in text
        assert label in text
    assert "8 of 9 planned cells were finished" in text
    assert "given up after 3 attempts: worker <killed>" in text
    assert "<killed>" not in inside
    assert "rest on 2 to 3 infants" in answer_of(lossy)


def test_a_cell_that_cannot_be_read_is_named(folder: Path) -> None:
    key = next(iter(read_run(folder).records))
    (cell_folder(folder, key) / "episodes.parquet").write_bytes(b"half a file")
    run = read_run(folder)
    text = text_of(cells_section(run, report_context(run, Catalog.shipped())))
    assert f"Left out: cell {key}" in text
    assert "finished, but its files cannot be read" in text


def test_an_unfinished_run_says_so(lossy: RunTables) -> None:
    manifest = lossy.manifest.model_copy(update={"status": "interrupted"})
    page = report_html(replace(lossy, manifest=manifest), Catalog.shipped())
    assert "interrupted before all cells were in" in page


def test_tables_to_take_away_hold_the_numbers(page: str, findings: StudyFindings) -> None:
    data = re.search(r'href="data:text/csv;base64,([^"]+)" download="comparisons.csv"', page)
    assert data is not None
    rows = list(csv.DictReader(io.StringIO(base64.b64decode(data[1]).decode())))
    assert [float(row["difference_low"]) for row in rows] == [
        one.difference.low for one in findings.comparisons
    ]


def test_evidence_and_software_of_the_run_are_listed(page: str, run: RunTables) -> None:
    assert "models/bodies/infant.yaml" in section_of(page, "rests")
    assert "WHO Child Growth Standards" in section_of(page, "references")
    versions = section_of(page, "versions")
    assert run.manifest.run_hash in versions
    assert all(digest in versions for digest in run.manifest.sources.values())


def test_the_replay_is_inside_the_page_and_stills_stand_below(page: str) -> None:
    frame = re.search(r'<iframe srcdoc="([^"]*)"', page)
    assert frame is not None
    assert '<script id="film"' in unescape(frame[1])
    assert page.count('<figure class="strip">') == 6


def test_a_broken_recording_costs_its_replay_only(folder: Path) -> None:
    for key in read_run(folder).records:
        (cell_folder(folder, key) / "replay.npz").write_bytes(b"half a clip")
        (cell_folder(folder, key) / "shapes.json").write_text("[]")
    run = read_run(folder)
    context, catalog = report_context(run, Catalog.shipped()), Catalog.shipped()
    inside = replay_section(run, context, catalog)
    assert "No recording can be shown" in inside or "No recording was kept" in inside


def test_two_kinds_of_infants_are_told_apart(run: RunTables) -> None:
    boys = tuple({**row, "sex": "male", "cell": f"{row['cell']}b"} for row in run.tests)
    helped = tuple({**row, "sex": "male", "cell": f"{row['cell']}b"} for row in run.training)
    both = replace(run, tests=(*run.tests, *boys), training=(*run.training, *helped))
    context = report_context(both, Catalog.shipped())
    text = answer_of(both)
    assert "boy of 7 months" in learning_section(context)
    assert text_of(assistance_section(context)).count("boy of 7 months") == 3
    assert text.count("boy of 7 months") == text.count("girl of 7 months") > 0
    assert len(study_findings(both).comparisons) == 6


def test_the_report_is_written_into_the_run_and_replaces_an_older_one(folder: Path) -> None:
    (folder / "report.html").write_text("old")
    path = write_report(folder)
    assert path == folder / "report.html"
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_report_written_twice_is_the_same(folder: Path) -> None:
    assert write_report(folder).read_bytes() == write_report(folder).read_bytes()


def test_nothing_is_written_where_there_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        write_report(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_ten_infants_are_no_longer_few(tmp_path: Path) -> None:
    gains = {arm: tuple(2.0 + 0.1 * k * k for k in range(10)) for arm in ("axillae", "none")}
    gains["pelvis"] = tuple(3.0 + 0.2 * k for k in range(10))
    run = read_run(fake_run(tmp_path / "run", gains, with_replays=False))
    assert "These intervals rest on" not in answer_of(run)


def test_one_infant_gives_differences_and_no_interval_to_speak_of(tmp_path: Path) -> None:
    gains = {"axillae": (2.0,), "pelvis": (3.0,), "none": (2.5,)}
    answer = answer_of(read_run(fake_run(tmp_path / "run", gains, with_replays=False)))
    assert "These differences rest on 1 infant." in answer
    assert "These intervals" not in answer


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_study_may_ask_for_any_outcome_and_has_its_words(run: RunTables, outcome: str) -> None:
    asked = asking_for(run, outcome)
    context = report_context(asked, Catalog.shipped())
    words = measure(outcome)
    heading = f"{words.title.capitalize()}, mean over practice"
    assert f"Measured was the {words.title}: {words.meaning}" in text_of(question_section(context))
    assert f"{words.title} was higher after practice" in answer_of(asked)
    assert with_unit(heading, words.bracketed_unit) in text_of(cells_section(asked, context))


@pytest.mark.parametrize("times", [1.0, -1.0, nan])
def test_an_outcome_that_is_below_zero_or_nan_in_every_episode_is_drawn_too(
    lossy: RunTables, times: float
) -> None:
    asked = asking_for(lossy, "margin_of_stability_mean_mm", times)
    outline = Outline()
    outline.feed(report_html(asked, Catalog.shipped()))
    assert outline.open == []
    assert "[]" not in answer_of(asked)
    assert ("No verdict" in answer_of(asked)) == isnan(times)


def test_a_run_that_is_not_whole_tells_how_many_infants_practised(run: RunTables) -> None:
    asked = replace(run, manifest=run.manifest.model_copy(update={"spec": study(seeds=5)}))
    text = text_of(question_section(report_context(asked, Catalog.shipped())))
    assert "3 of 5 planned simulated infants" in text
    assert "3 of 5 planned" not in text_of(question_section(report_context(run, Catalog.shipped())))


def test_without_an_infant_in_both_arms_nothing_is_said_of_intervals(run: RunTables) -> None:
    alone = [row for row in run.tests if row["arm"] == "pelvis"]
    answer = answer_of(replace(run, tests=tuple(alone)))
    assert "No verdict: no infant in both arms" in answer
    for said in ("These intervals rest on", "in 0 of 0 infants", "s [no interval]"):
        assert said not in answer


def test_arms_whose_titles_have_commas_are_parted_by_semicolons(run: RunTables) -> None:
    spec = override(study(), ["arms.axillae.support_strength=0.5"])
    asked = replace(run, manifest=run.manifest.model_copy(update={"spec": spec}))
    text = text_of(question_section(report_context(asked, Catalog.shipped())))
    assert re.search(r": [^;.]*, 50 % strength; [^;.]*; or [^;.]*\.", text)


def test_an_outcome_that_never_differs_is_called_so_and_not_too_hard(run: RunTables) -> None:
    """As the time without a fall in an exercise in which nobody can fall."""
    tests = tuple({**row, "time_upright_s": 6.0, "success": 0.0} for row in run.tests)
    text = answer_of(replace(run, tests=tests))
    assert "the time without a fall was the same in every infant and every arm" in text
    assert "The last test was too" not in text


@pytest.mark.parametrize("condition", conditions())
def test_a_run_of_every_condition_is_reported_under_its_title(
    condition: str, tmp_path: Path
) -> None:
    """Two severities of it beside each other."""
    options = {
        name: option.default
        for name, option in Catalog.shipped().load(ConditionSpec, condition).options.items()
    }
    spec = study(seeds=2).model_copy(
        update={
            "conditions": tuple(
                ConditionChoice(name=condition, severity=severity, options=options)
                for severity in (0.25, 0.75)
            )
        }
    )
    run = read_run(fake_run_of(tmp_path / "run", spec, lambda cell: cell.subject.seed + 1.0))
    context = report_context(run, Catalog.shipped())
    told = f"{text_of(question_section(context))} {text_of(assistance_section(context))}"
    title = Catalog.shipped().load(ConditionSpec, condition).title
    assert title.lower() in told.lower()
    assert condition == title.lower() or "_" not in condition or condition not in told
    assert ("severity 0.25" in told) == ("severity 0.75" in told) == (condition != "typical")
    assert "2 simulated infants of each kind" in told
