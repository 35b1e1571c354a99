"""What a city sets: settings.py reads the environment, the YAML files hold the rest."""
