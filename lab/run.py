"""``python -m lab run``: the whole system on this machine, one assessment through it, a report at the end."""

from __future__ import annotations

import json
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console

from cce.benchmarks import benchmark_ids
from lab import watch
from lab.aws import HUB_ACCOUNT
from lab.calls import denied
from lab.containers import Containers
from lab.errors import LabError
from lab.fleet import demo
from lab.lab import MEMBERS, Lab
from lab.setup import Phases, add_fleet, deploy_all
from lab.show import ProgressView, show_end

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lab.deploy import Deployment

REPORTS: Final = Path("reports")
CONTAINERS: Final = 2
# The server that dies is given up after a third of the probe's timeout; nothing else waits for timeouts here.
PACE: Final = 0.3


def run(
    *, reports: Path = REPORTS, verbose: bool = False, containers: bool = True, keep: bool = False
) -> int:
    """Run it; returns the exit status: 0 when the assessment ended and its report is there.

    Raises
    ------
    LabError
        When something on this machine is missing, or the assessment did not end.
    """
    console = Console()

    def say(line: str) -> None:
        console.print(line, markup=False, highlight=False, soft_wrap=True)

    phases = Phases()
    with ExitStack() as stack:
        boxes = Containers()
        stack.callback(boxes.stop)
        with phases.phase("start"):
            lab = stack.enter_context(Lab(pace=PACE, keep=keep))
        say(f"AWS on this machine: {lab.endpoint}, IAM enforced, accounts {', '.join(MEMBERS)}")
        names = boxes.start(CONTAINERS, say) if containers else []
        fleet = demo(MEMBERS, names)
        hub = deploy_all(lab, phases)
        say("deployed: the hub stack with sam deploy, the member stack in three accounts")
        for line in lab.by_api:
            say(f"  {line}")
        with phases.phase("servers"):
            add_fleet(lab, fleet)
        say(f"servers: {len(fleet)}")
        with phases.phase("assessment"):
            end = _assess(lab, hub, console)
        status = _finish(lab, hub, end, reports, console)
        for call in denied(lab.calls()):
            say(f"IAM refused: {call.role} {call.action} on {call.resource} ({call.decision})")
        for refused in sorted(set(lab.events.refused)):
            say(f"event not delivered: {refused}")
    if keep:
        say(f"logs and the record of calls: {lab.folder}")
    if verbose:
        say("phases: " + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in phases.seconds.items()))
    return status


def scheduled_input(now: datetime) -> dict[str, Any]:
    """The execution's input as the schedule gives it, here under both editions of the guide."""
    return {
        "trigger": "schedule",
        "scheduled_time": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "scope": {"benchmarks": benchmark_ids()},
    }


def _assess(lab: Lab, hub: Deployment, console: Console) -> watch.Progress:
    execution = watch.start(lab.clients, hub.outputs["StateMachineArn"], scheduled_input(datetime.now(UTC)))
    with ProgressView(console) as view:
        for progress in watch.follow(lab.clients, execution, hub.outputs["AssessmentsTableName"]):
            view.show(progress)
    return progress


def _finish(lab: Lab, hub: Deployment, end: watch.Progress, reports: Path, console: Console) -> int:
    """Copy the report here and show what it says.

    Raises
    ------
    LabError
        When there is no report.
    """
    files = fetch(lab, hub.outputs["DataBucketName"], end.assessment_id, reports)
    if "json" not in files:
        message = (
            f"the assessment ended {end.status} without a report: {end.error} {end.cause}\n"
            f"{lab.ministack.tail()}"
        )
        raise LabError(message)
    report: Mapping[str, Any] = json.loads(files["json"].read_text(encoding="utf-8"))
    show_end(console, report, files)
    return 0


def fetch(lab: Lab, bucket: str, assessment_id: str, folder: Path) -> dict[str, Path]:
    """Copy an assessment's report into ``folder/{assessment id}``; its files by format, none without one."""
    if not assessment_id:
        return {}
    s3 = lab.client("s3", HUB_ACCOUNT)
    target = folder / assessment_id
    files = {}
    for entry in s3.list_objects_v2(Bucket=bucket, Prefix=f"reports/{assessment_id}/").get("Contents", []):
        target.mkdir(parents=True, exist_ok=True)
        name = Path(entry["Key"]).name
        path = files[Path(name).suffix.removeprefix(".")] = target / name
        path.write_bytes(s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read())
    return files
