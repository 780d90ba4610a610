"""The review queue: where a person decides."""
