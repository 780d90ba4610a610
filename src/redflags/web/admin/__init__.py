"""Pages of administrators: who works here and what they may do."""
