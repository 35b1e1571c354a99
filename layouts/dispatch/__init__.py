"""The face of dispatch on `/desk`: whom to send, what lies around, the board of units; assets/dispatch*.js fills it from /api/v1."""
