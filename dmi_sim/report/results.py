"""The first sections of a report: the question, the verdicts and the effect sizes."""

from collections.abc import Iterator, Sequence

from dmi_sim.report.arm_differences import arm_words, beyond_hands, practice_words
from dmi_sim.report.bounded import cut_words, mean_text
from dmi_sim.report.comparisons import Comparison
from dmi_sim.report.context import ReportContext, arm_label, figure
from dmi_sim.report.exercise_words import SUCCESS_IN_HANDS
from dmi_sim.report.findings import ArmResult
from dmi_sim.report.interaction_table import interaction_table
from dmi_sim.report.labels import common_strength, comparison_title, lower_first, spread_words
from dmi_sim.report.markup import Html, element, join, paragraph, section, table, unbroken
from dmi_sim.report.pictures import comparisons_picture
from dmi_sim.report.verdicts import directions, headline, verdict
from dmi_sim.spec.study import StudySpec
from dmi_sim.statistics.intervals import Estimate, within
from dmi_sim.statistics.p_values import smallest_sign_flip_p
from dmi_sim.tables import (
    decimals_for,
    effect_text,
    interval_text,
    number,
    p_text,
    percent,
    signed,
    with_unit,
)

FEW_INFANTS = 8
"""Number of infants below which a report warns that it rests on few."""
EASY_SHARE = 0.95
"""Share of successes in the last test, in every arm, from which it is too easy."""
HARD_SHARE = 0.5
"""Largest share of successes in the last test, in every arm, at which it may be too hard."""
HARD_RATIO = 1.5
"""Largest ratio of last to first test, in every arm, at which a test is then too hard."""


def question_section(context: ReportContext) -> Html:
    """The question of the study, and its design in words."""
    return section(
        "question",
        "The question",
        paragraph(context.study.question, class_="question"),
        paragraph(_what_was_done(context)),
        *_declared(context),
        paragraph(context.study.background, class_="note"),
    )


def _what_was_done(context: ReportContext) -> str:
    study, exercise = context.study, context.exercise
    infants = "; ".join(context.group_titles.values())
    count = f"{context.infants_told} simulated infant{'s' if study.seeds > 1 else ''}"
    each = " of each kind" if context.told_apart else ""
    pushed = "pushed now and then" if study.primary_outcome.pushed else "not pushed"
    times = "once" if study.test.episodes == 1 else f"{study.test.episodes} times"
    arms = _listed(arm_words(context))
    ways = f"in each of {len(context.titles)} ways" if len(context.titles) > 1 else "in one way"
    limit = _time_limit(context)
    return (
        f"{count}{each} ({infants}) practised {exercise.verb.gerund}"
        f"{practice_words(context)} {ways}: {arms}. "
        f"{_strength_words(study)}At {study.dose.evaluations} points, from before practice to its "
        f"end, each infant was tested {times}, {exercise.tested}, and "
        f"{pushed}. Measured was the {context.measure.title}: {context.measure.meaning}{limit}. "
        f"{_summary_words(context)}"
    )


def _declared(context: ReportContext) -> Iterator[Html]:
    """What arms differ in beside the hands, where there is anything."""
    words = " ".join(beyond_hands(context))
    if words:
        yield paragraph(words, class_="warning")


def _time_limit(context: ReportContext) -> str:
    """The longest time that a test can give, for an outcome that grows with it."""
    return f" (at most {context.longest_s:g} s)" if context.longest_s else ""


def _strength_words(study: StudySpec) -> str:
    strength = common_strength(study.arms)
    if strength is None or strength == 1:
        return ""
    return f"Hands held with {percent(strength)} of their full strength. "


def _summary_words(context: ReportContext) -> str:
    primary = context.findings.primary
    if primary.waits:
        return (
            f"An infant has learnt it at the first test with at least "
            f"{percent(primary.share_waited_for)} successes."
        )
    if primary.summary == "last_evaluation":
        return "What counts is the last test."
    return "What counts is the mean over all of practice, so learning sooner counts too."


def _listed(words: Sequence[str]) -> str:
    """The words as one list; semicolons part those that have commas of their own."""
    if len(words) < 2:
        return words[0]
    comma = ";" if any("," in word for word in words) else ","
    last = f"{comma} or" if comma == ";" else " or"
    return f"{f'{comma} '.join(words[:-1])}{last} {words[-1]}"


def answer(context: ReportContext) -> str:
    """The answer of a run in one line."""
    found = context.findings
    margin = found.primary.equivalence_margin
    return headline(found.comparisons, context.measure, margin, tests_tell_apart(context))


