"""WVP-GB28181-pro."""
