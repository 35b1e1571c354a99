"""Government hotlines (12345, 96966): work orders as JSON, or as tables that they export."""
