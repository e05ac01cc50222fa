"""Real Debian root directories for tests and the demo, and what the probe printed on them."""
