"""HTTP/1.1 to the bridge over one kept connection, with a deadline for every call and a bound for every answer."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sluice.errors import BridgeRefused, BridgeUnavailable, ConfigurationError, ProtocolError

ENDPOINT_VARIABLE = "SLUICE_BRIDGE"
DEFAULT_ENDPOINT = "unix:.sluice/bridge.sock"
SIGNALS_TYPE = "application/vnd.sluice.signals"
DOCUMENTS_TYPE = "application/vnd.sluice.documents"

_JSON = "application/json"
_MAX_HEAD = 16 * 1024
_MAX_BODY = 16 * 1024 * 1024
_CHUNK = 64 * 1024
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class Endpoint:
    """Where the bridge listens: ``unix:/path/to.sock`` or ``http://127.0.0.1:port``."""

    def __init__(self, text: str, token: str | None = None) -> None:
        """
        Args:
            token: the bearer token; for loopback TCP.

        Raises:
            ConfigurationError: the text names no endpoint.
        """
        self.text = text
        self.token = token
        if text.startswith("unix:") and len(text) > len("unix:"):
            self.address: str | tuple[str, int] = os.path.abspath(text[len("unix:") :])
            self.host = "localhost"
            return
        host, _, port = text.removeprefix("http://").rstrip("/").rpartition(":")
        if not text.startswith("http://") or host not in _LOOPBACK or not port.isdigit() or int(port) > 65535:
            raise ConfigurationError(
                f"'{text}' is no endpoint of a bridge: give unix:/path/to.sock or http://127.0.0.1:port"
            )
        self.address = (host.strip("[]"), int(port))
        self.host = f"{host}:{port}"

    @staticmethod
    def of(text: str | None, token_file: str | None = None) -> Endpoint:
        """The given endpoint, else that of the environment variable, else the one that ``./sluice bridge`` opens here.

        Raises:
            ConfigurationError: it is none, or the file with the token cannot be read.
        """
        token = None
        if token_file is not None:
            try:
                token = Path(token_file).read_text(encoding="ascii").strip()
            except (OSError, UnicodeError) as e:
                raise ConfigurationError(f"the token cannot be read from {token_file}: {e}") from e
        return Endpoint(text or os.environ.get(ENDPOINT_VARIABLE) or DEFAULT_ENDPOINT, token)

    def __str__(self) -> str:
        return self.text


