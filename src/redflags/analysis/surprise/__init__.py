"""How unlikely a household's counts are, given its history and homes like it. Pure."""
