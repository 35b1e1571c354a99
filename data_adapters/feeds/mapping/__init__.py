"""Any JSON, as the settings describe it (README.md)."""
