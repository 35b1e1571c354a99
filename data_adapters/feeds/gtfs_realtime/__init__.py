"""GTFS Realtime: vehicles of public transport."""
