"""What people see: pages, panels and the words on them. Components are built from a View; nothing here fetches anything."""
