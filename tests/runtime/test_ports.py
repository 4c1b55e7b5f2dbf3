"""An address to serve on: free, taken, or not of this machine."""

import socket

import pytest

from clientela.runtime import ports
from clientela.runtime.refusals import CannotStart


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()


class TestHaveFree:
    def test_passes_a_port_that_nobody_uses(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            free = unused.getsockname()[1]
        ports.have_free("127.0.0.1", free)

    def test_refuses_a_port_that_is_taken_and_says_what_to_do(self, listener):
        with pytest.raises(CannotStart, match="choose another with --port") as refused:
            ports.have_free(*listener)
        assert refused.value.codes == ("address_taken",)

    @pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
    def test_refuses_an_address_that_is_not_of_this_machine(self, host):
        with pytest.raises(CannotStart, match="cannot be served on"):
            ports.have_free(host, 8000)


class TestAnswers:
    def test_tells_whether_somebody_listens(self, listener):
        host, port = listener
        assert ports.answers(host, port)

    def test_is_false_where_nobody_does(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            assert not ports.answers(*silent.getsockname())
