"""Judges the answers of all systems by one program, `besorol compare`, which Besorol's own are judged by too."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from peers import measure
from peers.data import Dataset
from peers.results import Workshop, file_name
from peers.systems.besorol import BESOROL


@dataclass(frozen=True)
class Difference:
    """How much a system is ahead of a baseline by a metric, paired bootstrap over the test documents."""

    difference: float
    lower: float
    upper: float
    p: float


@dataclass(frozen=True)
class Verdict:
    """Metrics of each system, and its difference from the baseline by each metric."""

    metrics: dict[str, dict[str, float]]
    differences: dict[str, dict[str, Difference]]


def compare(workshop: Workshop, data: Dataset, baseline: str, others: Sequence[str]) -> Verdict:
    """Compares systems that have answered with one that has."""
    report = workshop.target / "comparison.json"
    command: list[str | Path] = [
        BESOROL, "compare", "--data", data.test_file, "--taxonomy", data.taxonomy, "--json", report, "--quiet"
    ]
    systems = [baseline, *others]
    names = {file_name(system): system for system in systems}
    for name, system in names.items():
        command += ["--answers", f"{name}={workshop.answers_file(data, system)}"]
    measure.run(command, workshop.target / "logs" / data.name / "compare.log")
    judged = json.loads(report.read_text(encoding="utf-8"))
    return Verdict(
        {names[contestant["name"]]: contestant["metrics"] for contestant in judged["contestants"]},
        {
            names[versus["contestant"]]: {
                d["metric"]: Difference(d["difference"], d["lower"], d["upper"], d["p"])
                for d in versus["overall"]["differences"]
            }
            for versus in judged["comparisons"]
        },
    )
