"""The systems that are compared, in the order of the table."""

from peers.systems.base import Peer
from peers.systems import annif_projects, besorol, fasttext_words, omikuji_trees, scikit_learn, spacy_textcat

PEERS: dict[str, Peer] = {
    peer.name: peer
    for peer in (
        *scikit_learn.PEERS,
        *omikuji_trees.PEERS,
        *annif_projects.PEERS,
        *fasttext_words.PEERS,
        *spacy_textcat.PEERS,
    )
}

OURS: dict[str, besorol.Row] = {row.name: row for row in besorol.rows()}
