"""scikit-learn: tf-idf and one of its classifiers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from peers.data import Dataset
from peers.systems.base import THREADS, Peer, Ranker, top

SEED = 42
BATCH = 1000


class SklearnPeer(Peer):
    def __init__(self, name: str, kind: str, classifier: Callable[[int], Any], *, words: int, features: int | None = None):
        """classifier: for that many documents. words: the longest n-gram. features: how many of the most frequent n-grams are kept."""
        super().__init__(name, kind)
        self._classifier = classifier
        self._words = words
        self._features = features

    def train(self, data: Dataset, model: Path) -> None:
        import joblib
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.preprocessing import MultiLabelBinarizer

        documents = data.train()
        vectorizer = TfidfVectorizer(
            ngram_range=(1, self._words), min_df=2, max_features=self._features, sublinear_tf=True, dtype=np.float32
        )
        features = vectorizer.fit_transform(document.text for document in documents)
        binarizer = MultiLabelBinarizer()
        truths = binarizer.fit_transform([document.subjects for document in documents])
        classifier = self._classifier(len(documents))
        # Threads, not processes: the solvers work outside of the interpreter's lock.
        with joblib.parallel_config(backend="threading", n_jobs=THREADS):
            classifier.fit(features, truths)
        joblib.dump((vectorizer, classifier, list(binarizer.classes_)), model / "model.joblib")

    def load(self, data: Dataset, model: Path) -> Ranker:
        import joblib

        vectorizer, classifier, subjects = joblib.load(model / "model.joblib")

        def rank(texts):
            rankings = []
            for start in range(0, len(texts), BATCH):
                features = vectorizer.transform(texts[start : start + BATCH])
                rankings += top(subjects, _scores(classifier, features))
            return rankings

        return rank


def _scores(classifier: Any, features: Any) -> np.ndarray:
    if hasattr(classifier, "decision_function"):
        return classifier.decision_function(features)
    probabilities = classifier.predict_proba(features)
    if isinstance(probabilities, list):  # of a tree: for each subject, those of "no" and of "yes"
        return np.column_stack([p[:, 1] if p.shape[1] == 2 else np.zeros(len(p)) for p in probabilities])
    return probabilities


def _one_versus_rest(binary: Any) -> Any:
    from sklearn.multiclass import OneVsRestClassifier

    return OneVsRestClassifier(binary, n_jobs=THREADS)


def _linear_svc(_: int) -> Any:
    from sklearn.svm import LinearSVC

    return _one_versus_rest(LinearSVC(random_state=SEED))


def _hinge(documents: int) -> Any:
    from sklearn.linear_model import SGDClassifier

    return _one_versus_rest(SGDClassifier(loss="hinge", alpha=1 / documents, random_state=SEED))


def _passive_aggressive(_: int) -> Any:
    from sklearn.linear_model import PassiveAggressiveClassifier

    return _one_versus_rest(PassiveAggressiveClassifier(C=0.1, random_state=SEED))


def _tree(_: int) -> Any:
    from sklearn.tree import DecisionTreeClassifier

    return DecisionTreeClassifier(min_samples_leaf=3, random_state=SEED)


def _perceptron(documents: int) -> Any:
    from sklearn.neural_network import MLPClassifier

    # The fewer the documents, the more passes over them.
    epochs = max(8, min(200, 200_000 // documents))
    return MLPClassifier(hidden_layer_sizes=(256,), max_iter=epochs, random_state=SEED)


PEERS = (
    SklearnPeer("LinearSVC, words 1–2", "Linear", _linear_svc, words=2),
    SklearnPeer("SGD hinge, words 1–2", "Linear", _hinge, words=2),
    SklearnPeer("PassiveAggressive, words 1–2", "Linear", _passive_aggressive, words=2),
    SklearnPeer("DecisionTree, words 1", "DecisionTree", _tree, words=1, features=20_000),
    SklearnPeer("MLP, words 1", "Neural", _perceptron, words=1, features=50_000),
)
