"""Whether bytes are still named is asked by their SHA-256."""

from alembic import op

revision = "0079"
down_revision = "0078"


def upgrade() -> None:
    """An index for each of the two tables that name bytes."""
    op.execute("CREATE INDEX event_pictures_bytes ON event_pictures (sha256) WHERE sha256 IS NOT NULL")
    op.execute("CREATE INDEX incident_attachments_bytes ON incident_attachments (sha256)")


def downgrade() -> None:
    """Without them."""
    op.execute("DROP INDEX event_pictures_bytes, incident_attachments_bytes")
