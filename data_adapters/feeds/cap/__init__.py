"""CAP: public warnings."""
