"""The command line of the comparison; `run` beside this package starts it."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from peers import measure, rest, tables
from peers.data import Dataset, prepare
from peers.results import Workshop
from peers.systems import OURS, PEERS
from peers.systems.besorol import ROOT

SETS = ("arxiv-quick", "cora-hier-graph", "cordis-hopon", "arxiv-60k")
# Where it is asked for: the fastest of each kind, as the others would take hours.
AT_SCALE = {"arxiv-365k": ("LinearSVC", "omikuji", "Annif bonsai", "=Linear", "=Bonsai", "three trees", "=Ensemble")}
CORES = 2


def main() -> int:
    arguments = _arguments()
    # Everything started from here shares the same two cores.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    workshop = Workshop(arguments.target)
    failed = 0
    sets = [prepare(arguments.data / name, arguments.target / "data") for name in arguments.sets]
    for data in sets:
        only = arguments.only or AT_SCALE.get(data.name)
        for system in [s for s in (*PEERS, *OURS) if _named(s, only)]:
            result = workshop.result(data, system)
            again = _named(system, arguments.again, otherwise=False)
            try:
                if result is None or again:
                    print(f"{data.name}: {system} …", file=sys.stderr, flush=True)
                    result = workshop.measure(data, system)
                if arguments.rest and rest.served(system) and ("rest" not in result or again):
                    result["rest"] = rest.measure_service(workshop, data, system)
                    workshop.keep(data, system, result)
            except measure.Failed as e:
                print(f"{data.name}: {system}: {e}", file=sys.stderr)
                failed += 1
                continue
            print(_line(data, system, result, workshop), file=sys.stderr, flush=True)
    page = tables.page(workshop, sets)
    print(page, end="")
    if arguments.write:
        tables.replace(ROOT / "docs/benchmarks.md", arguments.write, page)
    return 1 if failed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="run", description="Holds Besorol against other programs on the same documents, and prints the tables."
    )
    parser.add_argument("--target", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, metavar="DIR", help="holds a directory for each data set (%(default)s)")
    parser.add_argument(
        "--sets", type=_words, default=SETS, metavar="SET,…", help=f"which data sets (default: {','.join(SETS)})"
    )
    parser.add_argument(
        "--only", type=_words, metavar="NAME,…", help="only systems whose name contains one of these, in any case; or is it: =Ensemble"
    )
    parser.add_argument("--again", type=_words, metavar="NAME,…", help="measures these again, though measured before")
    parser.add_argument("--rest", action="store_true", help="asks the services of Annif and Besorol over HTTP too")
    parser.add_argument(
        "--write",
        nargs="?",
        const="peers",
        metavar="SECTION",
        help="puts the tables into docs/benchmarks.md, into the section of that name (peers)",
    )
    return parser.parse_args()


def _words(text: str) -> Sequence[str]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _named(system: str, names: Sequence[str] | None, otherwise: bool = True) -> bool:
    if names is None:
        return otherwise
    return any(name[1:] == system if name.startswith("=") else name.lower() in system.lower() for name in names)


def _line(data: Dataset, system: str, result: dict, workshop: Workshop) -> str:
    train, answer = result["train"], result["answer"]
    return (
        f"{data.name} | {system} | strict F1 {_strict_f1(data, workshop.answers_file(data, system)):.4f}"
        f" | train {train['cpu_s']:.1f} CPU s, {train['wall_s']:.1f} s, {train['peak_mib']:.0f} MiB"
        f" | model {result['model_mb']:.1f} MB | {answer['documents_per_cpu_s']:.0f} documents/CPU s"
        f" | p50 {answer['p50_ms']:.2f} ms, p99 {answer['p99_ms']:.2f} ms"
    )


def _strict_f1(data: Dataset, answers: Path) -> float:
    truths = {document.id: set(document.subjects) for document in data.test()}
    right = answered = 0
    with open(answers, encoding="utf-8") as lines:
        for answer in map(json.loads, lines):
            answered += len(answer["subjects"])
            right += len(truths[answer["id"]].intersection(answer["subjects"]))
    return 2 * right / (answered + sum(map(len, truths.values())))


if __name__ == "__main__":
    sys.exit(main())
