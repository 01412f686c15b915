"""omikuji: partitioned label trees (Parabel, Bonsai) in Rust, on tf-idf of scikit-learn."""

from pathlib import Path

import numpy as np

from peers.data import Dataset
from peers.decision import RANKED
from peers.systems.base import THREADS, Peer, Ranker


class OmikujiPeer(Peer):
    def __init__(self, name: str, *, words: int):
        """words: the longest n-gram."""
        super().__init__(name, "LabelTree")
        self._words = words

    def train(self, data: Dataset, model: Path) -> None:
        import joblib
        import omikuji
        from sklearn.feature_extraction.text import TfidfVectorizer

        documents = data.train()
        vectorizer = TfidfVectorizer(ngram_range=(1, self._words), min_df=2, sublinear_tf=True, dtype=np.float32)
        features = vectorizer.fit_transform(document.text for document in documents)
        subjects = sorted({subject for document in documents for subject in document.subjects})
        numbers = {subject: number for number, subject in enumerate(subjects)}
        joblib.dump((vectorizer, subjects), model / "vectorizer.joblib")

        examples = model / "examples.txt"
        with open(examples, "w", encoding="utf-8") as file:
            # A document without any known word would be a line that omikuji cannot read.
            rows = np.diff(features.indptr).nonzero()[0].tolist()
            file.write(f"{len(rows)} {features.shape[1]} {len(subjects)}\n")
            for row in rows:
                labels = ",".join(str(numbers[subject]) for subject in documents[row].subjects)
                values = " ".join(f"{column}:{value:.6g}" for column, value in _pairs(features, row))
                file.write(f"{labels} {values}\n")
        parameters = omikuji.Model.default_hyper_param()
        # Bonsai as Annif recommends it: wide trees, clusters of any size.
        parameters.cluster_balanced = False
        parameters.cluster_k = 100
        parameters.max_depth = 3
        omikuji.Model.train_on_data(str(examples), parameters, THREADS).save(str(model / "trees"))
        examples.unlink()

    def load(self, data: Dataset, model: Path) -> Ranker:
        import joblib
        import omikuji

        vectorizer, subjects = joblib.load(model / "vectorizer.joblib")
        trees = omikuji.Model.load(str(model / "trees"))
        trees.init_prediction_thread_pool(THREADS)

        def rank(texts):
            features = vectorizer.transform(texts)
            return [
                [(subjects[label], score) for label, score in trees.predict(_pairs(features, row), top_k=RANKED)]
                for row in range(features.shape[0])
            ]

        return rank


def _pairs(matrix, row: int) -> list[tuple[int, float]]:
    """Columns and values of a row of a sparse matrix."""
    start, end = matrix.indptr[row], matrix.indptr[row + 1]
    return list(zip(matrix.indices[start:end].tolist(), matrix.data[start:end].tolist(), strict=True))


PEERS = (
    OmikujiPeer("omikuji bonsai, words 1–2", words=2),
    OmikujiPeer("omikuji bonsai, words 1", words=1),
)
