"""CityDeck's own MQTT format."""
