"""Cameras of video platforms with their past, what they were up to, how their platforms are doing, and who is turning one."""

from alembic import op

revision = "0066"
down_revision = "0065"

CAMERAS = """
CREATE TABLE cameras (
    camera_id text NOT NULL CHECK (length(camera_id) BETWEEN 1 AND 128),
    platform text NOT NULL, channel text NOT NULL CHECK (length(channel) <= 300), name text NOT NULL CHECK (length(name) <= 300),
    code text NOT NULL DEFAULT '', civil_code text NOT NULL DEFAULT '', path text[] NOT NULL DEFAULT '{}',
    region text NOT NULL DEFAULT '', department text NOT NULL DEFAULT '',
    lon double precision, lat double precision, direction double precision, field_of_view double precision, range_m double precision,
    ptz text NOT NULL DEFAULT 'unknown', vehicle text, device_id text,
    codec text NOT NULL DEFAULT '', streams text[] NOT NULL DEFAULT '{main}',
    wall boolean NOT NULL DEFAULT false,
    status text NOT NULL CHECK (status IN ('online', 'offline', 'gone')), since timestamptz NOT NULL,
    valid_from timestamptz NOT NULL, valid_to timestamptz,
    PRIMARY KEY (camera_id, valid_from)
);
CREATE UNIQUE INDEX cameras_now ON cameras (camera_id) WHERE valid_to IS NULL;
CREATE UNIQUE INDEX cameras_channel ON cameras (platform, channel) WHERE valid_to IS NULL;
CREATE INDEX cameras_place ON cameras (lat, lon) WHERE valid_to IS NULL AND lat IS NOT NULL;
CREATE INDEX cameras_listed ON cameras (name COLLATE "C", camera_id) WHERE valid_to IS NULL;
CREATE INDEX cameras_vehicle ON cameras (vehicle) WHERE valid_to IS NULL AND vehicle IS NOT NULL;
COMMENT ON TABLE cameras IS 'cameras of video platforms as they were from valid_from to valid_to; status and since are of the newest row';
COMMENT ON COLUMN cameras.vehicle IS 'the device whose positions are the camera''s; NULL for one that stands still';
COMMENT ON COLUMN cameras.device_id IS 'the register''s device that is this camera';
COMMENT ON COLUMN cameras.status IS 'gone: its platform lists it no more';
CREATE TABLE camera_status (
    camera_id text NOT NULL, at timestamptz NOT NULL, status text NOT NULL CHECK (status IN ('online', 'offline', 'gone')),
    PRIMARY KEY (camera_id, at)
);
COMMENT ON TABLE camera_status IS 'each change of a camera''s status, as its platform was asked';
CREATE UNLOGGED TABLE camera_rounds (platform text NOT NULL, channel text NOT NULL, PRIMARY KEY (platform, channel));
COMMENT ON TABLE camera_rounds IS 'channels that the round under way has seen';
CREATE TABLE video_platforms (
    platform text PRIMARY KEY, asked_at timestamptz NOT NULL, whole_at timestamptz, cameras integer NOT NULL DEFAULT 0,
    failing_since timestamptz, reason text NOT NULL DEFAULT ''
);
COMMENT ON TABLE video_platforms IS 'when each platform''s catalogue was last asked for, last whole, and since when it fails and why';
CREATE TABLE camera_holds (
    camera_id text PRIMARY KEY, username text NOT NULL, until timestamptz NOT NULL, moving boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE camera_holds IS 'who turns a camera, and until when nobody else may; moving: it was told to turn and not yet to stop';
"""


def upgrade() -> None:
    op.execute(CAMERAS)


def downgrade() -> None:
    op.execute("DROP TABLE camera_holds, video_platforms, camera_rounds, camera_status, cameras")
