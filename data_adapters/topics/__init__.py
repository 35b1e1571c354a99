"""Topic libraries: departments' databases, files and interfaces, read only (README.md)."""
