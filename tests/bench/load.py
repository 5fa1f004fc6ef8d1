"""The clients of a benchmark, as a process of their own: ``python -m tests.bench.load``.

Reads one job a line and answers one result a line (JSON). Made to cost little beside what it
measures: raw sockets that stay open during a job, requests that are put together beforehand.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from queue import SimpleQueue
from typing import Any, Final
from uuid import uuid4

_END: Final = b"\r\n\r\n"


@dataclass(frozen=True)
class Chain:
    """Requests that follow each other. ``path`` holds {id}; ``bodies`` one JSON per request.

    leads_on: the id of the next request stands in the answer, as the first task that it opened.
    """

    path: str
    id: str
    cookie: str
    bodies: tuple[str, ...]
    leads_on: bool = True


@dataclass(frozen=True)
class Job:
    """What is to be done at once: each queue is worked off by so many clients."""

    port: int
    clients_per_queue: int
    queues: tuple[tuple[Chain, ...], ...]


@dataclass
class Result:
    """How long all took, and each request (seconds); answers that were none."""

    seconds: float = 0
    latencies: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


class Connection:
    """One kept-open connection."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """The answer's status and body."""
        self._socket.sendall(request)
        received = self._socket.recv(65536)
        while _END not in received:
            received += self._more()
        head, body = received.split(_END, 1)
        marker = head.lower().index(b"content-length:") + 15
        length = int(head[marker:].split(b"\r\n", 1)[0])
        while len(body) < length:
            body += self._more()
        return int(head[9:12]), body

    def close(self) -> None:
        """Nothing more is asked."""
        self._socket.close()

    def _more(self) -> bytes:
        received = self._socket.recv(65536)
        if not received:
            raise ConnectionError("the server has closed the connection")
        return received


class Queue:
    """Requests to come; what follows from an answer goes to the end."""

    def __init__(self, chains: Iterable[Chain], clients: int) -> None:
        self._waiting: SimpleQueue[tuple[Chain, str, int] | None] = SimpleQueue()
        self._clients, self._lock, self._left = clients, threading.Lock(), 0
        for chain in chains:
            self._left += len(chain.bodies)
            self._waiting.put((chain, chain.id, 0))

    def next(self) -> tuple[Chain, str, int] | None:
        """A request; None when all are answered."""
        return self._waiting.get()

    def answered(self, chain: Chain, number: int, following: str | None) -> None:
        """A request is answered; ``following``: the id of the chain's next one, if any."""
        given_up = len(chain.bodies) - number - 1 if following is None else 0
        with self._lock:
            self._left -= 1 + given_up
            over = self._left == 0
        if following is not None:
            self._waiting.put((chain, following, number + 1))
        if over:
            for _ in range(self._clients):
                self._waiting.put(None)


def request(chain: Chain, id_: str, number: int) -> bytes:
    """The bytes of one request."""
    body = chain.bodies[number].encode()
    return (
        f"POST {chain.path.format(id=id_)} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        f"Cookie: {chain.cookie}\r\nX-Requested-With: bench\r\nIdempotency-Key: {uuid4()}\r\n\r\n"
    ).encode() + body


def _client(
    connection: Connection, queue: Queue, result: Result, barrier: threading.Barrier
) -> None:
    barrier.wait()
    while (found := queue.next()) is not None:
        chain, id_, number = found
        asked = request(chain, id_, number)
        before = time.perf_counter()
        try:
            status, body = connection.ask(asked)
        except OSError as error:
            status, body = 599, repr(error).encode()
        result.latencies.append(time.perf_counter() - before)
        if status >= 300:
            result.failures.append(f"{status} {body.decode()}")
            queue.answered(chain, number, None)
        else:
            queue.answered(chain, number, _following(chain, number, body))
    connection.close()


def _following(chain: Chain, number: int, body: bytes) -> str | None:
    if number + 1 == len(chain.bodies):
        return None
    return json.loads(body)["opened"][0]["id"] if chain.leads_on else chain.id


def run(job: Job) -> Result:
    """Carry a job out. Each client opens its connection before the clock starts."""
    clients = job.clients_per_queue * len(job.queues)
    barrier, result, threads = threading.Barrier(clients + 1), Result(), []
    for chains in job.queues:
        queue = Queue(chains, job.clients_per_queue)
        for _ in range(job.clients_per_queue):
            arguments = (Connection(job.port), queue, result, barrier)
            threads.append(threading.Thread(target=_client, args=arguments))
    for thread in threads:
        thread.start()
    barrier.wait()
    before = time.perf_counter()
    for thread in threads:
        thread.join()
    result.seconds = time.perf_counter() - before
    return result


def _job(read: dict[str, Any]) -> Job:
    queues = tuple(
        tuple(Chain(**{**chain, "bodies": tuple(chain["bodies"])}) for chain in queue)
        for queue in read["queues"]
    )
    return Job(read["port"], read["clients_per_queue"], queues)


def main() -> None:
    """Work off the jobs of the standard input."""
    for line in sys.stdin:
        result = run(_job(json.loads(line)))
        sys.stdout.write(json.dumps(asdict(result)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
