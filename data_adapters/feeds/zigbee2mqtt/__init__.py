"""Zigbee2MQTT (README.md)."""
