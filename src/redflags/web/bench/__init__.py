"""Pages of analysts: the rules, and other thresholds tried."""
