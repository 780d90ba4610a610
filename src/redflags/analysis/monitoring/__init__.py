"""Limits, rates and intervals to judge nights and groups by, and small numbers held back. Pure."""
