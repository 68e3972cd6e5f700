"""The pre-registration of a run of programmes, before any child has practised."""

import json
from collections.abc import Iterator

from dmi_sim.child.outcomes import CHILD_OUTCOMES
from dmi_sim.spec.programme_study import ProgrammeStudySpec
from dmi_sim.statistics.p_values import ALPHA, FEWEST_TO_DECIDE
from dmi_sim.study.preregistration import framed
from dmi_sim.study.programme_power import power_words
from dmi_sim.study.run_manifest import RunManifest
from dmi_sim.tables import markdown
from dmi_sim.therapy.factorial import ELEMENTS


def programme_preregistration_text(manifest: RunManifest[ProgrammeStudySpec]) -> str:
    """The pre-registration of a run that has not begun, in Markdown.

    Args:
        manifest: The manifest of the run, which holds the study as it is going to run.
    """
    return framed(manifest, _sections(manifest.spec), "any child", _STOPPING)


_STOPPING = (
    "All planned cells run; no result is looked at to decide whether to go on. A run that is "
    "stopped and resumed gives the same numbers. A cell that fails three times is given up and "
    "listed; its child then counts in no comparison with that arm."
)


def _sections(study: ProgrammeStudySpec) -> Iterator[str]:
    yield from ("", "## Arms", "", *markdown(*_arm_table(study)))
    yield from ("", "## Children", "", *_children(study))
    yield from ("", "## Practice and assessments", "", *_practice(study))
    yield from ("", "## Primary outcome", "", *_primary(study))
    yield from ("", "## Comparisons", "", *_comparisons(study))
    yield from ("", "## Analysis", "", *_analysis(study))


def _arm_table(study: ProgrammeStudySpec) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    head = ("Arm", "Programme", "Elements of others", "Changes", "Plasticity", "Therapist from")
    return head, [
        (
            name,
            arm.programme,
            ", ".join(f"{one}: {other}" for one, other in arm.elements.items()) or "none",
            json.dumps(arm.changes) if arm.changes else "none",
            arm.plasticity or study.practice.plasticity or "none",
            f"week {study.first_week(name)}",
        )
        for name, arm in study.arms.items()
    ]


def _children(study: ProgrammeStudySpec) -> Iterator[str]:
    who = study.who
    each = " of each condition" if len(who.kinds) > 1 else ""
    yield f"- {study.children} children{each} in each arm; the unit of analysis is the child."
    shared = {
        "paired": "the same body, first brain, noise and starts",
        "apart": "the same body; all that is drawn for learning is drawn anew",
    }
    yield f"- Arms are paired child by child: {shared[study.learning_seeds]} in every arm."
    bodies = {
        "cohort": "each child has a body of its own, drawn from the growth standard",
        "median": "all children have the median body and differ in their random numbers",
    }
    yield f"- Bodies: {bodies[who.bodies]}; sex: {who.sex}."
    for kind in who.kinds:
        severity = "" if kind.name == "typical" else f", severity {kind.severity:g}"
        options = "".join(f", {name}={value}" for name, value in kind.options.items())
        yield f"- Condition: {kind.name}{severity}{options}."
    yield f"- Age at the start: {who.age_months:g} months. First seed: {study.first_seed}."
    begins = study.begins_with
    yield f"- They begin with {f'the policy {begins}' if begins else 'an untrained brain'}."


def _practice(study: ProgrammeStudySpec) -> Iterator[str]:
    practice, asked = study.practice, study.assessments
    yield f"- {study.weeks} weeks; the sessions of each week are those of the programme."
    if study.therapy_weeks is not None:
        yield f"- The therapist comes for {study.therapy_weeks} weeks in every arm."
    own = practice.minutes_per_minute
    said = "as the brain says" if own is None else f"{own:g}"
    yield f"- Minutes of practice that are simulated for one of the timetable: {said}; assumed."
    yield f"- Share of the free play that is simulated: {practice.free_play_share:g}; assumed."
    changed = f", with {json.dumps(practice.training)}" if practice.training else ""
    limit = practice.kl_limit_nats
    limited = "" if limit is None else f", behaviour changed by {limit:g} nats at most at once"
    yield f"- Brain: {practice.brain}{changed}{limited}."
    yield f"- Muscles adapt by: {practice.adaptation or 'nothing'}."
    weeks = ", ".join(map(str, study.assessed_in_weeks))
    yield (
        f"- Assessed before weeks {weeks}, the first before any practice: {asked.trials} trials of "
        "each exercise, in as little support as it allows, on starts that were never practised."
    )
    if asked.pause_weeks:
        yield f"- And once more after {asked.pause_weeks} weeks without practice or play."


def _primary(study: ProgrammeStudySpec) -> Iterator[str]:
    primary = study.primary_outcome
    found = CHILD_OUTCOMES[primary.outcome]
    params = "".join(f", {name}: {value}" for name, value in primary.params.items())
    yield f"- `{primary.outcome}`{params} [{found.unit}], {found.title}: {found.definition}."
    yield "- A child that does not reach what is waited for is censored, never left out."
    yield f"- Differences within ±{primary.equivalence_margin:g} would not matter."


def _comparisons(study: ProgrammeStudySpec) -> Iterator[str]:
    if study.primary_outcome.by_elements:
        yield f"- The main effect of each element: {', '.join(ELEMENTS)}; these answer the question"
    for first, second in study.primary_outcome.comparisons:
        yield f"- {first} minus {second}"
    if study.primary_outcome.interactions:
        factors = ", ".join(study.primary_outcome.interactions)
        yield f"- Each within each kind of children, and its interactions with: {factors}."


def _analysis(study: ProgrammeStudySpec) -> Iterator[str]:
    yield (
        "- Differences are taken child by child. The interval of 95 % reaches over the t interval "
        "and the bias-corrected bootstrap interval of their mean."
    )
    yield (
        "- p: paired t test, corrected by Holm for all comparisons; beside it the sign-flip test. "
        "Equivalence: two one-sided tests against the margin, corrected by Holm too."
    )
    yield (
        f"- With at least {FEWEST_TO_DECIDE} children a difference or an equivalence is claimed "
        f"only where the interval and the corrected p (below {ALPHA:g}) both show it. Fewer "
        "children are described; no verdict is given of them."
    )
    yield f"- Power: {power_words(study)}."
    if study.children < FEWEST_TO_DECIDE:
        yield f"- This run has {study.children} children in each arm, so it describes."
    yield "- Everything else in the report is secondary: it is told without correction."
