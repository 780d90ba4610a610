"""The flows: decorators, retries and schedules around the services; nothing is decided here."""
