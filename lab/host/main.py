"""Starts MiniStack with the lab's hooks; the environment says the rest."""

from __future__ import annotations

import os
from pathlib import Path

from lab.host.authorize import with_authorize
from lab.host.definition import yaml_definitions
from lab.host.errors import name_errors
from lab.host.ministack import module
from lab.host.principal import condition_keys
from lab.host.raw_paths import raw_paths
from lab.host.record import Recorder, record_decisions
from lab.host.rest_apis import rest_apis
from lab.host.states import decide_states


def main() -> None:
    """Serve until asked to end."""
    recorder = Recorder(Path(os.environ.pop("LAB_CALLS")))
    record_decisions(recorder)
    condition_keys()
    app = module("app")
    app.app = with_authorize(app.app)
    # The lab speaks plain HTTP on 127.0.0.1 where AWS speaks TLS; policies that refuse it must see TLS.
    pin = app.pin_request_origin
    app.pin_request_origin = lambda address, _secure: pin(address, True)  # noqa: FBT003 - MiniStack's signature
    decide_states(recorder)
    yaml_definitions()
    name_errors()
    rest_apis()
    raw_paths()
    app.main()
