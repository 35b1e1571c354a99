"""Everything outside this program: engines, broker, database, live store, feeds."""
