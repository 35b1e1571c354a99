"""The statements of viewing_repository.py.

A stream is given to a new player and claimed for stopping by updating its one row (`used_at`, `stopping_at`), so that of two who do this
at the same moment the second one sees what the first did. `used_at` at 1970 says that its player called it dead.
"""

CLAIM = """INSERT INTO video_streams (stream_id, platform, camera_id, key, asked_at, used_at)
    VALUES (:stream_id, :platform, :camera_id, :key, :asked_at, :asked_at) ON CONFLICT DO NOTHING RETURNING stream_id"""
RETIRE = """UPDATE video_streams SET retired = true WHERE platform = :platform AND camera_id = :camera_id AND key = :key
    AND stopped_at IS NULL AND NOT retired AND expires_at <= :now"""
STREAM = "s.stream_id, s.platform, s.camera_id, s.key, s.asked_at, s.session AS session_there, s.urls, s.codec, s.expires_at"
PLAYING = f"""SELECT {STREAM}, s.stopping_at IS NULL AND s.used_at > to_timestamp(0) AS usable FROM video_streams s
    WHERE platform = :platform AND camera_id = :camera_id AND key = :key AND stopped_at IS NULL AND NOT retired"""
STARTED = """UPDATE video_streams SET session = :session, urls = :urls, codec = :codec, expires_at = :expires_at
    WHERE stream_id = :stream_id AND stopping_at IS NULL AND stopped_at IS NULL"""
FAILED = "UPDATE video_streams SET failed = :code, stopped_at = now() WHERE stream_id = :stream_id"
COUNT = "SELECT count(*) FILTER (WHERE username = :username) AS own, count(*) AS whole FROM viewings WHERE closed_at IS NULL"
USE = "UPDATE video_streams SET used_at = :now WHERE stream_id = :stream_id AND stopping_at IS NULL AND stopped_at IS NULL"
OPEN = """INSERT INTO viewings (viewing_id, stream_id, username, session, camera_id, incident_id, face, opened_at, seen_at)
    VALUES (:viewing_id, :stream_id, :username, :session, :camera_id, :incident_id, :face, :opened_at, :opened_at)"""
VIEWED = "v.viewing_id, v.stream_id, v.username, v.session, v.camera_id, s.key, v.incident_id, v.face, v.opened_at, v.seen_at, v.resource"
VIEWING = f"""SELECT {VIEWED}, s.platform, s.asked_at, s.session AS session_there, s.urls, s.codec, s.expires_at
    FROM viewings v JOIN video_streams s USING (stream_id) WHERE viewing_id = :viewing_id AND closed_at IS NULL"""
OWN = "v.viewing_id = ANY(CAST(:viewing_ids AS uuid[])) AND v.session = :session AND v.closed_at IS NULL AND s.stream_id = v.stream_id"
BEAT = f"UPDATE viewings v SET seen_at = :now FROM video_streams s WHERE {OWN} RETURNING {VIEWED}"
USED = """, used AS (UPDATE video_streams s SET used_at = :now FROM closed c
    WHERE s.stream_id = c.stream_id AND s.used_at > to_timestamp(0)) SELECT * FROM closed"""
CLOSE = f"""WITH closed AS (UPDATE viewings v SET closed_at = :now, closed_why = :why FROM video_streams s WHERE {OWN} RETURNING {VIEWED})
    {USED}"""
CLOSE_SILENT = f"""UPDATE viewings v SET closed_at = :now, closed_why = :why FROM video_streams s
    WHERE v.closed_at IS NULL AND v.seen_at <= :before AND s.stream_id = v.stream_id RETURNING {VIEWED}"""
DOUBT = """UPDATE video_streams s SET used_at = to_timestamp(0) FROM viewings v
    WHERE v.viewing_id = CAST(:viewing_id AS uuid) AND v.session = :session AND s.stream_id = v.stream_id
    AND NOT EXISTS (SELECT FROM viewings o WHERE o.stream_id = s.stream_id AND o.closed_at IS NULL AND o.viewing_id <> v.viewing_id)"""
UNWATCHED = f"""UPDATE video_streams s SET stopping_at = :now
    WHERE s.stopped_at IS NULL AND (s.stopping_at IS NULL OR s.stopping_at <= :given_up) AND coalesce(s.again_at, :now) <= :now
    AND CASE WHEN s.session IS NULL THEN s.asked_at <= :given_up ELSE s.used_at <= :before
        AND NOT EXISTS (SELECT FROM viewings v WHERE v.stream_id = s.stream_id AND v.closed_at IS NULL) END
    RETURNING {STREAM}, EXISTS (SELECT FROM video_streams o WHERE o.platform = s.platform AND o.session = s.session
        AND o.stream_id <> s.stream_id AND o.stopped_at IS NULL) AS shared"""
HANG_UPS = """WITH gone AS (SELECT v.viewing_id, v.resource, s.urls FROM viewings v JOIN video_streams s USING (stream_id)
        WHERE v.closed_at IS NOT NULL AND v.resource IS NOT NULL FOR UPDATE OF v SKIP LOCKED)
    UPDATE viewings v SET resource = NULL FROM gone WHERE v.viewing_id = gone.viewing_id RETURNING gone.urls, gone.resource"""
STOPPED = "UPDATE video_streams SET stopped_at = :now WHERE stream_id = :stream_id"
NOT_STOPPED = "UPDATE video_streams SET stopping_at = NULL, again_at = :again_at WHERE stream_id = :stream_id"
FORGET = "DELETE FROM viewings WHERE closed_at < :before"
FORGET_STREAMS = """DELETE FROM video_streams s WHERE stopped_at < :before
    AND NOT EXISTS (SELECT FROM viewings v WHERE v.stream_id = s.stream_id)"""
