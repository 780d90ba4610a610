"""An order learned from outcomes, and whether it is better than the one there is. Pure."""
