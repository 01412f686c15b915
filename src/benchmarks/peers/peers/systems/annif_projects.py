"""Annif: its own projects, vocabulary and corpora, in one process."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from peers.data import Dataset, Document
from peers.decision import RANKED
from peers.systems.base import THREADS, Peer, Ranker

VOCABULARY = "subjects"
BATCH = 32  # as Annif's own commands have it


class AnnifPeer(Peer):
    """The last project answers; those before it are its sources."""

    def __init__(self, name: str, kind: str, projects: dict[str, dict[str, object]]):
        super().__init__(name, kind)
        self._projects = projects

    @property
    def answering(self) -> str:
        return list(self._projects)[-1]

    def train(self, data: Dataset, model: Path) -> None:
        (model / "projects.toml").write_text(self._configuration(), encoding="utf-8")
        (model / "subjects.csv").write_text(_vocabulary(data), encoding="utf-8")
        with _registry(model) as registry:
            from annif.vocab import VocabFileCSV

            registry.get_vocab(VOCABULARY).load_vocabulary(VocabFileCSV(str(model / "subjects.csv")))
            for name, options in self._projects.items():
                project = registry.get_project(name)
                # A network over other projects learns how right they are on documents that they have not seen.
                ensemble = options["backend"] == "nn_ensemble"
                documents = data.validation() if ensemble else data.train()
                project.train(_corpus(project, documents), jobs=1 if ensemble else THREADS)
        for leftover in ("omikuji-train.txt", "nn-train.mdb/data.mdb"):
            for file in model.glob(f"projects/*/{leftover}"):
                file.unlink()

    def load(self, data: Dataset, model: Path) -> Ranker:
        from annif.corpus import Document as AnnifDocument

        with _registry(model) as registry:
            project = registry.get_project(self.answering)
            project.initialize()
            uris = [subject.uri for subject in project.subjects]

        def rank(texts):
            rankings = []
            for start in range(0, len(texts), BATCH):
                batch = [AnnifDocument(text=text) for text in texts[start : start + BATCH]]
                suggested = project.suggest(batch).filter(limit=RANKED)
                rankings += [[(uris[s.subject_id], s.score) for s in suggestions] for suggestions in suggested]
            return rankings

        return rank

    def _configuration(self) -> str:
        lines = []
        for name, options in self._projects.items():
            everything = {
                "name": name,
                "language": "en",
                "analyzer": "snowball(english)",
                "vocab": VOCABULARY,
                **options,
            }
            lines += [f"[{name}]", *(f'{option} = "{value}"' for option, value in everything.items()), ""]
        return "\n".join(lines)


def environment(model: Path) -> dict[str, str]:
    """The variables by which Annif finds its projects and their data."""
    return {
        "ANNIF_CONFIG": "annif.default_config.ProductionConfig",
        "ANNIF_PROJECTS": str(model / "projects.toml"),
        "ANNIF_DATADIR": str(model),
    }


@contextmanager
def _registry(model: Path) -> Iterator:
    """Annif with its projects and data in the directory model."""
    os.environ.update(environment(model))
    import annif
    import annif.registry

    with annif.create_flask_app().app_context():
        yield annif.registry.AnnifRegistry(str(model / "projects.toml"), str(model), init_projects=False)


def _vocabulary(data: Dataset) -> str:
    lines = ["uri,label_en"]
    for subject, label in data.subject_labels().items():
        quoted = label.replace('"', '""')
        lines.append(f'{subject},"{quoted}"')
    return "\n".join(lines) + "\n"


def _corpus(project, documents: list[Document]):
    from annif.corpus import Document as AnnifDocument
    from annif.corpus import DocumentList, SubjectSet

    return DocumentList(
        [
            AnnifDocument(
                text=document.text,
                subject_set=SubjectSet([project.subjects.by_uri(subject) for subject in document.subjects]),
            )
            for document in documents
        ]
    )


def _bonsai(words: int) -> dict[str, object]:
    return {
        "backend": "omikuji",
        "min_df": 2,
        "ngram": words,
        "cluster_balanced": False,
        "cluster_k": 100,
        "max_depth": 3,
    }


TFIDF = {"backend": "tfidf"}

PEERS = (
    AnnifPeer("Annif tfidf", "Nearest", {"tfidf": TFIDF}),
    AnnifPeer("Annif bonsai, words 1–2", "LabelTree", {"bonsai": _bonsai(2)}),
    AnnifPeer("Annif bonsai, words 1", "LabelTree", {"bonsai": _bonsai(1)}),
    AnnifPeer(
        "Annif nn_ensemble of tfidf and bonsai, default",
        "Ensemble",
        {
            "tfidf": TFIDF,
            "bonsai": _bonsai(1),
            "nn": {"backend": "nn_ensemble", "sources": "tfidf,bonsai"},
        },
    ),
    AnnifPeer(
        "Annif nn_ensemble of tfidf and bonsai, tuned",
        "Ensemble",
        {
            "tfidf": TFIDF,
            "bonsai": _bonsai(2),
            "nn": {"backend": "nn_ensemble", "sources": "tfidf:1,bonsai:9", "lr": 0.0005, "epochs": 10},
        },
    ),
)
