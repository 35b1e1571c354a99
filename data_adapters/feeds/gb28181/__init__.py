"""GB/T 28181 notifications of video platforms."""
