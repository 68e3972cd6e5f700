"""Rules that choose where hands hold: pure functions of what a therapist has seen.

To add one, write a function here, or in a plug-in, under ``@site_rule``: it takes a
:class:`~dmi_sim.therapy.seen.Seen`, the exercise and typed keywords, and gives one of the sites
that the exercise offers (``skill.sites``, from cranial to caudal). Its name is then free to use in
``models/programmes/``. Nothing rewards a site; a rule says where hands go, the physics what comes
of it.
"""

from collections.abc import Callable
from typing import Literal, TypeVar

from dmi_sim.env.support_schedule import EpisodeResult, SupportState, state_after
from dmi_sim.registry import Registry
from dmi_sim.spec.base import Fraction
from dmi_sim.spec.support import SITES
from dmi_sim.spec.support_schedule import SuccessShare, SupportSchedule
from dmi_sim.therapy.seen import Seen
from dmi_sim.therapy.skills import TRUNK, SiteName, Skill
from dmi_sim.therapy.state import Glimpse, Last

SiteRule = Callable[..., str]
SiteRuleT = TypeVar("SiteRuleT", bound=SiteRule)

SITE_RULES: Registry[SiteRule] = Registry("site rule")
"""Rules that choose a site, by name."""


def site_rule(function: SiteRuleT) -> SiteRuleT:
    """Register a function as a rule that chooses a site, under its name."""
    SITE_RULES.add(function.__name__, function)
    return function


@site_rule
def most_distal_tolerated(
    seen: Seen,
    skill: Skill,
    *,
    start: Literal["cranial", "middle", "caudal"] = "middle",
    caudal_at: Fraction = 0.6,
    cranial_at: Fraction = 0.2,
    of_last: Last = 5,
    cranial_limit: SiteName = "head",
) -> str:
    """The most distal site that a child tolerates, found by going there.

    Hands go one site caudal after success and one cranial after failure; each exercise has a place
    of its own, and trials are counted anew wherever hands arrive. It is the rule by which a
    :class:`~dmi_sim.spec.support_schedule.SupportSchedule` moves.

    Args:
        seen: What has been seen.
        skill: The exercise.
        start: Where hands hold at first, among the sites that the exercise offers.
        caudal_at: Least share of successes after which hands go caudal.
        cranial_at: Largest share of successes after which hands go cranial.
        of_last: Number of trials of which the share is taken; there must have been so many.
        cranial_limit: Most cranial site to which hands go.
    """
    if cranial_at >= caudal_at:
        raise ValueError(f"cranial_at: {cranial_at:g} must be below caudal_at {caudal_at:g}")
    sites = skill.sites_from(cranial_limit)
    recent = seen.of(skill).at_the_last_site()
    if not recent or len(sites) == 1:
        return sites[{"cranial": 0, "middle": len(sites) // 2, "caudal": -1}[start]]
    schedule = SupportSchedule(
        site=sites,
        move_after=SuccessShare(success=caudal_at, of_last=of_last),
        move_back_after=SuccessShare(success=cranial_at, of_last=of_last),
    )
    return sites[_place_after(schedule, recent)]


def _place_after(schedule: SupportSchedule, recent: tuple[Glimpse, ...]) -> int:
    """The place in a schedule to which hands go after trials at one site."""
    *before, last = recent
    if last.site not in schedule.site:
        return 0
    state = SupportState(
        site=schedule.site.index(last.site), successes=tuple(one.is_success for one in before)
    )
    return state_after(schedule, state, EpisodeResult(last.is_success, last.completion)).site


@site_rule
def most_proximal(seen: Seen, skill: Skill, *, cranial_limit: SiteName = "head") -> str:
    """The most cranial site that an exercise offers, whatever the child can do.

    Args:
        seen: What has been seen.
        skill: The exercise.
        cranial_limit: Most cranial site to which hands go.
    """
    return skill.sites_from(cranial_limit)[0]


@site_rule
def fixed(seen: Seen, skill: Skill, *, site: SiteName) -> str:
    """One site; where an exercise does not offer it, the one that is nearest to it on the body.

    Args:
        seen: What has been seen.
        skill: The exercise.
        site: The site, or ``none``.
    """
    return skill.nearest_site(site)


@site_rule
def matched_to_control(
    seen: Seen,
    skill: Skill,
    *,
    success: Fraction = 0.8,
    of_last: Last = 10,
    cranial_limit: SiteName = "head",
) -> str:
    """One level below the level that a child controls; the most cranial one before any is.

    Whoever succeeds with hands at a site controls what lies cranial to it. The level that a child
    controls is the most caudal site at which a share of the last trials there succeeded: on the
    trunk in any exercise, since a child has one trunk for all of them, on the legs and without
    hands in this one, since legs do another thing in each. Failure further down moves nothing.

    Args:
        seen: What has been seen.
        skill: The exercise.
        success: Least share of successes at which a level is controlled.
        of_last: Number of trials of which the share is taken; there must have been so many.
        cranial_limit: Most cranial site to which hands go.

    Source:
        Butler (1998), Clin. Rehabil. 12, 281-293, ``butler1998``: support below the joints that are
        to be controlled next, which goes on when control there has become automatic. The estimate
        from trials of therapy, in place of an examination, is assumed.
    """
    sites = skill.sites_from(cranial_limit)
    own, others = seen.of(skill), tuple(seen.state.memory.values())
    controlled = [
        site
        for site in SITES
        for memory in (others if site in TRUNK else (own,))
        if (memory.share_at(site, of_last) or 0.0) >= success > 0
    ]
    below = skill.site_below(controlled[-1]) if controlled else sites[0]
    return below if below in sites else sites[0]


@site_rule
def at_random(seen: Seen, skill: Skill, *, cranial_limit: SiteName = "head") -> str:
    """Any site that an exercise offers, all alike.

    Args:
        seen: What has been seen.
        skill: The exercise.
        cranial_limit: Most cranial site to which hands go.
    """
    sites = skill.sites_from(cranial_limit)
    return sites[int(seen.random.integers(len(sites)))]
