"""The help that hands give, in three measures, and the firmness at which sites help alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf

from dmi_sim.spec.arm import HelpName


@dataclass(frozen=True)
class HandsHelp:
    """What hands did in some episodes of one controller, all episodes together.

    Attributes:
        time_s: Length of all episodes [s].
        impulse_n_s: Impulse of the hands: norm of their force times time [N s].
        load_s: Share of body weight that they carried times time [s].
        falls: Episodes that ended in a fall.
    """

    time_s: float
    impulse_n_s: float
    load_s: float
    falls: int

    @property
    def impulse_n_s_per_h(self) -> float:
        """Impulse of the hands in an hour [N s/h].

        >>> HandsHelp(time_s=2.0, impulse_n_s=10.0, load_s=0.1, falls=1).impulse_n_s_per_h
        18000.0
        """
        return 3600.0 * self.impulse_n_s / self.time_s

    @property
    def load_share(self) -> float:
        """Mean share of body weight that the hands carried; below 0 if they press down."""
        return self.load_s / self.time_s

    @property
    def falls_per_min(self) -> float:
        """Falls in a minute."""
        return 60.0 * self.falls / self.time_s


@dataclass(frozen=True)
class HelpMeasure:
    """A sense in which hands help more or less.

    Attributes:
        title: What is measured.
        unit: Its unit.
        value: The number.
        more: 1 if a larger number is more help, -1 if a smaller one is.
    """

    title: str
    unit: str
    value: Callable[[HandsHelp], float]
    more: int = 1

    def amount(self, given: HandsHelp) -> float:
        """A number that grows with the help, to compare with others of the same measure."""
        return self.more * self.value(given)


HELP: Mapping[HelpName, HelpMeasure] = {
    "impulse": HelpMeasure("impulse of the hands", "N s/h", lambda one: one.impulse_n_s_per_h),
    "load": HelpMeasure("share of load", "1", lambda one: one.load_share),
    "falls": HelpMeasure("rate of falls", "1/min", lambda one: one.falls_per_min, more=-1),
}
"""The three senses in which the help of hands can be equal."""


@dataclass(frozen=True)
class Match:
    """How firm hands at a site must be to help as much as the hands that they are matched to.

    Attributes:
        site: The site.
        measure: Sense in which help is equal.
        firmness: The least firmness that gives as much; infinite if full firmness does not.
        given: Help at that firmness, or at full firmness if that does not give as much.
    """

    site: str
    measure: HelpName
    firmness: float
    given: HandsHelp

    @property
    def is_possible(self) -> bool:
        """Whether hands at the site can give so much help."""
        return self.firmness < inf


@dataclass(frozen=True)
class EqualHelp:
    """Help at equal firmness, and firmness at equal help.

    Attributes:
        like: Site whose help the others are to give.
        firmness: Firmness there, and everywhere in ``at_firmness``.
        episodes: Number of episodes behind each number.
        at_firmness: Help at this firmness, by site.
        matches: Firmness at equal help, of each other site in each measure.
    """

    like: str
    firmness: float
    episodes: int
    at_firmness: Mapping[str, HandsHelp]
    matches: tuple[Match, ...]
