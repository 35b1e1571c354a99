"""What the LoRaWAN network servers' feeds share: device models' decoders, and what becomes of an uplink."""
