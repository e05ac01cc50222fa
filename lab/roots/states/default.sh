# A server as Debian installs it: nothing configured, one ordinary user.
identity debian12-default
person minji
