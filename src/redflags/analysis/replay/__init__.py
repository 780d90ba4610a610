"""History replayed: the queue as it would have been, and what other thresholds would give. Pure."""
