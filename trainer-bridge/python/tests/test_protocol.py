"""One connection, against servers that misbehave on the wire."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sluice.errors import BridgeRefused, BridgeUnavailable, ConfigurationError, ProtocolError
from sluice.protocol import Connection, Endpoint

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@contextmanager
def server(serve: Callable[[socket.socket], None]) -> Iterator[Endpoint]:
    """A server on loopback TCP that treats its first connection as told."""
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        connection, _ = listener.accept()
        with connection:
            serve(connection)

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    yield Endpoint(f"http://127.0.0.1:{listener.getsockname()[1]}", "secret")
    listener.close()
    thread.join(30)
    assert not thread.is_alive()


def request_of(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65_536)
    return received


def test_a_request_says_host_token_and_length() -> None:
    seen = []

    def serve(connection: socket.socket) -> None:
        seen.append(request_of(connection))
        connection.sendall(OK)

    with server(serve) as endpoint:
        connection = Connection(endpoint, 5)
        assert connection.post("/v1/detach", {"session": "ü"}, 5) == {}
        connection.close()
    head, _, body = seen[0].partition(b"\r\n\r\n")
    assert head.split(b"\r\n") == [
        b"POST /v1/detach HTTP/1.1",
        b"Host: " + endpoint.host.encode(),
        b"Authorization: Bearer secret",
        b"Content-Type: application/json",
        b"Content-Length: 20",
    ]
    assert body == b'{"session":"\\u00fc"}'


def test_an_answer_may_come_in_pieces_and_two_in_a_row() -> None:
    def serve(connection: socket.socket) -> None:
        for _ in range(2):
            request_of(connection)
            for byte in OK:
                connection.sendall(bytes([byte]))

    with server(serve) as endpoint:
        connection = Connection(endpoint, 5)
        assert [connection.get("/v1/run", 5), connection.get("/v1/run", 5)] == [{}, {}]
        connection.close()


def test_an_answer_that_drips_is_given_up_at_the_deadline() -> None:
    gone = threading.Event()

    def serve(connection: socket.socket) -> None:
        request_of(connection)
        try:
            while not gone.wait(0.01):
                connection.sendall(b"H")
        except OSError:
            pass

    with server(serve) as endpoint:
        connection = Connection(endpoint, 5)
        with pytest.raises(BridgeUnavailable):
            connection.get("/v1/run", 0.1)
        assert connection.closed
        gone.set()


def test_an_endless_header_is_not_read_to_its_end() -> None:
    def serve(connection: socket.socket) -> None:
        request_of(connection)
        try:
            while True:
                connection.sendall(b"X-More: x\r\n" * 1000)
        except OSError:
            pass

    with server(serve) as endpoint:
        connection = Connection(endpoint, 5)
        with pytest.raises(ProtocolError, match="header"):
            connection.get("/v1/run", 5)


def test_a_refusal_carries_code_message_and_remedy_and_keeps_the_connection() -> None:
    body = b'{"error": {"code": "unauthorized", "message": "no token", "remedy": "give token_file"}}'

    def serve(connection: socket.socket) -> None:
        request_of(connection)
        connection.sendall(b"HTTP/1.1 401 X\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        request_of(connection)
        connection.sendall(OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))

    with server(serve) as endpoint:
        connection = Connection(endpoint, 5)
        with pytest.raises(BridgeRefused, match="^no token; give token_file$") as refused:
            connection.get("/v1/run", 5)
        assert (refused.value.status, refused.value.code) == (401, "unauthorized")
        assert connection.get("/v1/run", 5) == {}
        assert connection.closed


def test_a_token_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("secret\n")
    assert Endpoint.of("http://localhost:1", str(tmp_path / "token")).token == "secret"
    with pytest.raises(ConfigurationError, match="token"):
        Endpoint.of("http://localhost:1", str(tmp_path / "none"))


def test_the_endpoint_comes_from_the_argument_then_the_environment_then_the_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SLUICE_BRIDGE", "unix:/from/environment")
    assert Endpoint.of("unix:/given").address == "/given"
    assert Endpoint.of(None).address == "/from/environment"
    monkeypatch.delenv("SLUICE_BRIDGE")
    assert Endpoint.of(None).address == str(Path(".sluice/bridge.sock").absolute())
