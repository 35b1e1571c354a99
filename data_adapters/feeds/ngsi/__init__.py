"""NGSI-LD and NGSI-v2: entities of a context broker."""
