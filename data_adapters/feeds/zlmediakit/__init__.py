"""ZLMediaKit: streams of a media server."""
