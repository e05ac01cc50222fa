"""The private API: the inventory of servers, their verdicts, and assessments. Pure, but for its ports."""
