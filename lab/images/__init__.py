"""Docker images of the lab, and how containers reach it."""
