"""What a peer has to be able to do."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from peers.data import Dataset
from peers.decision import RANKED, Ranking

Ranker = Callable[[Sequence[str]], list[Ranking]]
"""Ranks the subjects for each of some raw texts."""

THREADS = 2


class Peer(ABC):
    """A program that learns from documents and ranks subjects for others.

    A peer imports its library only when it is asked to work, so that nobody pays for another one's.
    """

    name: str
    kind: str
    """Rows of one kind are compared with each other: Nearest, Linear, LabelTree, DecisionTree, Neural, Ensemble."""

    def __init__(self, name: str, kind: str):
        self.name = name
        self.kind = kind

    @abstractmethod
    def train(self, data: Dataset, model: Path) -> None:
        """Learns, and leaves in the directory model everything that load() needs, and nothing else."""

    @abstractmethod
    def load(self, data: Dataset, model: Path) -> Ranker:
        """Makes what train() left ready to answer."""


def top(subjects: Sequence[str], scores: np.ndarray) -> list[Ranking]:
    """The best of each row of scores, which has a column for each subject."""
    count = min(RANKED, scores.shape[1])
    best = np.argpartition(-scores, count - 1, axis=1)[:, :count]
    rankings = []
    for row, columns in zip(scores, best, strict=True):
        ordered = columns[np.argsort(-row[columns], kind="stable")]
        rankings.append([(subjects[column], float(row[column])) for column in ordered])
    return rankings
