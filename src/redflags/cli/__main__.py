"""``python -m redflags.cli`` is what the shell calls `redflags`."""

from redflags.cli import script

if __name__ == "__main__":
    script()
