"""The embedded engines' parts: the data directory, the processes, and one module per engine."""
