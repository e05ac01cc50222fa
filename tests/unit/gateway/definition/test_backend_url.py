"""Backends are HTTP URLs of servers; nothing that hands out credentials or is the asking machine itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cce.gateway.definition.checks.backend_url import problem_of

pytestmark = pytest.mark.row("102", "103", how="definition")


@pytest.mark.parametrize(
    "url",
    [
        "http://b.example",
        "https://b.example/",
        "https://api.nhn.com/apis",
        "https://b.example:443/a/b",
        "http://10.111.0.4:10000",
        "http://10.111.0.4:12000/x",
        "http://svc_name.internal:8080",
        "https://xn--3e0b707e.example",
        "http://[2001:db8::1]:8080/a",
        "http://[fd12:3456::1]",
        "http://b.example/%ED%9A%8C",
        "http://1password.example",
        "http://b" + "." * 1 + "c" * 60 + "/" + "d" * 80,
    ],
)
def test_urls_of_servers_are_taken(url: str) -> None:
    assert "" == problem_of(url)


@pytest.mark.parametrize(
    "url", ["http://localhost:8080", "http://a.localhost", "http://127.0.0.1", "http://[::1]"]
)
def test_this_machine_is_taken_by_the_local_server_only(url: str) -> None:
    assert "is the machine that asks" in problem_of(url)
    assert "" == problem_of(url, local=True)


@given(
    last=st.integers(1, 254),
    form=st.sampled_from(["{}", "[::ffff:{}]", "[::ffff:0:{}]", "[64:ff9b::{}]", "{}."]),
)
def test_link_local_addresses_are_refused_in_every_form(last: int, form: str) -> None:
    assert "link-local" in problem_of(f"http://{form.format(f'169.254.169.{last}')}", local=True)


@pytest.mark.parametrize("last", ["169.254.169.254", "10.111.3.4"])
def test_an_address_that_hides_another_one_is_refused(last: str) -> None:
    assert "hides which IPv4 address" in problem_of(f"http://[64:ff9b:1::{last}]", local=True)


@given(
    number=st.integers(0, 2**32 - 1),
    form=st.sampled_from(["{}", "{:#x}", "0{:o}", "0x{:X}", "10.{}", "10.{:#x}"]),
)
def test_a_number_is_no_host_whatever_it_is_written_in(number: int, form: str) -> None:
    got = problem_of(f"http://{form.format(number)}", local=True)

    assert "some read as an address" in got


@given(text=st.text(max_size=40))
def test_any_text_is_judged(text: str) -> None:
    problem_of(f"http://{text}")


def test_a_host_of_many_labels_is_judged_at_once() -> None:
    assert "is no host name" in problem_of("http://" + "a-" * 60 + "!")
