"""Traccar: vehicle trackers of any make behind one server."""
