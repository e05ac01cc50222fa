# A server as Debian installs it, also with the services of a set: nothing configured, one ordinary user.
identity "$ROOT"
person minji
