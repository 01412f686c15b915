"""Measures one system on one data set, and keeps what came out, so that a run goes on where it stopped."""

import json
import os
import shutil
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from peers import measure
from peers.data import Dataset
from peers.systems import OURS, PEERS
from peers.systems.base import Peer
from peers.systems.besorol import Row


@dataclass(frozen=True)
class Workshop:
    """The directory for everything that is made."""

    target: Path

    def result_file(self, data: Dataset, name: str) -> Path:
        return self.target / "results" / data.name / f"{file_name(name)}.json"

    def answers_file(self, data: Dataset, name: str) -> Path:
        return self.target / "answers" / data.name / f"{file_name(name)}.jsonl"

    def result(self, data: Dataset, name: str) -> dict[str, Any] | None:
        """What was measured, or None if nothing was yet."""
        file = self.result_file(data, name)
        return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None

    def measure(self, data: Dataset, name: str) -> dict[str, Any]:
        """Trains, answers and keeps the result. The model itself is not kept: it can be large.

        Raises Failed if the system's process fails.
        """
        scratch = self.target / "scratch"
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        answers = self.answers_file(data, name)
        answers.parent.mkdir(parents=True, exist_ok=True)
        log = self.target / "logs" / data.name / f"{file_name(name)}.log"
        log.unlink(missing_ok=True)
        load = os.getloadavg()[0]
        system = (PEERS | OURS)[name]
        if isinstance(system, Row):
            trained, answered, model = _measure_row(system, data, scratch, answers, log)
        else:
            trained, answered, model = _measure_peer(system, data, scratch, answers, log)
        result = {
            "system": name,
            "kind": system.kind,
            "set": data.name,
            "measured": datetime.now(UTC).isoformat(timespec="seconds"),
            "load": load,
            "train": vars(trained),
            "model_mb": measure.size_mb(model),
            "answer": answered,
        }
        shutil.rmtree(scratch)
        file = self.result_file(data, name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
        return result


def _measure_peer(peer: Peer, data: Dataset, scratch: Path, answers: Path, log: Path):
    model = scratch / "model"
    model.mkdir()
    trial = [sys.executable, "-m", "peers.trial"]
    trained, _ = measure.run([*trial, "train", peer.name, data.directory, model], log)
    cost, printed = measure.run([*trial, "answer", peer.name, data.directory, model, answers], log)
    return trained, _last_json(printed) | {"peak_mib": cost.peak_mib}, model


def _measure_row(row: Row, data: Dataset, scratch: Path, answers: Path, log: Path):
    package = scratch / "package"
    plan = scratch / "plan.json"
    _, defaults = measure.run(row.plan_command(data.learn), log)
    plan.write_text(json.dumps(row.changed(json.loads(defaults)), indent=2), encoding="utf-8")
    trained, _ = measure.run(row.train_command(plan, package), log)
    java = Path(os.environ["JAVA_HOME"]) / "bin" / "java"
    cost, printed = measure.run(row.answer_command(java, package, data.test_file, answers), log)
    return trained, _last_json(printed) | {"peak_mib": cost.peak_mib}, package


def _last_json(printed: str) -> dict[str, Any]:
    """What a trial says of itself in the last line that it prints; libraries may print before it."""
    return json.loads(printed.strip().splitlines()[-1])


def file_name(name: str) -> str:
    """A system's name as that of a file."""
    return "".join(c if c.isalnum() else "-" for c in name.lower().replace("–", "-"))
