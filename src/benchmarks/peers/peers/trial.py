"""A process of its own for one peer: learns, or answers. Its parent measures it from outside."""

import json
import sys
import time
from pathlib import Path

from peers import decision
from peers.data import Dataset
from peers.systems import PEERS
from peers.systems.base import Ranker

PASSES = 3  # over the test documents; the fastest counts
PASSES_SECONDS = 60  # no further pass once they took so long
ALONE = 1000  # documents that are answered one by one, for the latency


def main(command: str, name: str, directory: str, model: str, answers: str | None = None) -> None:
    data = Dataset(Path(directory))
    peer = PEERS[name]
    if command == "train":
        peer.train(data, Path(model))
    else:
        started = time.perf_counter()
        rank = peer.load(data, Path(model))
        loaded = time.perf_counter() - started
        print(json.dumps({"load_s": loaded} | _answer(rank, data, Path(answers))))


def _answer(rank: Ranker, data: Dataset, answers: Path) -> dict[str, float | dict]:
    validation = data.validation()
    chosen = decision.choose(rank([d.text for d in validation]), [d.subjects for d in validation])

    test = data.test()
    texts = [document.text for document in test]
    fastest = float("inf")
    began = time.perf_counter()
    for _ in range(PASSES):
        before = time.process_time()
        rankings = rank(texts)
        fastest = min(fastest, time.process_time() - before)
        if time.perf_counter() - began > PASSES_SECONDS:
            break

    alone = []
    for text in texts[:ALONE]:
        before = time.perf_counter()
        rank([text])
        alone.append(time.perf_counter() - before)
    alone.sort()

    with open(answers, "w", encoding="utf-8") as file:
        for document, ranking in zip(test, rankings, strict=True):
            answer = {
                "id": document.id,
                "subjects": chosen.answer(ranking),
                "ranked": [{"subject": subject, "score": float(score)} for subject, score in ranking],
            }
            file.write(json.dumps(answer) + "\n")
    return {
        "decision": vars(chosen),
        "documents_per_cpu_s": len(texts) / fastest,
        "p50_ms": 1000 * alone[len(alone) // 2],
        "p99_ms": 1000 * alone[len(alone) * 99 // 100],
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
