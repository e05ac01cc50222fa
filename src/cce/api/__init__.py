"""The private API: the inventory, verdicts, findings, assessments. Pure, but for its ports."""
