"""Where records that others lent lie: beside the repository, never in it, and not everywhere."""

from pathlib import Path

SHARED_DATA = Path(__file__).parents[3] / "shared" / "data"
