"""Views: what a part of the system's configuration comes to, resolved from the evidence. Pure.

A view answers "what is in effect" where the evidence says "what stands in this file": includes
followed, overrides applied, comments gone. Like the evidence itself a view raises
:class:`~cce.evidence.model.Unread`, and nothing else, where the answer was not read.
"""
