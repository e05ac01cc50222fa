"""Run Command of the lab behaves as AWS's where our functions depend on it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from lab import nodes
from lab.execute import Outcome
from lab.ssm.send import allowance

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENT = "cce-fleet-linux"


def code(caught: pytest.ExceptionInfo[ClientError]) -> str:
    return str(caught.value.response["Error"]["Code"])


class Holding(nodes.Printing):
    """A server that works until it is let go."""

    def __init__(self) -> None:
        super().__init__(b"held")
        object.__setattr__(self, "gate", threading.Event())
        object.__setattr__(self, "entered", threading.Event())

    def run(self, script: str, *, timeout: float, cancelled: threading.Event) -> Outcome:  # noqa: ARG002 - the protocol's
        self.entered.set()  # type: ignore[attr-defined]
        while not self.gate.is_set():  # type: ignore[attr-defined]
            if cancelled.wait(0.01):
                return Outcome(cancelled=True)
        return Outcome(b"held")


def test_the_documents_own_script_runs_on_the_machine(world: Any) -> None:
    world.document(
        '{"schemaVersion": "2.2", "mainSteps": [{"action": "aws:runShellScript", "name": "probe", '
        '"inputs": {"runCommand": ["a=6", "b=7", "echo $((a * b)); echo oops >&2"]}}]}'
    )
    server = world.add(nodes.Machine())

    result = world.result(world.send(server), server)

    assert ("Success", "Success", 0) == (result["Status"], result["StatusDetails"], result["ResponseCode"])
    assert ("42\n", "oops\n") == (result["StandardOutputContent"], result["StandardErrorContent"])


def test_a_root_directory_is_read_by_its_path(world: Any, make_content: Any, tmp_path: Path) -> None:
    (tmp_path / "os-release").write_text("Debian\n")
    world.document(make_content(['cat "$CCE_ROOT/os-release"']))
    server = world.add(nodes.Root(tmp_path))

    assert "Debian\n" == world.result(world.send(server), server)["StandardOutputContent"]


def test_a_script_does_not_see_the_labs_environment(
    world: Any, make_content: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "leaked")
    world.document(make_content(["env"]))
    server = world.add(nodes.Machine())

    assert "leaked" not in world.result(world.send(server), server)["StandardOutputContent"]


def test_a_script_that_exits_with_an_error_fails_with_its_status(world: Any, make_content: Any) -> None:
    world.document(make_content(["echo half", "exit 3"]))
    server = world.add(nodes.Machine())

    result = world.result(world.send(server), server)

    assert ("Failed", 3, "half\n") == (
        result["Status"],
        result["ResponseCode"],
        result["StandardOutputContent"],
    )


def test_a_script_over_its_time_is_ended_with_everything_it_started(world: Any, make_content: Any) -> None:
    world.document(make_content(["echo begun", "sleep 98765 & sleep 98765"], timeout=1))
    server = world.add(nodes.Machine())

    result = world.result(world.send(server), server)

    assert ("TimedOut", "Execution Timed Out") == (result["Status"], result["StatusDetails"])
    assert "begun\n" == result["StandardOutputContent"]
    assert [] == [line for line in _processes() if "98765" in line]


def _processes() -> list[str]:
    from pathlib import Path  # noqa: PLC0415 - only here at run time

    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(each.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue
    return [line for line in found if line.startswith("sleep ")]


def test_output_is_cut_at_24000_and_8000_characters(world: Any, make_content: Any) -> None:
    world.document(
        make_content(["head -c 30000 /dev/zero | tr '\\0' a", "head -c 9000 /dev/zero | tr '\\0' b >&2"])
    )
    server = world.add(nodes.Machine())

    result = world.result(world.send(server), server)

    assert (24_000, 8_000) == (len(result["StandardOutputContent"]), len(result["StandardErrorContent"]))


def test_the_overview_is_cut_at_2500_characters(world: Any) -> None:
    world.document()
    server = world.add(nodes.Printing(b"x" * 5000))

    (plugin,) = world.ended(world.send(server))[server]["CommandPlugins"]

    assert 2500 == len(plugin["Output"])
    assert plugin["Output"].endswith("---Output truncated---")


@pytest.mark.parametrize(
    ("node", "length"), [(nodes.silent(), 0), (nodes.huge(), 24_000)], ids=["silent", "huge"]
)
def test_a_server_that_prints_nothing_or_10_mb_succeeds(world: Any, node: nodes.Node, length: int) -> None:
    world.document()
    server = world.add(node)

    result = world.result(world.send(server), server)

    assert ("Success", length) == (result["Status"], len(result["StandardOutputContent"]))


def test_garbage_arrives_as_text(world: Any) -> None:
    world.document()
    server = world.add(nodes.garbage())

    assert "\N{REPLACEMENT CHARACTER}" in world.result(world.send(server), server)["StandardOutputContent"]


def test_a_server_that_dies_half_way_times_out_with_half_a_document(world: Any, tmp_path: Path) -> None:
    (tmp_path / "whole").write_bytes(b"0123456789")
    world.document()
    server = world.add(nodes.Dies(tmp_path / "whole"))

    result = world.result(world.send(server), server)

    assert ("TimedOut", "Execution Timed Out", "01234") == (
        result["Status"],
        result["StatusDetails"],
        result["StandardOutputContent"],
    )


def test_a_recording_is_printed_as_it_is(world: Any, tmp_path: Path) -> None:
    (tmp_path / "recorded").write_bytes(b"evidence")
    world.document()
    server = world.add(nodes.Recording(tmp_path / "recorded"))

    assert "evidence" == world.result(world.send(server), server)["StandardOutputContent"]


def test_a_missing_recording_fails_its_server_and_says_so(world: Any, tmp_path: Path) -> None:
    world.document()
    server = world.add(nodes.Recording(tmp_path / "nowhere"))

    result = world.result(world.send(server), server)

    assert "Failed" == result["Status"]
    assert "nowhere" in result["StandardErrorContent"]


def test_a_command_that_is_never_fetched_times_out_in_delivery(world: Any) -> None:
    world.document()
    server = world.add(nodes.Undelivered())

    result = world.result(world.send(server, TimeoutSeconds=30), server)

    assert ("TimedOut", "Delivery Timed Out", "") == (
        result["Status"],
        result["StatusDetails"],
        result["StandardOutputContent"],
    )


def test_output_is_empty_until_the_script_has_ended(world: Any) -> None:
    world.document()
    node = Holding()
    server = world.add(node)
    command = world.send(server)
    node.entered.wait(5)  # type: ignore[attr-defined]
    time.sleep(0.15)

    running = world.client().get_command_invocation(CommandId=command, InstanceId=server)
    node.gate.set()  # type: ignore[attr-defined]

    assert ("InProgress", "") == (running["Status"], running["StandardOutputContent"])
    assert "held" == world.result(command, server)["StandardOutputContent"]


def test_a_command_just_sent_is_not_to_be_found_yet(world: Any) -> None:
    world.document()
    server = world.add(nodes.silent())
    command = world.send(server)

    with pytest.raises(ClientError) as caught:
        world.client().get_command_invocation(CommandId=command, InstanceId=server)

    assert "InvocationDoesNotExist" == code(caught)


def test_one_offline_server_refuses_the_whole_command(world: Any) -> None:
    world.document()
    good = world.add(nodes.silent())
    for bad in (world.add(nodes.Offline()), world.add(nodes.Flaky()), "i-0fffffffffffffff0"):
        with pytest.raises(ClientError) as caught:
            world.send(good, bad)

        assert "InvalidInstanceId" == code(caught)
    assert [] == world.client().list_commands()["Commands"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"InstanceIds": [f"i-{n:017x}" for n in range(51)]}, "ValidationException"),
        ({"Comment": "c" * 101}, "ValidationException"),
        ({"TimeoutSeconds": 29}, "ValidationException"),
        ({"DocumentName": "cce-fleet-other"}, "InvalidDocument"),
        ({"DocumentVersion": "2"}, "InvalidDocumentVersion"),
        ({"DocumentHash": "0" * 64, "DocumentHashType": "Sha256"}, "ValidationException"),
        ({"Parameters": {"commands": ["id"]}}, "InvalidParameters"),
        ({"MaxErrors": "many"}, "ValidationException"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else value,
)
def test_a_request_that_aws_refuses_is_refused(world: Any, change: dict[str, Any], expected: str) -> None:
    world.document()
    server = world.add(nodes.silent())
    request = {"InstanceIds": [server], "DocumentName": DOCUMENT, **change}

    with pytest.raises(ClientError) as caught:
        world.client(validate=False).send_command(**request)

    assert expected == code(caught)


def test_the_same_id_twice_is_refused(world: Any) -> None:
    world.document()
    server = world.add(nodes.silent())

    with pytest.raises(ClientError) as caught:
        world.send(server, server)

    assert "DuplicateInstanceId" == code(caught)


def test_fifty_servers_are_one_command(world: Any) -> None:
    world.document()
    servers = [world.add(nodes.silent()) for _ in range(50)]

    ended = world.ended(world.send(*servers))

    assert set(servers) == set(ended)


def test_without_max_errors_the_first_failure_stops_the_rest(world: Any) -> None:
    world.document()
    servers = [world.add(nodes.failing()), world.add(nodes.silent()), world.add(nodes.silent())]

    ended = world.ended(world.send(*servers, MaxConcurrency="1"))

    assert [("Failed", "Failed"), ("Cancelled", "Terminated"), ("Cancelled", "Terminated")] == [
        (ended[each]["Status"], ended[each]["StatusDetails"]) for each in servers
    ]


def test_with_max_errors_of_100_percent_every_server_is_sent_to(world: Any) -> None:
    world.document()
    servers = [world.add(nodes.failing()), world.add(nodes.failing()), world.add(nodes.silent())]

    ended = world.ended(world.send(*servers, MaxConcurrency="1", MaxErrors="100%"))

    assert ["Failed", "Failed", "Success"] == [ended[each]["Status"] for each in servers]


def test_a_delivery_timeout_counts_no_error(world: Any) -> None:
    world.document()
    servers = [world.add(nodes.Undelivered()), world.add(nodes.silent())]

    ended = world.ended(world.send(*servers, MaxConcurrency="1", TimeoutSeconds=30))

    assert ["TimedOut", "Success"] == [ended[each]["Status"] for each in servers]


@pytest.mark.parametrize(
    ("value", "total", "expected"), [("10", 3, 10), ("50%", 3, 1), ("100%", 7, 7), ("0", 9, 0)]
)
def test_max_errors_is_a_number_or_a_percentage(value: str, total: int, expected: int) -> None:
    assert expected == allowance(value, total)


def test_a_cancelled_command_ends_its_servers(world: Any) -> None:
    world.document()
    node = Holding()
    server = world.add(node)
    command = world.send(server)
    node.entered.wait(5)  # type: ignore[attr-defined]

    world.client().cancel_command(CommandId=command)

    assert "Cancelled" == world.ended(command)[server]["Status"]


def test_every_change_of_status_is_told(world: Any) -> None:
    world.document()
    server = world.add(nodes.silent())

    world.ended(world.send(server))

    assert [(server, "InProgress"), (server, "Success")] == world.heard.changes


def test_output_goes_to_s3_where_the_instance_profile_allows_it(world: Any) -> None:
    world.document()
    allowed = world.add(nodes.Printing(b"x" * 30_000), profile_allows_s3=True)
    other = world.add(nodes.Printing(b"y"))

    command = world.send(allowed, other, OutputS3BucketName="evidence-bucket", OutputS3KeyPrefix="output/a")
    result = world.result(command, allowed)

    key = f"output/a/{command}/{allowed}/awsrunShellScript/probe/stdout"
    assert {("evidence-bucket", key): b"x" * 30_000} == world.stored.objects
    assert result["StandardOutputUrl"].endswith(key)
    assert "" == world.result(command, other)["StandardOutputUrl"]
