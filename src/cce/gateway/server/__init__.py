"""The local server: a definition file answered on this machine, by the engine that answers on AWS."""
