"""The rules of a support schedule: pure functions from what has happened to what hands do next.

The schedule, the state of practice and the time in the episode tell everything. Nothing is drawn at
random, nothing here is rewarded, and no rule knows one site from another.
"""

import math
from dataclasses import dataclass

from pydantic import NonNegativeFloat, NonNegativeInt, PositiveFloat

from dmi_sim.spec.base import Fraction, Strict
from dmi_sim.spec.support_schedule import (
    FadingByCompetence,
    FadingByDose,
    FadingByTime,
    FirmnessByFalls,
    FirmnessByNeed,
    SuccessShare,
    SupportSchedule,
)

_WINDOW = 20
"""Episodes by which competence is told where a schedule names no number."""


@dataclass(frozen=True)
class ScheduledSupport:
    """What hands do at one moment.

    Attributes:
        site: Site of the hands, a file in ``models/supports``.
        firmness: Their firmness, 0 to 1.
    """

    site: str
    firmness: float


class SupportState(Strict):
    """How far an infant has come on a schedule; before any practice by default."""

    site: NonNegativeInt = 0
    """Number of the present site in the schedule, from 0."""
    successes: tuple[bool, ...] = ()
    """Whether each of the last episodes at this site succeeded, the newest last."""
    firmness: Fraction | None = None
    """Firmness of the next episode where it goes by need or by falls; None before the first."""
    dose_h: NonNegativeFloat = 0.0
    """Practice so far [h]."""
    planned_h: PositiveFloat | None = None
    """Practice that is planned in all [h]; None if nobody has said."""


@dataclass(frozen=True)
class EpisodeResult:
    """What the rules look at when an episode is over.

    Attributes:
        is_success: Whether the exercise succeeded, as ``info["is_success"]`` says at the end.
        completion: Share of the exercise that was completed, 0 to 1.
        duration_h: Length of the episode [h].
        site: Number of the site at which hands held; None for the present one. Of environments that
            practise side by side, some still end at the site that the others have left.
        fell: Whether the infant fell.
    """

    is_success: bool
    completion: float
    duration_h: float = 0.0
    site: int | None = None
    fell: bool = False


def support_at(
    schedule: SupportSchedule, state: SupportState, time_s: float = 0.0
) -> ScheduledSupport:
    """What hands do at a time of an episode.

    Args:
        schedule: The schedule.
        state: How far the infant has come.
        time_s: Time since the hands took hold [s].

    >>> fading = SupportSchedule.model_validate(
    ...     {"site": "pelvis", "firmness": {"from": 1, "to": 0, "by": "time", "over_s": 4}}
    ... )
    >>> support_at(fading, SupportState(), time_s=1.0)
    ScheduledSupport(site='pelvis', firmness=0.75)
    """
    return ScheduledSupport(schedule.site[state.site], _firmness(schedule, state, time_s))


def _firmness(schedule: SupportSchedule, state: SupportState, time_s: float) -> float:
    match schedule.firmness:
        case FadingByTime() as rule:
            return _between(rule.start, rule.to, (time_s - rule.after_s) / rule.over_s)
        case FadingByDose() as rule:
            return _between(rule.start, rule.to, _dose_share(rule, state))
        case FadingByCompetence() as rule:
            window = rule.of_last or _usual_window(schedule)
            return _between(rule.start, rule.to, sum(state.successes[-window:]) / window)
        case FirmnessByNeed() | FirmnessByFalls() as rule:
            return rule.start if state.firmness is None else state.firmness
        case number:
            return number


def _between(start: float, end: float, share: float) -> float:
    """The value at a share of the way; the ends are exact."""
    if share >= 1:
        return end
    return start + max(0.0, share) * (end - start)


def _dose_share(rule: FadingByDose, state: SupportState) -> float:
    """The share of the practice over which firmness changes that is behind the infant."""
    if rule.over_h is not None:
        return state.dose_h / rule.over_h
    planned_h = state.planned_h
    return 0.0 if planned_h is None else state.dose_h / (planned_h * (rule.over_share or 1.0))


def needs_planned_dose(schedule: SupportSchedule) -> bool:
    """Whether the firmness goes by a share of a planned dose, which somebody must then name."""
    rule = schedule.firmness
    return isinstance(rule, FadingByDose) and rule.over_h is None


def state_after(
    schedule: SupportSchedule, state: SupportState, result: EpisodeResult
) -> SupportState:
    """The state after one more episode.

    Hands that move forget the successes at the site that they leave, so competence is counted anew
    at the next one.

    Args:
        schedule: The schedule.
        state: The state before.
        result: What came of the episode; its success tells of the site at which it was held alone.
    """
    tells = result.site in (None, state.site)
    successes = (*state.successes, *((result.is_success,) if tells else ()))[-_window(schedule) :]
    site = state.site + (_step(schedule, state.site, successes) if tells else 0)
    return SupportState(
        site=site,
        successes=successes if site == state.site else (),
        firmness=_firmness_after(schedule, state, result),
        dose_h=state.dose_h + result.duration_h,
        planned_h=state.planned_h,
    )


def _step(schedule: SupportSchedule, site: int, successes: tuple[bool, ...]) -> int:
    """The number of sites that the hands move on: 1, -1 or 0."""
    ahead, back = schedule.move_after, schedule.move_back_after
    if ahead and site < len(schedule.site) - 1 and _share(ahead, successes) >= ahead.success:
        return 1
    if back and site > 0 and _share(back, successes) <= back.success:
        return -1
    return 0


def _share(rule: SuccessShare, successes: tuple[bool, ...]) -> float:
    """The share of successes that a rule looks at; NaN, which meets no rule, after too few."""
    if len(successes) < rule.of_last:
        return math.nan
    return sum(successes[-rule.of_last :]) / rule.of_last


def _firmness_after(
    schedule: SupportSchedule, state: SupportState, result: EpisodeResult
) -> float | None:
    """The firmness of the next episode, by the one before; None under rules that look at more."""
    match schedule.firmness:
        case FirmnessByNeed() as rule:
            now = rule.start if state.firmness is None else state.firmness
            error = min(1.0, max(0.0, 1.0 - result.completion))
            return min(rule.at_most, rule.forgetting * now + rule.gain * error)
        case FirmnessByFalls() as rule:
            now = rule.start if state.firmness is None else state.firmness
            return min(rule.at_most, max(0.0, now + (rule.up if result.fell else -rule.down)))
        case _:
            return None


def _usual_window(schedule: SupportSchedule) -> int:
    return schedule.move_after.of_last if schedule.move_after else _WINDOW


def _window(schedule: SupportSchedule) -> int:
    """The number of episodes that some rule of the schedule looks back on."""
    rule = schedule.firmness
    by_competence = rule.of_last if isinstance(rule, FadingByCompetence) else None
    moves = (schedule.move_after, schedule.move_back_after)
    windows = [one.of_last for one in moves if one] + [by_competence or _usual_window(schedule)]
    return max(windows)


def for_episode(schedule: SupportSchedule, state: SupportState) -> SupportSchedule:
    """The schedule of one episode: what it says at this state, with practice left out.

    >>> down = SupportSchedule.model_validate(
    ...     {"site": ["axillae", "pelvis"], "move_after": {"success": 0.8}, "firmness": 0.5}
    ... )
    >>> for_episode(down, SupportState(site=1)).site
    ('pelvis',)
    """
    if not schedule.changes_with_practice:
        return schedule
    now, rule = support_at(schedule, state), schedule.firmness
    firmness = rule if isinstance(rule, FadingByTime) else now.firmness
    return SupportSchedule(site=(now.site,), firmness=firmness, motion=schedule.motion)
