"""Noticing that the nights change slowly: control charts of sums."""
