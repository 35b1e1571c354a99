"""Matches of an approved face platform."""
