"""The one rule by which every system's scores become answers.

Besorol chooses by the same rule when it trains (`DecisionChooser`): of all thresholds, together with the smallest (0 or 1)
and the largest number of subjects (1 to 10), those with the best strict F1 on the validation documents.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

RANKED = 10  # subjects of a document that are looked at

Ranking = Sequence[tuple[str, float]]  # subjects with scores, the best first


@dataclass(frozen=True)
class Decision:
    threshold: float
    minimum: int
    maximum: int

    def answer(self, ranking: Ranking) -> list[str]:
        """The subjects of a ranking that are the answer."""
        return [
            subject
            for rank, (subject, score) in enumerate(ranking[: self.maximum])
            if rank < self.minimum or score >= self.threshold
        ]


def choose(rankings: Sequence[Ranking], truths: Sequence[Sequence[str]]) -> Decision:
    """The decision with the best strict F1 on these documents."""
    candidates = sorted(
        (
            (score, rank, subject in truth)
            for ranking, truth in zip(rankings, truths, strict=True)
            for rank, (subject, score) in enumerate(ranking[:RANKED])
        ),
        key=lambda candidate: -candidate[0],
    )
    scores = np.array([score for score, _, _ in candidates])
    ranks = np.array([rank for _, rank, _ in candidates])
    right = np.array([is_right for _, _, is_right in candidates], dtype=int)
    to_find = sum(len(set(truth)) for truth in truths)
    # A threshold lies between two different scores, or below the last one.
    possible = np.append(scores[1:] < scores[:-1], True)

    best, decision = -1.0, None
    for minimum in (0, 1):
        always = ranks < minimum
        for maximum in range(1, RANKED + 1):
            passes = ~always & (ranks < maximum)
            answered = always.sum() + np.cumsum(passes)
            found = right[always].sum() + np.cumsum(right * passes)
            f1 = np.where(possible, 2 * found / (answered + to_find), -1)
            place = int(f1.argmax())
            if f1[place] > best:
                best = f1[place]
                below = scores[place + 1] if place + 1 < len(scores) else scores[place] - 1
                decision = Decision(float((scores[place] + below) / 2), minimum, maximum)
    if decision is None:
        raise ValueError("There is no validation document with a ranking to choose a threshold on.")
    return decision
