"""The leaning pole and quick settings for all tests of rollouts."""

from tests.leaning import leaning as leaning
from tests.leaning import quick as quick
