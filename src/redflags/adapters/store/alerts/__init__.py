"""Alerts in the database: how they come in, are read and chosen, and which comes first."""
