"""Writes what was measured as Markdown."""

import os
import platform
import subprocess
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from peers import contest
from peers.data import Dataset
from peers.results import Workshop
from peers.systems import OURS, PEERS
from peers.systems.besorol import ROOT

QUALITY = {
    "strict F1": "StrictF1",
    "lenient F1": "LenientF1",
    "macro F1": "MacroF1",
    "document F1": "DocumentF1",
    "hierarchical F1": "HierarchicalF1",
    "nDCG@10": "NdcgAt10",
    "P@1": "PrecisionAt1",
    "P@3": "PrecisionAt3",
    "P@5": "PrecisionAt5",
}
DIFFERENCES = {name: QUALITY[name] for name in ("strict F1", "lenient F1", "macro F1", "nDCG@10")}
PACKAGES = ("annif", "omikuji", "scikit-learn", "fasttext-numpy2", "spacy", "tensorflow_cpu")
SIGNIFICANT = 0.01


def page(workshop: Workshop, sets: Sequence[Dataset]) -> str:
    """All tables of all sets."""
    lines = [_machine(), ""]
    for data in sets:
        systems = [system for system in (*PEERS, *OURS) if workshop.result(data, system) is not None]
        if len(systems) > 1:
            lines += [f"### {data.name}", "", *_tables(workshop, data, systems), ""]
    return "\n".join(lines).rstrip() + "\n"


def replace(document: Path, section: str, text: str) -> None:
    """Puts text between the markers of a section of a document."""
    begin, end = f"<!-- begin:{section} -->\n", f"<!-- end:{section} -->\n"
    old = document.read_text(encoding="utf-8")
    if old.count(begin) != 1 or old.count(end) != 1:
        raise SystemExit(f"{document} has not one section between {begin.strip()} and {end.strip()}.")
    before, rest = old.split(begin)
    document.write_text(before + begin + text + end + rest.split(end)[1], encoding="utf-8")


def _tables(workshop: Workshop, data: Dataset, systems: Sequence[str]) -> Iterator[str]:
    metrics = contest.compare(workshop, data, systems[0], systems[1:]).metrics
    results = {system: workshop.result(data, system) for system in systems}

    yield from _header(["", *QUALITY])
    for system in systems:
        yield _row(_title(system), *(f"{metrics[system][metric]:.4f}" for metric in QUALITY.values()))
    yield ""
    yield from _header(
        ["", "train CPU s", "wall s", "peak MiB", "model MB", "answer peak MiB", "documents / CPU s", "p50 ms", "p99 ms",
         "load"]
    )
    for system, result in results.items():
        train, answer = result["train"], result["answer"]
        yield _row(
            _title(system),
            f"{train['cpu_s']:.1f}",
            f"{train['wall_s']:.1f}",
            f"{train['peak_mib']:.0f}",
            f"{result['model_mb']:.1f}",
            f"{answer['peak_mib']:.0f}",
            f"{answer['documents_per_cpu_s']:.0f}",
            f"{answer['p50_ms']:.2f}",
            f"{answer['p99_ms']:.2f}",
            f"{result['load']:.1f}",
        )
    services = {system: result["rest"] for system, result in results.items() if "rest" in result}
    if services:
        yield ""
        yield from _header(["over HTTP", "first answer s", "resident MiB", "p50 ms", "p99 ms", "requests / s"])
        for system, service in services.items():
            yield _row(
                _title(system),
                f"{service['first_answer_s']:.1f}",
                f"{service['resident_mib']:.0f}",
                f"{service['p50_ms']:.2f}",
                f"{service['p99_ms']:.2f}",
                f"{service['requests_per_s']:.0f}",
            )
    pairs = _pairs(systems, {system: values["StrictF1"] for system, values in metrics.items()})
    if pairs:
        yield ""
        yield from _header(["", "against", *DIFFERENCES])
        for baseline in sorted({peer for _, peer in pairs}):
            rows = [row for row, peer in pairs if peer == baseline]
            verdict = contest.compare(workshop, data, baseline, rows)
            for row in rows:
                yield _row(
                    _title(row), baseline, *(_difference(verdict.differences[row][m]) for m in DIFFERENCES.values())
                )


def _pairs(systems: Sequence[str], f1: dict[str, float]) -> list[tuple[str, str]]:
    """Each row of ours with the best peer of its kind, and with the best that Annif has."""
    peers = [system for system in systems if system in PEERS]
    annif = [peer for peer in peers if peer.startswith("Annif")]
    pairs = []
    for row in (system for system in systems if system in OURS):
        alike = [peer for peer in peers if PEERS[peer].kind == OURS[row].kind]
        for group in (alike, annif):
            if group and (row, best := max(group, key=f1.__getitem__)) not in pairs:
                pairs.append((row, best))
    return pairs


def _title(system: str) -> str:
    return f"**Besorol {system}**" if system in OURS else system


def _difference(d: contest.Difference) -> str:
    text = f"{d.difference:+.4f} ({d.lower:+.4f} to {d.upper:+.4f}), p {'<' if d.p < 0.001 else '='} {max(d.p, 0.001):.3f}"
    return f"**{text}**" if d.p < SIGNIFICANT else text


def _header(columns: Sequence[str]) -> list[str]:
    return [_row(*columns), "|" + "---|" * len(columns)]


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


def _machine() -> str:
    """What the figures depend on."""
    names = [line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    memory = next(int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal"))
    commit = _git("rev-parse", "--short", "HEAD")
    changed = " with changes" if _git("status", "--porcelain", "--", ".", ":!docs/benchmarks.md") else ""
    packages = ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    return (
        f"{names[0] if names else platform.machine()}, {len(os.sched_getaffinity(0))} cores, {memory / 2**20:.0f} GiB,"
        f" commit {commit}{changed}, {datetime.now(UTC):%F}; Python {platform.python_version()}, {packages}."
    )


def _lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines()


def _git(*arguments: str) -> str:
    return subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True, check=True).stdout.strip()
