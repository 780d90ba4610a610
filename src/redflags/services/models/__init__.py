"""Models: trained, refitted, promoted, and chosen by a night."""
