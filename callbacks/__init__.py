"""What the pages do: each concern registers its callbacks. A callback parses, calls a service and renders."""
