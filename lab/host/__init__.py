"""MiniStack with the lab's hooks: what runs inside MiniStack's own virtual environment.

Hooks, each one file: every IAM decision is written down (:mod:`lab.host.record`), the state machine's
own calls are decided too (:mod:`lab.host.states`), and the lab's SSM endpoint can ask who signed a request
and whether that caller may do it (:mod:`lab.host.authorize`). Where MiniStack differs from AWS in a way
that our stack meets, it is put right: ``aws:PrincipalArn`` (:mod:`lab.host.principal`), state machines
written in YAML (:mod:`lab.host.definition`), the names of a function's errors (:mod:`lab.host.errors`),
REST APIs (:mod:`lab.host.rest_apis`).
"""
