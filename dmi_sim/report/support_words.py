"""Supports and support schedules in plain words."""

from collections.abc import Iterator

from dmi_sim.catalog import Catalog
from dmi_sim.spec.arm import ArmSpec
from dmi_sim.spec.support import SupportSpec
from dmi_sim.spec.support_schedule import (
    FadingByCompetence,
    FadingByDose,
    FadingByTime,
    FirmnessByFalls,
    FirmnessByNeed,
    SupportSchedule,
    SupportScheduleFile,
)
from dmi_sim.tables import percent


def arm_schedule(arm: ArmSpec, catalog: Catalog) -> SupportSchedule:
    """What hands do in the training of an arm, by whatever name or form it says so.

    Args:
        arm: Arm of a study.
        catalog: Source of schedule files.
    """
    if isinstance(arm.support, SupportSchedule):
        return arm.support
    if arm.support in catalog.names(SupportSpec):
        return SupportSchedule(site=(arm.support,))
    if arm.support in catalog.names(SupportScheduleFile):
        return catalog.load(SupportScheduleFile, arm.support).support
    return SupportSchedule(site=(arm.support,))


def support_title(support: str, catalog: Catalog) -> str:
    """The title of a support or of a schedule; its name if its file no longer exists.

    >>> support_title("pelvis", Catalog.shipped())
    'Hands at the pelvis'
    """
    if support in catalog.names(SupportSpec):
        return catalog.load(SupportSpec, support).title
    if support in catalog.names(SupportScheduleFile):
        return catalog.load(SupportScheduleFile, support).title
    return f"Hands as in {support}"


def schedule_title(schedule: SupportSchedule, strength: float, catalog: Catalog) -> str:
    """A schedule as the title of an arm.

    Args:
        schedule: What hands do.
        strength: What multiplies their firmness, 0 to 1.
        catalog: Source of the titles of supports.
    """
    return ", ".join([_sites(schedule, catalog), *_firmness(schedule, strength)])


def schedule_rules(schedule: SupportSchedule) -> str:
    """When the hands of a schedule move, and what the firmness follows, in sentences."""
    return " ".join([*_moves(schedule), *_rule(schedule)])


def _sites(schedule: SupportSchedule, catalog: Catalog) -> str:
    """The sites in their order, such as ``Hands at the armpits then at the pelvis``."""
    first, *others = (support_title(name, catalog) for name in schedule.site)
    return " then ".join([first, *(_following(title) for title in others)])


def _following(title: str) -> str:
    """A title that goes on after that of other hands."""
    return (
        title.removeprefix("Hands ")
        if title.startswith("Hands ")
        else title[:1].lower() + title[1:]
    )


def _firmness(schedule: SupportSchedule, strength: float) -> Iterator[str]:
    match schedule.firmness:
        case FadingByTime() as rule:
            yield f"firmness {_course(rule.start, rule.to, strength)} within an episode"
        case FadingByDose() as rule:
            yield f"firmness {_course(rule.start, rule.to, strength)} with practice"
        case FadingByCompetence() as rule:
            yield f"firmness {_course(rule.start, rule.to, strength)} with competence"
        case FirmnessByNeed():
            yield "firmness as needed"
        case FirmnessByFalls() as rule:
            yield f"firmness from {percent(rule.start * strength)} on, by a staircase of falls"
        case number if number * strength < 1:
            yield f"{percent(number * strength)} strength"
        case _:
            pass


def _course(start: float, to: float, strength: float) -> str:
    verb = "fading" if to < start else "growing" if to > start else "staying"
    return f"{verb} from {percent(start * strength)} to {percent(to * strength)}"


def _moves(schedule: SupportSchedule) -> Iterator[str]:
    ahead, back = schedule.move_after, schedule.move_back_after
    if ahead is not None:
        yield (
            f"Hands move on once {percent(ahead.success)} of the last {ahead.of_last} episodes at "
            "a site succeeded."
        )
    if back is not None:
        yield (
            f"They move back once no more than {percent(back.success)} of the last {back.of_last} "
            "did."
        )


def _rule(schedule: SupportSchedule) -> Iterator[str]:
    match schedule.firmness:
        case FadingByTime() as rule:
            yield (
                f"Firmness changes over {rule.over_s:g} s of every episode, after "
                f"{rule.after_s:g} s."
            )
        case FadingByDose() as rule:
            over = f"{rule.over_h:g} h" if rule.over_h else percent(rule.over_share or 1.0)
            yield f"Firmness changes over {over} of practice."
        case FadingByCompetence():
            yield "Competence is the share of successes among the last episodes at the site."
        case FirmnessByNeed() as rule:
            yield (
                f"After each episode {percent(rule.forgetting)} of the firmness is kept, and "
                f"{rule.gain:g} times the share of the exercise that was not completed is added; "
                f"it begins at {percent(rule.start)} and is at most {percent(rule.at_most)}."
            )
        case FirmnessByFalls() as rule:
            yield (
                f"Firmness begins at {percent(rule.start)}, loses {rule.down:g} after an episode "
                f"without a fall and gains {rule.up:g} after one with; it is at most "
                f"{percent(rule.at_most)}."
            )
        case _:
            pass
