"""docs/signing.md says what the code does."""

from __future__ import annotations

from pathlib import Path

import yaml

from cce.gateway.signing.canonical import canonical
from cce.gateway.signing.explain.as_text import as_text
from cce.gateway.signing.explain.explanation import explain
from cce.gateway.signing.explain.recording import Recording
from cce.gateway.signing.keys import Algorithm, signature
from cce.gateway.signing.reasons import Reason
from cce.gateway.signing.settings import Hmac
from cce.gateway.signing.verify import Claim
from signing_world import KEY, VECTORS, asked, good, settings, with_authorization

TEXT = (Path(__file__).resolve().parents[3] / "docs/signing.md").read_text("utf-8")


def test_a34_browsers_are_told_that_the_secret_would_be_public() -> None:
    assert "**In a browser it is of no use**: the secret would be public." in TEXT


def test_a16_proxies_that_fold_headers_are_named() -> None:
    assert "a proxy on the way that folds or sorts headers breaks what it touches" in TEXT


def test_the_vectors_are_those_of_the_tests() -> None:
    for name in ("V03", "V10", "V12"):
        vector = VECTORS[name]
        (row,) = [line for line in TEXT.splitlines() if vector["signature"] in line]
        assert f"{vector['method']} {vector['request_target']}" in row
        assert vector["x_nhn_date"] in row
        assert all(f"{name}: {value}" in row for name, value in vector["signed_headers"])


def test_the_canonical_query_and_the_codes_are_right() -> None:
    assert f"becomes `?{canonical('type=public&q=a+b&flag')}`" in TEXT
    for reason in Reason:
        assert f"| {reason.value} | " in TEXT


def test_the_settings_are_the_defaults() -> None:
    block = TEXT.split("```yaml\n")[1].split("```")[0]
    written = yaml.safe_load(block)["hmac"]

    assert set(Hmac.model_fields) == set(written)
    assert Hmac(secret="cce-gateway/v1") == Hmac.model_validate(written)


def test_the_output_of_explain_is_as_shown() -> None:
    request = good(
        asked(target="/members?isEnable=false&type=public"), date="2021-02-23T00:00:00+09:00", names=()
    )
    headers = request.headers.replaced([("host", "kr1-example.api.nhncloudservice.com")])
    listed = with_authorization(
        request._replace(headers=headers), ("signature=", 'headers="host", signature=')
    )
    right = Claim.of(listed).string_to_sign(listed, listed.query)
    wrong = signature(KEY.secret, Algorithm.SHA256, right.replace("host:", "host: "))
    sent = with_authorization(listed, (Claim.of(listed).said.signature, wrong))

    shown = as_text(explain(Recording(sent, None, has_body=False), settings(), [KEY]), "en")

    assert shown.rsplit("(The recording", 1)[0].strip() in TEXT
