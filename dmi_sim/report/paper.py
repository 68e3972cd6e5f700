"""What a paper needs of a run: methods, settings of the learner, pre-registration, citation."""

from collections.abc import Iterator, Mapping

from dmi_sim.report.arm_differences import arm_words, beyond_hands, practice_words
from dmi_sim.report.citation import bibtex, citation_text
from dmi_sim.report.context import ReportContext
from dmi_sim.report.markup import Html, element, fold, paragraph, section, table
from dmi_sim.report.pictures import FIGURES
from dmi_sim.report.tables import RunTables
from dmi_sim.spec.changes import DOSE_SETTING
from dmi_sim.spec.training import TrainingSpec
from dmi_sim.statistics.p_values import FEWEST_TO_DECIDE
from dmi_sim.study.preregistration import PREREGISTRATION, Registered, preregistration_state
from dmi_sim.study.resolved import ResolvedDesign
from dmi_sim.tables import UNKNOWN, percent, with_unit

_REGISTERED: Mapping[Registered, str] = {
    "unchanged": "Question, margin, comparisons and analysis were written down before any infant "
    f"practised ({PREREGISTRATION}); the file is unchanged since, and this report answers it.",
    "changed": f"{PREREGISTRATION} is not the file that was written before the run: somebody has "
    "changed it since. The settings in the manifest, which this report follows, are those of "
    "before.",
    "missing": f"{PREREGISTRATION}, written before the run, is missing; the settings in the "
    "manifest, which this report follows, are those of before.",
    "none": "This run was begun without a pre-registration.",
}


def paper_section(run: RunTables, context: ReportContext) -> Html:
    """Methods, settings of the learner, pre-registration and citation, to be copied."""
    state = preregistration_state(run.folder, run.manifest)
    return section(
        "paper",
        "For a paper",
        paragraph(
            _REGISTERED[state], class_="note" if state in ("unchanged", "none") else "warning"
        ),
        paragraph(" ".join(methods_sentences(run, context))),
        *_learner_table(context),
        paragraph(f"Figures as SVG and PDF lie beside this report, in {FIGURES}/."),
        paragraph(element("strong", "Cite this run: "), citation_text(run.manifest)),
        fold("BibTeX", element("pre", bibtex(run.manifest))),
    )


def methods_sentences(run: RunTables, context: ReportContext) -> Iterator[str]:
    """The methods of a run, one sentence at a time."""
    versions = run.manifest.provenance.versions
    yield "Simulation, not clinical evidence."
    yield from _body_sentences(context.design, versions)
    yield from _practice_sentences(context)
    yield from _test_sentences(context)
    yield from _statistics_sentences(context)


def _body_sentences(design: ResolvedDesign | None, versions: Mapping[str, str]) -> Iterator[str]:
    rates = f" at {design.physics_hz} Hz" if design else ""
    control = f", acting {design.control_hz} times a second" if design else ""
    yield (
        f"Infants were simulated with dmi_sim {versions.get('dmi-sim', UNKNOWN)}: bodies from WHO "
        "growth data with muscles, reflexes and delayed, noisy senses moved under gravity in "
        f"rigid-body physics (PyBullet {versions.get('pybullet', UNKNOWN)}){rates}."
    )
    yield (
        f"Each infant was a controller of its own{control}, trained by proximal policy "
        f"optimisation (stable-baselines3 {versions.get('stable-baselines3', UNKNOWN)}) with the "
        "settings below."
    )


def _practice_sentences(context: ReportContext) -> Iterator[str]:
    kinds = "; ".join(context.group_titles.values())
    arms = "; ".join(arm_words(context))
    yield (
        f"{context.infants_told} infants of each kind ({kinds}) practised "
        f"\u201c{context.exercise.title}\u201d{practice_words(context)} in each arm "
        f"({arms}); arms were paired: the same infant, first controller, noise and tests in each."
    )
    yield from beyond_hands(context)
    yield "No reward knew of the hands."


def _test_sentences(context: ReportContext) -> Iterator[str]:
    study, primary = context.study, context.findings.primary
    yield (
        f"At {study.dose.evaluations} points evenly along practice, the first before any, each "
        f"infant was tested in {study.test.episodes} episodes of each kind, on seeds that practice "
        f"never drew, {context.exercise.tested}{', pushed' if primary.pushed else ''}."
    )
    measure = context.measure
    if primary.waits:
        yield (
            f"The primary outcome was the {measure.title}: practice before the first test with at "
            f"least {percent(primary.share_waited_for)} successes; infants that never got there "
            "counted with all their practice (restricted mean time)."
        )
        return
    summary = "at the last test" if primary.summary == "last_evaluation" else "over all practice"
    yield f"The primary outcome was the {measure.title} {summary}: {measure.meaning}."


def _statistics_sentences(context: ReportContext) -> Iterator[str]:
    margin = with_unit(f"{context.findings.primary.equivalence_margin:g}", context.measure.unit)
    count = len(context.findings.comparisons)
    yield (
        f"{count} comparison{'s' if count != 1 else ''} and a margin of ±{margin} were named "
        "before the run; differences were taken infant by infant, with intervals of 95 %, paired t "
        "tests and two one-sided tests against the margin, both corrected by Holm, and sign-flip "
        f"tests; with fewer than {FEWEST_TO_DECIDE} infants results are described only."
    )


def _learner_table(context: ReportContext) -> Iterator[Html]:
    design = context.design
    if design is None:
        return
    learners = {arm: _settings(context, design.learners[arm], arm) for arm in context.titles}
    first = next(iter(learners.values()))
    same = all(one == first for one in learners.values())
    columns = (
        {"All arms": first} if same else {context.titles[arm]: learners[arm] for arm in learners}
    )
    rows = ([name, *(one[name] for one in columns.values())] for name in first)
    yield table(["Setting", *columns], rows, "Settings of the learner (PPO)", "tight")


def _settings(context: ReportContext, learner: TrainingSpec, arm: str) -> dict[str, str]:
    """Names as in stable-baselines3, with values in words; ``total_steps`` is the dose."""
    values = {**learner.model_dump(), DOSE_SETTING: context.study.doses_of(arm)}
    return {name: _value(value) for name, value in values.items()}


def _value(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
