"""spaCy: its text categorizer on a bag of words."""

import random
from pathlib import Path

from peers.data import Dataset
from peers.decision import RANKED
from peers.systems.base import Peer, Ranker

SEED = 42
COMPONENT = "textcat_multilabel"
MODEL = {
    "@architectures": "spacy.TextCatBOW.v3",
    "exclusive_classes": False,
    "length": 262_144,
    "ngram_size": 1,
    "no_output_layer": False,
}


class SpacyPeer(Peer):
    def train(self, data: Dataset, model: Path) -> None:
        import spacy
        from spacy.training import Example
        from spacy.util import fix_random_seed, minibatch

        fix_random_seed(SEED)
        documents = data.train()
        subjects = sorted({subject for document in documents for subject in document.subjects})
        pipeline = spacy.blank("en")
        categorizer = pipeline.add_pipe(COMPONENT, config={"model": MODEL, "threshold": 0.0})
        for subject in subjects:
            categorizer.add_label(subject)
        pipeline.initialize()
        examples = []
        for document in documents:
            categories = dict.fromkeys(subjects, 0.0) | dict.fromkeys(document.subjects, 1.0)
            examples.append(Example.from_dict(pipeline.make_doc(document.text), {"cats": categories}))
        shuffled = random.Random(SEED)
        for _ in range(max(5, min(20, 60_000 // len(documents)))):
            shuffled.shuffle(examples)
            for batch in minibatch(examples, size=64):
                pipeline.update(batch)
        pipeline.to_disk(model / "pipeline")

    def load(self, data: Dataset, model: Path) -> Ranker:
        import spacy

        pipeline = spacy.load(model / "pipeline")

        def rank(texts):
            return [
                sorted(answer.cats.items(), key=lambda category: -category[1])[:RANKED]
                for answer in pipeline.pipe(texts, batch_size=256)
            ]

        return rank


PEERS = (SpacyPeer("spaCy bag of words", "Linear"),)
