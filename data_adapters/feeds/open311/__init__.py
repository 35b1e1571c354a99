"""Open311 GeoReport v2: citizens' service requests over an open interface."""
