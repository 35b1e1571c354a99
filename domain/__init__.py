"""The rules of the city: pure functions and values, no input or output, no clock."""