def answer_section(context: ReportContext) -> Html:
    """The verdicts, the forest plot and the effect sizes with their intervals."""
    found = context.findings
    return section(
        "answer",
        "The answer",
        paragraph(element("strong", answer(context)), class_="question"),
        element("div", *(_card(context, one) for one in found.comparisons), class_="cards"),
        *_censored(context),
        *_warnings(context),
        paragraph(spread_words(context.study), class_="note"),
        _forest(context),
        _arm_table(context),
        *_arm_notes(context),
        _effect_table(context),
        _p_value_table(context),
        *interaction_table(context),
    )


def _card(context: ReportContext, one: Comparison) -> Html:
    margin = context.findings.primary.equivalence_margin
    about = context.told_apart.get(one.group, "")
    words = verdict(one, context.titles, context.measure, margin, tests_tell_apart(context))
    return element(
        "div",
        element("h3", comparison_title(one, context.titles)),
        paragraph(about, class_="note") if about else Html(),
        paragraph(unbroken(effect_text(one.difference, context.measure.unit)), class_="effect"),
        paragraph(words, class_="verdict"),
        *(paragraph(counted, class_="note") for counted in (directions(one),) if counted),
        class_="card",
    )


def _censored(context: ReportContext) -> Iterator[Html]:
    """How many infants met the criterion, and what the others count as."""
    if not context.findings.primary.waits:
        return
    reached = (
        f"{lower_first(context.titles[one.arm])}{context.about(one.group)} {one.met} of "
        f"{len(one.values)}"
        for one in context.findings.results
    )
    if _nobody_succeeded(context):
        yield paragraph(
            "No infant succeeded within its practice, so the arms cannot be told apart by it.",
            class_="warning",
        )
        return
    yield paragraph(
        f"Infants that succeeded within their practice: {', '.join(reached)}. The others count "
        "with all of it (restricted mean time): how much longer they would need is not known, so "
        "where many did not get there, true differences may be larger.",
        class_="note",
    )


def tests_tell_apart(context: ReportContext) -> bool:
    """Whether the tests could tell arms apart: not if nobody learnt, or all came out alike."""
    return not (_nobody_succeeded(context) or _never_differs(context) or _too_hard(context))


def _nobody_succeeded(context: ReportContext) -> bool:
    """Whether hours to success are asked for, and no infant succeeded."""
    found = context.findings
    return found.primary.waits and not any(one.met for one in found.results)


def _too_hard(context: ReportContext) -> bool:
    """Whether in no arm the last test was much better than before practice, nor passed by half."""
    results = context.findings.results
    return (
        context.measure.direction == "higher"
        and bool(results)
        and all(
            one.times_untrained <= HARD_RATIO and one.success_share <= HARD_SHARE for one in results
        )
    )


def _saturation(context: ReportContext) -> Iterator[Html]:
    """Warnings that the last test was too easy or too hard to tell the arms apart."""
    results = context.findings.results
    if _never_differs(context):
        yield paragraph(
            f"In the last test the {context.measure.title} was the same in every infant and every "
            "arm, so that test cannot tell the arms apart.",
            class_="warning",
        )
        return
    if results and all(one.success_share >= EASY_SHARE for one in results):
        yield paragraph(
            f"The last test was too easy: in every arm infants {context.exercise.done} as "
            "the exercise asks in almost every episode, so success cannot tell the arms apart "
            "there.",
            class_="warning",
        )
    if _too_hard(context):
        yield paragraph(
            "The last test was too hard: in no arm was it much better than before practice, so "
            "that test cannot tell the arms apart.",
            class_="warning",
        )


def _never_differs(context: ReportContext) -> bool:
    """Whether the outcome came out alike in all that were tested last, as where nobody can fall."""
    primary = context.findings.primary
    curves = context.findings.pushed if primary.pushed else context.findings.calm
    last = [float(curve.values[-1]) for curve in curves]
    return not primary.waits and len(last) > 1 and len({*last}) == 1


