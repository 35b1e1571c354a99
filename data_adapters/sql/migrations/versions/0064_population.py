"""How many people live in a region, where the city's pack says it: cases are compared per head."""

from alembic import op

revision = "0064"
down_revision = "0063"


def upgrade() -> None:
    op.execute("ALTER TABLE regions ADD COLUMN population integer CHECK (population > 0)")


def downgrade() -> None:
    op.execute("ALTER TABLE regions DROP COLUMN population")
