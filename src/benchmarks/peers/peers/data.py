"""The documents of a data set, the same for every system."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import zstandard

TEXT_FIELDS = ("title", "abstract", "keywords", "journal")


@dataclass(frozen=True, slots=True)
class Document:
    id: str
    text: str
    subjects: tuple[str, ...]


@dataclass(frozen=True)
class Dataset:
    """A directory that prepare() wrote: learn/ with everything a system may see before it is judged, and test.jsonl."""

    directory: Path

    @property
    def name(self) -> str:
        return self.directory.name

    @property
    def learn(self) -> Path:
        return self.directory / "learn"

    @property
    def taxonomy(self) -> Path:
        return self.learn / "taxonomy.jsonl"

    @property
    def test_file(self) -> Path:
        return self.directory / "test.jsonl"

    def train(self) -> list[Document]:
        return _documents(self.learn / "train.jsonl")

    def validation(self) -> list[Document]:
        return _documents(self.learn / "validation.jsonl")

    def test(self) -> list[Document]:
        return _documents(self.test_file)

    def subject_labels(self) -> dict[str, str]:
        """The label of every subject of the taxonomy, by its identifier."""
        return {subject["id"]: subject["label"] for subject in _json_lines(self.taxonomy)}


def prepare(source: Path, target: Path) -> Dataset:
    """Unpacks a data set, once. Documents to learn from whose text is in the test part too are left out, for everyone."""
    dataset = Dataset(target / source.name)
    if dataset.test_file.exists():
        return dataset
    dataset.learn.mkdir(parents=True, exist_ok=True)
    dataset.taxonomy.write_bytes((source / "taxonomy.jsonl").read_bytes())
    test = list(_zstd_lines(source / "test.jsonl.zst"))
    seen = {_same_text(line) for line in test}
    for part in ("train", "validation"):
        with open(dataset.learn / f"{part}.jsonl", "w", encoding="utf-8") as file:
            file.writelines(line for line in _zstd_lines(source / f"{part}.jsonl.zst") if _same_text(line) not in seen)
    unfinished = dataset.test_file.with_suffix(".part")
    with open(unfinished, "w", encoding="utf-8") as file:
        file.writelines(test)
    unfinished.rename(dataset.test_file)
    return dataset


def _zstd_lines(path: Path) -> Iterator[str]:
    with zstandard.open(path, "rt", encoding="utf-8") as lines:
        yield from lines


def _json_lines(path: Path) -> Iterator[dict]:
    with open(path, encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _documents(path: Path) -> list[Document]:
    return [Document(d["id"], _text(d), tuple(d.get("subjects", ()))) for d in _json_lines(path)]


def _text(document: dict) -> str:
    values = (document.get(field) or "" for field in TEXT_FIELDS)
    return "\n".join(" ".join(value) if isinstance(value, list) else value for value in values if value)


def _same_text(line: str) -> str:
    return " ".join(_text(json.loads(line)).lower().split())
