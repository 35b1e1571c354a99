"""SenML, RFC 8428 (README.md)."""
