"""What an unknown extract seems to be: guesses from its bytes, names and values, without I/O."""
