"""Besorol itself: the rows of ours.json, trained by its command line and asked in a JVM of its own."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PEERS_DIRECTORY = Path(__file__).parents[2]
ROOT = PEERS_DIRECTORY.parents[2]
BESOROL = ROOT / "src/trainer/target/besorol"
SERVICE = ROOT / "src/inference/target/besorol-inference"
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


def java_command(main: str, *arguments: str | Path) -> list[str | Path]:
    """Starts a class of the benchmarks in a JVM of its own."""
    java = Path(os.environ["JAVA_HOME"]) / "bin" / "java"
    return [java, *JVM_OPTIONS, "-cp", f"{LIBRARIES}/*", f"hu.mtmt.besorol.benchmarks.{main}", *arguments]


def rows() -> list[Row]:
    """The rows of ours.json, in their order."""
    return [Row(**row) for row in json.loads((PEERS_DIRECTORY / "ours.json").read_text(encoding="utf-8"))]


def _merged(defaults: Any, changes: Any) -> Any:
    if not isinstance(defaults, dict) or not isinstance(changes, dict):
        return changes
    return defaults | {key: _merged(defaults.get(key), value) for key, value in changes.items()}
