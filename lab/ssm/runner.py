"""Runs a command on its servers: concurrency, error budget, timeouts, output to S3, events."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from lab.execute import Outcome
from lab.ssm.state import (
    CANCELLED,
    DELIVERY_TIMED_OUT,
    ERRORS,
    EXECUTION_TIMED_OUT,
    FAILED,
    IN_PROGRESS,
    PENDING,
    SUCCESS,
    TERMINATED,
)
from lab.ssm.views import OUTPUT_FOLDER, delivery_timeout

if TYPE_CHECKING:
    from lab.ssm.documents import Step
    from lab.ssm.state import Command, Invocation, Place, Server


class Outputs(Protocol):
    """Where an agent puts a command's output."""

    def put(self, place: Place, bucket: str, key: str, body: bytes) -> str:
        """Store it and return its URL; empty when the server may not."""
        ...


class Events(Protocol):
    """Who is told that an invocation has another status."""

    def changed(self, place: Place, command: Command, instance_id: str, status: str) -> None:
        """Tell EventBridge, as far as it is told at all."""
        ...


@dataclass
class Budget:
    """MaxErrors: with one error more than allowed, sending stops."""

    allowed: int
    errors: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, status: tuple[str, str]) -> None:
        """Take an outcome into account."""
        with self.lock:
            self.errors += status in ERRORS

    @property
    def spent(self) -> bool:
        """Whether no further server is sent to."""
        return self.errors > self.allowed


class Runner:
    """Starts commands in threads and stops them with the lab.

    Parameters
    ----------
    pace
        What a second of waiting for a timeout is worth, ``0.01`` in tests: the delivery timeout of an
        undelivered command and the execution timeout of a server that died pass that much faster.
    """

    def __init__(self, outputs: Outputs, events: Events, *, pace: float = 1.0) -> None:
        self._outputs = outputs
        self._events = events
        self.pace = pace
        self._commands: list[Command] = []
        self._threads: list[threading.Thread] = []

    def start(self, place: Place, command: Command, step: Step, limits: tuple[int, int]) -> None:
        """Run a command in the background; ``limits`` are its concurrency and its error allowance."""
        thread = threading.Thread(
            target=self._run,
            args=(place, command, step, limits),
            name=f"command-{command.command_id}",
            daemon=True,
        )
        self._commands.append(command)
        self._threads = [each for each in self._threads if each.is_alive()] + [thread]
        thread.start()

    def stop(self) -> None:
        """Cancel what runs and wait for it."""
        for command in self._commands:
            command.stopping.set()
        for thread in self._threads:
            thread.join()

    def _run(self, place: Place, command: Command, step: Step, limits: tuple[int, int]) -> None:
        concurrency, allowed = limits
        budget = Budget(allowed)
        with ThreadPoolExecutor(max_workers=concurrency) as pool:
            for invocation in command.invocations.values():
                pool.submit(self._invoke, place, command, step, invocation, budget)

    def _invoke(
        self, place: Place, command: Command, step: Step, invocation: Invocation, budget: Budget
    ) -> None:
        if command.stopping.is_set():
            self._change(place, command, invocation, CANCELLED)
            return
        if budget.spent:
            self._change(place, command, invocation, TERMINATED)
            return
        server = place.servers[invocation.instance_id]
        if not server.node.reachable:
            self._wait_for_delivery(place, command, invocation)
            return
        invocation.started = time.time()
        self._change(place, command, invocation, IN_PROGRESS)
        timeout = step.timeout * (self.pace if server.node.kind == "dies" else 1.0)
        try:
            outcome = server.node.run(step.script, timeout=timeout, cancelled=command.stopping)
        except OSError as problem:  # a recording that is not there, a program that cannot start
            outcome = Outcome(stderr=str(problem).encode(), status=1)
        self._finish(place, command, invocation, server, outcome)
        budget.count(invocation.status)

    def _wait_for_delivery(self, place: Place, command: Command, invocation: Invocation) -> None:
        cancelled = command.stopping.wait(delivery_timeout(command) * self.pace)
        self._change(place, command, invocation, CANCELLED if cancelled else DELIVERY_TIMED_OUT)

    def _finish(
        self, place: Place, command: Command, invocation: Invocation, server: Server, outcome: Outcome
    ) -> None:
        invocation.stdout, invocation.stderr = outcome.stdout, outcome.stderr
        invocation.response_code, invocation.ended = outcome.status, time.time()
        bucket = command.request.get("OutputS3BucketName", "")
        if bucket and server.profile_allows_s3:
            prefix = [command.request.get("OutputS3KeyPrefix", "").strip("/")]
            names = [command.command_id, invocation.instance_id, OUTPUT_FOLDER, command.step]
            folder = "/".join([*filter(None, prefix), *names])
            invocation.stdout_url = self._outputs.put(place, bucket, f"{folder}/stdout", outcome.stdout)
            if outcome.stderr:
                invocation.stderr_url = self._outputs.put(place, bucket, f"{folder}/stderr", outcome.stderr)
        self._change(place, command, invocation, _status(outcome))

    def _change(
        self, place: Place, command: Command, invocation: Invocation, status: tuple[str, str]
    ) -> None:
        if invocation.status not in {PENDING, IN_PROGRESS}:
            return
        invocation.ended = invocation.ended or (0.0 if status == IN_PROGRESS else time.time())
        invocation.status = status
        self._events.changed(place, command, invocation.instance_id, status[0])


def _status(outcome: Outcome) -> tuple[str, str]:
    if outcome.cancelled:
        return CANCELLED
    if outcome.timed_out:
        return EXECUTION_TIMED_OUT
    return SUCCESS if outcome.status == 0 else FAILED