class Connection:
    """One connection to the bridge. For one thread at a time.

    After an error other than :class:`BridgeRefused` it is closed, and a new one is needed.
    """

    def __init__(self, endpoint: Endpoint, timeout: float) -> None:
        """Connects.

        Raises:
            BridgeUnavailable: nobody answers there within ``timeout`` seconds.
        """
        self._endpoint = endpoint
        self._rest = b""
        address = endpoint.address
        family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        if isinstance(address, tuple) and ":" in address[0]:
            family = socket.AF_INET6
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        try:
            self._socket.settimeout(timeout)
            self._socket.connect(address)
            if family != socket.AF_UNIX:
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as e:
            self._socket.close()
            raise BridgeUnavailable(f"no bridge answers at {endpoint}: {e}") from e
        self._head = f" HTTP/1.1\r\nHost: {endpoint.host}\r\n".encode("ascii")
        if endpoint.token is not None:
            self._head += f"Authorization: Bearer {endpoint.token}\r\n".encode("ascii")
        self.closed = False

    def get(self, path: str, timeout: float) -> Mapping[str, Any]:
        """The answer to a GET request."""
        return self._exchange(b"GET " + path.encode("ascii") + self._head + b"\r\n", timeout)

    def post(self, path: str, body: Mapping[str, Any], timeout: float) -> Mapping[str, Any]:
        """The answer to a POST request with a JSON body.

        Raises:
            BridgeRefused: the bridge answered with an error.
            BridgeUnavailable: it did not answer within ``timeout`` seconds, or went away.
            ProtocolError: it answered with something else than the protocol.
        """
        return self.post_bytes(path, _JSON, _encode(body).encode("ascii"), timeout)

    def post_bytes(self, path: str, content_type: str, body: bytes, timeout: float) -> Mapping[str, Any]:
        """The answer to a POST request with this body; raises as :meth:`post`."""
        return self._exchange(self._posting(path, content_type, body), timeout)

    def post_for_bytes(self, path: str, body: Mapping[str, Any], answer_type: str, timeout: float) -> bytes:
        """The answer to a POST request with a JSON body, when that is of the type ``answer_type``; raises as
        :meth:`post`."""
        request = self._posting(path, _JSON, _encode(body).encode("ascii"))
        status, headers, answer = self._ask(request, timeout)
        if status != 200:
            raise _refusal(status, self._object(status, answer))
        if headers.get("content-type") != answer_type:
            self.close()
            raise ProtocolError(f"the answer is of type {headers.get('content-type')}, not {answer_type}")
        return answer

    def _posting(self, path: str, content_type: str, body: bytes) -> bytes:
        lines = f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n".encode("ascii")
        return b"POST " + path.encode("ascii") + self._head + lines + body

    def close(self) -> None:
        """Closes the connection; the session that hangs on it ends."""
        self.closed = True
        self._socket.close()

    def _exchange(self, request: bytes, timeout: float) -> Mapping[str, Any]:
        status, _, body = self._ask(request, timeout)
        answer = self._object(status, body)
        if status != 200:
            raise _refusal(status, answer)
        return answer

    def _ask(self, request: bytes, timeout: float) -> tuple[int, Mapping[str, str], bytes]:
        if self.closed:
            raise BridgeUnavailable(f"the connection to {self._endpoint} is closed")
        deadline = time.monotonic() + timeout
        try:
            self._socket.settimeout(timeout)
            self._socket.sendall(request)
            status, headers = self._read_head(deadline)
            body = self._read_body(headers, deadline)
        except OSError as e:
            self.close()
            raise BridgeUnavailable(f"the bridge at {self._endpoint} does not answer: {e}") from e
        except BaseException:
            self.close()
            raise
        if headers.get("connection", "").lower() == "close":
            self.close()
        return status, headers, body

    def _object(self, status: int, body: bytes) -> Mapping[str, Any]:
        try:
            answer = _decode(body.decode("utf-8"))
        except (ValueError, RecursionError) as e:
            self.close()
            raise ProtocolError(f"the answer with status {status} is not JSON") from e
        if not isinstance(answer, dict):
            self.close()
            raise ProtocolError(f"the answer with status {status} is not an object")
        return answer

    def _read_head(self, deadline: float) -> tuple[int, dict[str, str]]:
        read = self._rest
        while (end := read.find(b"\r\n\r\n")) < 0:
            if len(read) > _MAX_HEAD:
                raise ProtocolError(f"the answer's header is longer than {_MAX_HEAD} bytes")
            read += self._receive(deadline)
        self._rest = read[end + 4 :]
        first, *lines = read[:end].decode("latin-1").split("\r\n")
        words = first.split(" ", 2)
        if len(words) < 2 or not words[0].startswith("HTTP/1.") or not words[1].isdecimal():
            raise ProtocolError("the answer is not HTTP")
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        return int(words[1]), headers

    def _read_body(self, headers: Mapping[str, str], deadline: float) -> bytes:
        length = headers.get("content-length", "")
        if not (length.isdecimal() and len(length) < 12) or "transfer-encoding" in headers:
            raise ProtocolError("the answer does not say how long it is")
        size = int(length)
        if size > _MAX_BODY:
            raise ProtocolError(f"the answer has {size} bytes, at most {_MAX_BODY} are read")
        chunks, received = [self._rest], len(self._rest)
        while received < size:
            chunk = self._receive(deadline)
            chunks.append(chunk)
            received += len(chunk)
        read = b"".join(chunks)
        self._rest = read[size:]
        return read[:size]

    def _receive(self, deadline: float) -> bytes:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer was not complete in time")
        self._socket.settimeout(left)
        chunk = self._socket.recv(_CHUNK)
        if not chunk:
            raise ConnectionResetError("the bridge closed the connection")
        return chunk


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


# Made once: with settings of one's own, json.dumps and json.loads make them anew in every call.
_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
_decode = json.JSONDecoder(parse_constant=_refuse_constant).decode


def _refusal(status: int, answer: Mapping[str, Any]) -> BridgeRefused:
    error = answer.get("error")
    told = error if isinstance(error, dict) else {}

    def part(name: str) -> str:
        value = told.get(name)
        return value[:500] if isinstance(value, str) else ""

    return BridgeRefused(status, part("code"), part("message"), part("remedy"))
