"""Pages of managers and auditors: the team, samples, figures, nights, the trail."""
