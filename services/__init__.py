"""Use cases: what happens when something arrives or somebody acts. They speak to the outside through ports."""
