"""The replayer: publishes a recorded table as native MQTT telemetry (docs/replay.md)."""
