"""ChirpStack v4: a LoRaWAN network server's events."""
