"""Passes requests on to backends: the relay function, and what it shares with the local server."""
