"""What an appeal is about and whose it is, suggested by a model trained on the city's own history."""
