"""The demo city: a city pack made from facts, and a publisher that plays a plausible day on it over MQTT (演示数据)."""
