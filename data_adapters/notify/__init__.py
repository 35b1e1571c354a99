"""Ways to a person outside the application, through apprise."""
