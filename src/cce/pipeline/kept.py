"""What collect keeps in S3, each object once, and under which keys."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

from cce.errors import StoreError
from cce.judge import judge
from cce.report.lines import VerdictRecord, verdict_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cce.benchmarks import Benchmark
    from cce.evidence.model import Evidence
    from cce.pipeline.ports import Objects
    from cce.pipeline.records import Invocation, TargetRecord


def keep(objects: Objects, key: str, body: bytes) -> bytes:
    """Store an object unless there is one; returns what is there then.

    Raises
    ------
    StoreError
        When S3 refuses, or the key is taken by nothing.
    """
    if objects.put_new(key, body):
        return body
    stored = objects.get(key)
    if stored is None:
        message = f"s3://{objects.bucket}/{key} was taken and is not there"
        raise StoreError(message)
    return stored


def keep_lines(objects: Objects, key: str, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Store verdict lines unless there are some; returns those that are there then.

    A message that comes again after a release judges the same evidence by other rules. The first judgement
    is the assessment's.
    """
    packed = gzip.compress(_json_lines(lines), mtime=0)
    stored = keep(objects, key, packed)
    if stored is packed:
        return lines
    return [json.loads(line) for line in gzip.decompress(stored).splitlines()]


def verdict_lines(target: TargetRecord, evidence: Evidence, benchmark: Benchmark) -> list[dict[str, Any]]:
    """The verdict lines of one server under one benchmark."""
    return [
        verdict_line(
            VerdictRecord(
                server=target.server,
                assessment_id=target.assessment_id,
                benchmark=benchmark.id,
                verdict=verdict,
                collected_at=evidence.collected_at,
                probe_version=evidence.probe_version,
            )
        )
        for verdict in judge(evidence, benchmark)
    ]


def evidence_key(target: TargetRecord) -> str:
    """Where the evidence lies: ``evidence/{assessment}/{account}/{region}/{instance}.evidence.gz``."""
    return f"evidence/{target.assessment_id}/{target.srvid}.evidence.gz"


def verdicts_key(target: TargetRecord, benchmark_id: str) -> str:
    """Where the verdict lines lie, partitioned as Athena and Glue read it."""
    day = f"{target.assessment_id[:4]}-{target.assessment_id[4:6]}-{target.assessment_id[6:8]}"
    name = target.srvid.replace("/", "_")
    return f"verdicts/benchmark={benchmark_id}/date={day}/assessment={target.assessment_id}/{name}.jsonl.gz"


def output_key(target: TargetRecord, invocation: Invocation) -> str:
    """Where the agent writes standard output of the document's step ``probe`` (SSM user guide)."""
    # The account stands first: the bucket's policy lets an instance write below its own account only.
    command = f"{invocation.command_id}/{invocation.instance_id}"
    prefix = f"output/{target.server.account}/{target.assessment_id}/{command}"
    return f"{prefix}/awsrunShellScript/probe/stdout"


def _json_lines(lines: Sequence[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
