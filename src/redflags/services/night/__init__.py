"""The night: take, store, score, queue, notify."""
