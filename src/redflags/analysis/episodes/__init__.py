"""How strongly a household's records over time speak for an episode that is under way.

A household has no episode, or one that began some day and lasts or has ended. Each course explains
the records that came, and those that did not, more or less well; the score compares all courses in
which one is under way with all others (`episode_score`). What an episode looks like is assumed by
the rule set, roughly and once for every landlord; what is usual is measured on the landlord's own
records.
docs/adr/0016-episodes.md says where this comes from and what was tried beside it.
"""

from redflags.analysis.episodes.age_grid import grid_of
from redflags.analysis.episodes.episode_score import episode_score
from redflags.analysis.episodes.event_counts import MARKS, Homes, Marks, homes_of, marks_of

__all__ = ["MARKS", "Homes", "Marks", "episode_score", "grid_of", "homes_of", "marks_of"]
