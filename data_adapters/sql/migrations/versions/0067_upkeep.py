"""How long feeds, gateways and cameras were up and down as far as anybody watched, and the operations work orders about them."""

from alembic import op

revision = "0067"
down_revision = "0066"

TABLES = """
ALTER TABLE feed_ways ADD COLUMN failed_at timestamptz;
CREATE TABLE standings (
    kind text NOT NULL, thing text NOT NULL, since timestamptz NOT NULL, until timestamptz,
    state text NOT NULL CHECK (state IN ('up', 'down', 'unknown')), why text NOT NULL, PRIMARY KEY (kind, thing, since)
);
COMMENT ON TABLE standings IS 'since when a feed, gateway or camera was up, down, or nobody could know; until NULL: so it is now';
CREATE UNIQUE INDEX standings_now ON standings (kind, thing) WHERE until IS NULL;
CREATE TABLE watch_spans (kind text NOT NULL, from_at timestamptz NOT NULL, to_at timestamptz NOT NULL, PRIMARY KEY (kind, from_at));
COMMENT ON TABLE watch_spans IS 'when anybody watched the things of a kind; between the spans nothing is known';
CREATE SEQUENCE upkeep_numbers;
CREATE TABLE upkeep_orders (
    order_id uuid PRIMARY KEY, origin_center text NOT NULL, number text NOT NULL UNIQUE, version integer NOT NULL CHECK (version > 0),
    kind text NOT NULL, thing text NOT NULL, name text NOT NULL, region text NOT NULL, department text NOT NULL,
    rule text NOT NULL, owner text NOT NULL, vendor text NOT NULL, why text NOT NULL,
    state text NOT NULL CHECK (state IN ('pending', 'working', 'confirming', 'closed')),
    down_since timestamptz NOT NULL, opened_at timestamptz NOT NULL, due_at timestamptz, due_note text NOT NULL,
    recovered_at timestamptz, closed_at timestamptz, closed_by text NOT NULL, handled_by text[] NOT NULL, relapses integer NOT NULL,
    told integer NOT NULL
);
COMMENT ON TABLE upkeep_orders IS 'operations work orders as they are now; told: the version up to which the owner was told';
CREATE UNIQUE INDEX upkeep_orders_open ON upkeep_orders (kind, thing) WHERE state <> 'closed';
CREATE INDEX upkeep_orders_opened ON upkeep_orders (opened_at DESC);
CREATE INDEX upkeep_orders_thing ON upkeep_orders (kind, thing, closed_at DESC);
CREATE TABLE upkeep_events (
    order_id uuid NOT NULL REFERENCES upkeep_orders, version integer NOT NULL, at timestamptz NOT NULL, actor text NOT NULL,
    deed text NOT NULL, state text NOT NULL, data jsonb NOT NULL, PRIMARY KEY (order_id, version)
);
CREATE FUNCTION upkeep_events_stay() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'upkeep_events is append-only'; END $$;
CREATE TRIGGER upkeep_events_stay BEFORE UPDATE OR DELETE ON upkeep_events FOR EACH ROW EXECUTE FUNCTION upkeep_events_stay();
"""


def upgrade() -> None:
    op.execute(TABLES)


def downgrade() -> None:
    op.execute("""DROP TABLE upkeep_events, upkeep_orders, watch_spans, standings; DROP FUNCTION upkeep_events_stay;
        DROP SEQUENCE upkeep_numbers; ALTER TABLE feed_ways DROP COLUMN failed_at""")
