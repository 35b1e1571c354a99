"""Inbound formats, one folder each. A new feed is a folder and one line here (docs/add-a-feed.md)."""
