"""The page on which staff log a concern."""