def _warnings(context: ReportContext) -> Iterator[Html]:
    """Warnings about few infants, tests that are too easy or hard, and physics faults."""
    pairs = [len(one.differences) for one in context.findings.comparisons]
    if pairs and max(pairs) and min(pairs) < FEW_INFANTS:
        number_of = f"{min(pairs)}" if min(pairs) == max(pairs) else f"{min(pairs)} to {max(pairs)}"
        infants = "infant" if max(pairs) == 1 else "infants"
        what = "intervals" if max(pairs) > 1 else "differences"  # one infant has no interval
        yield paragraph(
            f"These {what} rest on {number_of} {infants}. So few can show only "
            "differences that are large beside the spread between infants; that none is shown does "
            "not mean that there is none.",
            class_="warning",
        )
    yield from _saturation(context)
    if context.findings.faults:
        yield paragraph(
            f"In {context.findings.faults} of {context.findings.episodes} test episodes the "
            "simulation gave up; they count with what was seen until then.",
            class_="warning",
        )


def _forest(context: ReportContext) -> Html:
    margin = with_unit(f"{context.findings.primary.equivalence_margin:g}", context.measure.unit)
    return figure(
        comparisons_picture(context).inline,
        "Each diamond is a mean difference and its line the 95 % interval: if it crosses zero, no "
        "difference is shown. The thick part is the bootstrap interval alone, which is too "
        "narrow for few infants. Small strokes are single infants. The grey band "
        f"(±{margin}) was named before the study as too small to matter.",
    )


def _arm_table(context: ReportContext) -> Html:
    head = [
        "Practice", "Mean [95 %]", "Middle half", "Each infant", "Success, last test",
        "Falls, last test",
    ]  # fmt: skip
    rows = [_arm_row(context, one) for one in context.findings.results]
    caption = with_unit(
        f"{context.measure.title.capitalize()} by arm", context.measure.bracketed_unit
    )
    return table(head, rows, caption, "tight")


def _arm_notes(context: ReportContext) -> Iterator[Html]:
    """That intervals end at what is possible, where some would not, and whose success it was."""
    words = cut_words([one.mean for one in context.findings.results], context.measure)
    if words:
        yield paragraph(words, class_="note")
    if context.exercise.in_hands:
        yield paragraph(SUCCESS_IN_HANDS, class_="note")


def _arm_row(context: ReportContext, one: ArmResult) -> list[str]:
    decimals = decimals_for(within(one.mean, context.measure.bounds))
    each = ", ".join(number(value, decimals) for value in one.values.values())
    label = arm_label(context.titles, one.arm)
    return [
        join((label, context.about(one.group))),
        mean_text(one.mean, context.measure.bounds),
        number(one.interquartile_mean, decimals),
        each,
        percent(one.success_share),
        percent(one.fell_share),
    ]


def _effect_table(context: ReportContext) -> Html:
    head = [
        "Comparison", "Difference [95 %]", "t interval", "Bootstrap interval", "Robust [95 %]",
        "Hedges g [95 %]", "Chance of being higher [95 %]",
    ]  # fmt: skip
    rows = [_effect_row(context, one) for one in context.findings.comparisons]
    return table(head, rows, "Effect sizes, infant by infant (paired)", "tight")


def _effect_row(context: ReportContext, one: Comparison) -> list[str]:
    decimals = decimals_for(one.difference)
    return [
        _comparison_label(context, one),
        effect_text(one.difference, context.measure.unit),
        interval_text(one.student, decimals),
        interval_text(one.bootstrap, decimals),
        f"{signed(one.robust.value, decimals)} {interval_text(one.robust, decimals)}",
        _g_text(one.hedges_g),
        _chance_text(one.chance),
    ]


def _comparison_label(context: ReportContext, one: Comparison) -> str:
    return comparison_title(one, context.titles) + context.about(one.group)


def _p_value_table(context: ReportContext) -> Html:
    head = [
        "Comparison", "p", "p, Holm", "p, sign flips", "Smallest by sign flips", "p, equivalence",
        "p, equivalence, Holm",
    ]  # fmt: skip
    rows = [_p_value_row(context, one) for one in context.findings.comparisons]
    return table(head, rows, "p values; what decides is corrected (Holm)", "tight")


def _p_value_row(context: ReportContext, one: Comparison) -> list[str]:
    smallest = smallest_sign_flip_p(len(one.differences))
    p_values = one.p_value, one.p_holm, one.p_sign_flip, smallest
    equivalent = one.p_equivalent, one.p_equivalent_holm
    return [_comparison_label(context, one), *map(p_text, (*p_values, *equivalent))]


def _g_text(g: Estimate) -> str:
    return f"{number(g.value, 2)} {interval_text(g, 2)}" if g.known else number(g.value, 2)


def _chance_text(chance: Estimate) -> str:
    return f"{percent(chance.value)} [{percent(chance.low)}, {percent(chance.high)}]"
