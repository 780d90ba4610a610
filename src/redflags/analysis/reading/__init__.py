"""From job text and codes to one signal, one tell and one innocent reason. Pure."""
