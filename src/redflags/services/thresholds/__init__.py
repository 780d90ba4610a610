"""The analyst's bench: backtests, tuning and previews of thresholds."""
