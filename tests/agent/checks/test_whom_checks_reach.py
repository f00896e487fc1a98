"""Checks reach nobody whom the policy does not name, at the address that was judged, and never this computer."""

from __future__ import annotations

import pytest

from machxa_agent.checks.ask import Asker, resolved
from machxa_agent.checks.stream import Ended
from machxa_agent.checks.verdict import Stop
from machxa_wire.catalogue import Check
from tests.agent.checks.test_asking import HOSTS, PAGE, one, to_loopback
from tests.agent.servers import answering, mute, request, serving


def test_the_real_rule_connects_to_no_loopback_and_to_nobody_the_policy_does_not_name() -> None:
    asked: list[bytes] = []
    with serving(lambda link: asked.append(request(link))) as port:
        for hosts, host, stop in (
            (("127.0.0.1",), "127.0.0.1", Stop.DNS_LIES),
            (("127.0.0.0/8", "dvc.test"), "dvc.test", Stop.DNS_LIES),
            (("localhost",), "localhost", Stop.DNS_LIES),
            ((f"dvc.test:{port + 1}",), "dvc.test", Stop.NOT_ALLOWED),
        ):
            resolve = resolved if host != "dvc.test" else to_loopback
            tried = Asker(resolve).ask(Check("x", "s", "http", host, port), hosts)

            assert (tried.phase, tried.stop) == ("dns", stop)
    assert asked == []


def test_a_name_that_changes_its_address_is_connected_to_where_it_was_judged() -> None:
    judged: list[bytes] = []

    def rule(packed: bytes, _hosts: object, _port: int) -> Stop | None:
        judged.append(packed)
        return None

    with serving(answering("200 OK", "text/html", PAGE)) as good_port, serving(mute) as trap:
        answers = [to_loopback("", good_port), to_loopback("", trap)]  # who asks twice is led elsewhere
        tried = Asker(lambda *_: answers.pop(0), rule).ask(one(good_port), HOSTS)

    assert (tried.status, judged, answers) == (200, [b"\x7f\0\0\1"], [to_loopback("", trap)])


@pytest.mark.parametrize(("host", "stop"), [("x" * 64 + ".test", Stop.NO_NAME), ("a..b", Stop.NO_NAME)])
def test_what_no_resolver_takes_is_no_name(host: str, stop: Stop) -> None:
    with pytest.raises(Ended) as told:
        resolved(host, 80)

    assert told.value.stop in (stop, Stop.RESOLVER)  # a computer without a resolver cannot tell
