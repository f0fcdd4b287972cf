"""The whole road against the local provider over HTTP: sent, reported back, delivered."""

from __future__ import annotations

import threading
from contextlib import ExitStack

import pytest

from sacco_app.integrations.africastalking.reports import AfricasTalkingReports
from sacco_app.integrations.africastalking.sms import AfricasTalkingSms
from sacco_app.integrations.simulators.africastalking import KEY, Simulator
from sacco_app.kernel.ids import new_id
from sacco_app.notifications.types import Outgoing, ReportState, SendState
from tests.integrations.servers import wsgi


@pytest.fixture
def serve():
    with ExitStack() as running:
        yield lambda application: running.enter_context(wsgi(application))


def test_texts_are_taken_and_reported(serve):
    told, arrived = [], threading.Event()

    def ours(environ, start_response):
        told.append(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        if len(told) == 2:
            arrived.set()
        start_response("200 OK", [("Content-Length", "0")])
        return []

    simulator = Simulator(callback=serve(ours))
    gateway = AfricasTalkingSms(serve(simulator), "umoja", KEY, "UMOJA")
    [result] = gateway.send([Outgoing(new_id(), "+256772000123", "Hello")])
    assert result.state is SendState.ACCEPTED
    assert [(text.to, text.text, text.sender) for text in simulator.taken] == [("+256772000123", "Hello", "UMOJA")]
    assert arrived.wait(10)
    states = [AfricasTalkingReports().reports(body)[0] for body in told]
    assert [(one.provider_id, one.state) for one in states] == [
        (result.provider_id, ReportState.SENT),
        (result.provider_id, ReportState.DELIVERED),
    ]


@pytest.mark.parametrize(
    ("number", "state"),
    [
        ("+256772000403", SendState.REJECTED),
        ("+256772000405", SendState.LATER),
        ("+256772000406", SendState.REJECTED),
        ("+256772000401", SendState.UNKNOWN),
        ("+256772000500", SendState.UNKNOWN),
    ],
)
def test_the_last_figures_choose_the_fate(serve, number, state):
    gateway = AfricasTalkingSms(serve(Simulator()), "umoja", KEY)
    assert gateway.send([Outgoing(new_id(), number, "Hello")])[0].state is state


def test_a_wrong_key_is_refused_as_the_provider_does(serve):
    gateway = AfricasTalkingSms(serve(Simulator()), "umoja", "wrong")
    [result] = gateway.send([Outgoing(new_id(), "+256772000123", "Hello")])
    assert result.code == "HTTP 401: The supplied authentication is invalid"


def test_nobody_there_means_nothing_sent():
    gateway = AfricasTalkingSms("http://127.0.0.1:9", "umoja", KEY)
    assert gateway.send([Outgoing(new_id(), "+256772000123", "Hello")])[0].state is SendState.LATER
