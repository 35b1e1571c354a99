"""The operator's desk for incidents: the queue, one incident in full, what may be done with it, and the intake of new ones."""
