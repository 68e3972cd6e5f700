"""The YAML files that a researcher edits: finding, reading and checking them.

No package below this one imports it, and it imports neither PyBullet nor torch.
"""

from dmi_sim.catalog.files import MAX_FILE_BYTES as MAX_FILE_BYTES
from dmi_sim.catalog.files import Catalog as Catalog
from dmi_sim.catalog.files import override as override
from dmi_sim.catalog.files import parse_setting as parse_setting
from dmi_sim.catalog.files import parse_yaml as parse_yaml
from dmi_sim.catalog.files import read_spec as read_spec
