"""Asks services over HTTP, all with the same client: Annif's in one process, and Besorol's."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from peers import measure
from peers.data import Dataset, Document
from peers.decision import RANKED
from peers.results import Workshop, last_json
from peers.systems import OURS, PEERS
from peers.systems.annif_projects import AnnifPeer, environment
from peers.systems.besorol import SERVICE, java_command

JSON = "application/json"
CLASSIFY = "/v1/classify"
PATIENCE_S = 120
ASKED = 2000  # different documents


@dataclass(frozen=True)
class Service:
    """How a system is served, and asked for the subjects of one document."""

    command: Sequence[str | Path]
    environment: dict[str, str]
    path: str

    def body(self, document: Document) -> bytes:
        if self.path == CLASSIFY:
            title, _, rest = document.text.partition("\n")
            return json.dumps({"title": title, "abstract": rest}).encode()
        return json.dumps({"documents": [{"text": document.text}]}).encode()


def served(system: str) -> bool:
    """Whether the system has a service."""
    return system in OURS or isinstance(PEERS[system], AnnifPeer)


def measure_service(workshop: Workshop, data: Dataset, system: str) -> dict[str, float]:
    """Time and memory of the service of a system that has learnt."""
    if not workshop.model(data, system).exists():
        raise measure.Failed("its model is not there any more: measure it --again")
    port = _free_port()
    service = _service(workshop.model(data, system), system, port)
    bodies = workshop.target / "bodies.jsonl"
    with open(bodies, "wb") as file:
        file.writelines(service.body(document) + b"\n" for document in data.test()[:ASKED])
    log = workshop.target / "logs" / data.name / "rest.log"
    started = time.perf_counter()
    with _running(service, log) as process:
        _await_answer(process, f"http://127.0.0.1:{port}{service.path}", bodies.read_bytes().split(b"\n")[0])
        ready = time.perf_counter() - started
        _, printed = measure.run(java_command("RestTrial", str(port), service.path, JSON, bodies), log)
        return last_json(printed) | {"first_answer_s": ready, "resident_mib": _resident_mib(process.pid)}


def _service(model: Path, system: str, port: int) -> Service:
    if system in OURS:
        settings = {"PORT": str(port), "BESOROL_PACKAGE": str(model.resolve()), "BESOROL_SHUTDOWN_DELAY": "0s"}
        return Service([SERVICE], settings, CLASSIFY)
    peer = PEERS[system]
    assert isinstance(peer, AnnifPeer)
    uvicorn = Path(sys.executable).with_name("uvicorn")
    command = [uvicorn, "--factory", "annif:create_cx_app", "--port", str(port), "--log-level", "warning"]
    return Service(command, environment(model.resolve()), f"/v1/projects/{peer.answering}/suggest-batch?limit={RANKED}")


@contextmanager
def _running(service: Service, log: Path) -> Iterator[subprocess.Popen]:
    with open(log, "ab") as output:
        process = subprocess.Popen(
            service.command, env=os.environ | service.environment, stdout=output, stderr=output, stdin=subprocess.DEVNULL
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _await_answer(process: subprocess.Popen, url: str, body: bytes) -> None:
    """Asks until there is an answer."""
    deadline = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(urllib.request.Request(url, body, {"Content-Type": JSON}), timeout=10):
                return
        except urllib.error.HTTPError as e:
            if e.code != 503:
                raise measure.Failed(f"{url} answers {e.code}: {e.read().decode(errors='replace')}") from e
        except OSError:
            pass  # it does not listen yet
        time.sleep(0.01)
    raise measure.Failed(f"{url} does not answer")


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def _resident_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024
