"""ONVIF events of cameras and recorders."""
