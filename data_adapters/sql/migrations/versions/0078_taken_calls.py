"""Which incident a neighbouring centre's call became: found by the reference that it was sent under."""

from alembic import op

revision = "0078"
down_revision = "0077"


def upgrade() -> None:
    op.execute("CREATE INDEX incident_events_of_calls ON incident_events (request_id) WHERE request_id LIKE 'call:%'")


def downgrade() -> None:
    op.execute("DROP INDEX incident_events_of_calls")
