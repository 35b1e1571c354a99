"""The Things Stack v3: a LoRaWAN network server's messages."""
