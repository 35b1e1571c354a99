"""Sparkplug B: edge nodes and their devices over MQTT."""
