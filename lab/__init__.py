"""AWS on one machine: for development, the tests and ``make run``.

MiniStack plays every service but SSM Run Command; that one is :mod:`lab.ssm`, whose nodes are this
machine, root directories, recordings, containers and servers that misbehave. Nothing in ``src/`` or
``functions/`` knows about the lab: only environment variables of the AWS SDK point there.
"""
