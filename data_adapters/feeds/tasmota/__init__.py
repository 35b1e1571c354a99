"""Tasmota (README.md)."""
