"""fastText: a linear model over averaged embeddings of words and word pairs."""

import re
from pathlib import Path

from peers.data import Dataset
from peers.decision import RANKED
from peers.systems.base import THREADS, Peer, Ranker

PREFIX = "__label__"
WORD = re.compile(r"\w+")


class FastTextPeer(Peer):
    def train(self, data: Dataset, model: Path) -> None:
        import fasttext

        documents = data.train()
        examples = model / "examples.txt"
        with open(examples, "w", encoding="utf-8") as file:
            for document in documents:
                labels = " ".join(PREFIX + subject for subject in document.subjects)
                file.write(f"{labels} {_line(document.text)}\n")
        # The fewer the documents, the more passes over them.
        epochs = max(10, min(200, 600_000 // len(documents)))
        fasttext.train_supervised(
            str(examples), loss="ova", lr=0.5, epoch=epochs, wordNgrams=2, dim=100, minCount=2, bucket=500_000,
            thread=THREADS, verbose=0,
        ).save_model(str(model / "model.bin"))
        examples.unlink()

    def load(self, data: Dataset, model: Path) -> Ranker:
        import fasttext

        loaded = fasttext.load_model(str(model / "model.bin"))

        def rank(texts):
            labels, scores = loaded.predict([_line(text) for text in texts], k=RANKED)
            return [
                [(label.removeprefix(PREFIX), float(score)) for label, score in zip(*ranking, strict=True)]
                for ranking in zip(labels, scores, strict=True)
            ]

        return rank


def _line(text: str) -> str:
    return " ".join(WORD.findall(text.lower()))


PEERS = (FastTextPeer("fastText, words 1–2", "Linear"),)
