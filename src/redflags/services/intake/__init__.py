"""What comes in: sources taken, what is missing of them, and whether a night may go on."""
