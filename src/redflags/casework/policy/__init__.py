"""Who may, in which state: rules that acts enforce and pages ask."""
