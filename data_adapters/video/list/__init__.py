"""A plain list of stream addresses."""
