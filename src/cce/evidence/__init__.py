"""Evidence: how it is framed on a probe's standard output, parsed, and read by rules. Pure."""
