"""Besorol itself: the rows of ours.json, trained by its command line and asked in a JVM of its own."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PEERS_DIRECTORY = Path(__file__).parents[2]
ROOT = PEERS_DIRECTORY.parents[2]
BESOROL = ROOT / "src/trainer/target/besorol"
LIBRARIES = ROOT / "src/benchmarks/target/lib"
JVM_OPTIONS = (
    "-XX:+UseSerialGC",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
)


@dataclass(frozen=True)
class Row:
    """A family with its documented defaults, but for what algorithm says beside its type."""

    name: str
    kind: str
    algorithm: dict[str, Any]

    def plan_command(self, learn: Path) -> list[str | Path]:
        """Prints the plan of the defaults."""
        return [BESOROL, "train", "--algorithm", self.algorithm["type"], "--data", learn, "--print-plan"]

    def changed(self, plan: dict[str, Any]) -> dict[str, Any]:
        """The plan with the row's parameters in place of the defaults."""
        return plan | {"algorithm": _merged(plan["algorithm"], self.algorithm)}

    def train_command(self, plan: Path, package: Path) -> list[str | Path]:
        return [BESOROL, "train", "--plan", plan, "--output", package, "--quiet"]

    def answer_command(self, java: Path, package: Path, documents: Path, answers: Path) -> list[str | Path]:
        main = "hu.mtmt.besorol.benchmarks.AnswerTrial"
        return [java, *JVM_OPTIONS, "-cp", f"{LIBRARIES}/*", main, package, documents, answers]


def rows() -> list[Row]:
    """The rows of ours.json, in their order."""
    return [Row(**row) for row in json.loads((PEERS_DIRECTORY / "ours.json").read_text(encoding="utf-8"))]


def _merged(defaults: Any, changes: Any) -> Any:
    if not isinstance(defaults, dict) or not isinstance(changes, dict):
        return changes
    return defaults | {key: _merged(defaults.get(key), value) for key, value in changes.items()}
