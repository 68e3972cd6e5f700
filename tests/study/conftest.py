"""Helpers of these tests are modules beside them; child processes must find them too."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
