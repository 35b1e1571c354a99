"""Frigate: what a network video recorder detects."""
