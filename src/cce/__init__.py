"""cce-fleet: the configuration of every server of an organisation against Korea's KISA guide."""

__version__ = "0.1.0"
