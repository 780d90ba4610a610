"""From surprise, episodes and rules to one order of households, with reasons. Pure."""
