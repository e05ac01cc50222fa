"""Systems Manager Run Command, as the lab plays it: real scripts, real limits, real statuses.

``server`` speaks the protocol, ``send`` and ``queries`` are the operations, ``runner`` runs a command on its
servers, ``events`` tells EventBridge. What AWS would refuse is refused here with AWS's error.
"""
