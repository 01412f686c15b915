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
from peers.systems.besorol import Row, java_command


@dataclass(frozen=True)
class Workshop:
    """The directory for everything that is made."""

    target: Path

    def result_file(self, data: Dataset, name: str) -> Path:
        return self.target / "results" / data.name / f"{file_name(name)}.json"

    def answers_file(self, data: Dataset, name: str) -> Path:
        return self.target / "answers" / data.name / f"{file_name(name)}.jsonl"

    def model(self, data: Dataset, name: str) -> Path:
        """The directory of what a system has learnt."""
        return self.target / "models" / data.name / file_name(name)

    def result(self, data: Dataset, name: str) -> dict[str, Any] | None:
        """What was measured, or None if nothing was yet."""
        file = self.result_file(data, name)
        return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None

    def measure(self, data: Dataset, name: str) -> dict[str, Any]:
        """Trains, answers, and keeps model, answers and what was measured.

        Raises Failed if the system's process fails.
        """
        model = self.model(data, name)
        shutil.rmtree(model, ignore_errors=True)
        # What an earlier training left there of an ensemble would be had for nothing.
        shutil.rmtree(model.parent / ".members", ignore_errors=True)
        model.parent.mkdir(parents=True, exist_ok=True)
        answers = self.answers_file(data, name)
        answers.parent.mkdir(parents=True, exist_ok=True)
        log = self.target / "logs" / data.name / f"{file_name(name)}.log"
        log.unlink(missing_ok=True)
        load = os.getloadavg()[0]
        system = (PEERS | OURS)[name]
        if isinstance(system, Row):
            trained, answered = _measure_row(system, data, model, answers, log)
        else:
            trained, answered = _measure_peer(system, data, model, answers, log)
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
        self.keep(data, name, result)
        return result

    def keep(self, data: Dataset, name: str, result: dict[str, Any]) -> None:
        """Keeps what was measured."""
        file = self.result_file(data, name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


def _measure_peer(peer: Peer, data: Dataset, model: Path, answers: Path, log: Path) -> tuple[measure.Cost, dict[str, Any]]:
    model.mkdir()
    trial = [sys.executable, "-m", "peers.trial"]
    trained, _ = measure.run([*trial, "train", peer.name, data.directory, model], log)
    cost, printed = measure.run([*trial, "answer", peer.name, data.directory, model, answers], log)
    return trained, last_json(printed) | {"peak_mib": cost.peak_mib}


def _measure_row(row: Row, data: Dataset, package: Path, answers: Path, log: Path) -> tuple[measure.Cost, dict[str, Any]]:
    plan = package.with_suffix(".plan.json")
    _, defaults = measure.run(row.plan_command(data.learn), log)
    plan.write_text(json.dumps(row.changed(json.loads(defaults)), indent=2), encoding="utf-8")
    trained, _ = measure.run(row.train_command(plan, package), log)
    command = java_command("AnswerTrial", package, data.test_file, answers)
    cost, printed = measure.run(command, log)
    return trained, last_json(printed) | {"peak_mib": cost.peak_mib}


def last_json(printed: str) -> dict[str, Any]:
    """What a trial says of itself in the last line that it prints; libraries may print before it."""
    return json.loads(printed.strip().splitlines()[-1])


def file_name(name: str) -> str:
    """A system's name as that of a file."""
    return "".join(c if c.isalnum() else "-" for c in name.lower().replace("–", "-"))
