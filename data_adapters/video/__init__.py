"""Video platforms, one folder each: adapter.py and README.md (docs/add-a-video-platform.md)."""
