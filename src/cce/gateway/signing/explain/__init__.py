"""Why a signature does not fit: what the client signed, what the server signs, where they part, and why.

No gateway tells it to a caller, so it is worked out here from a recorded request: every known mistake of
clients is made on purpose, and the one whose string gives the client's signature is the one that was made.
"""
