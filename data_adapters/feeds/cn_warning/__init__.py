"""Chinese colour warnings, as the weather service and the national warning centre publish them."""
