"""`train` on a cluster: the vectors of one machine, or a refusal that says what to do."""

import json
import random

import numpy as np
import pytest

import skipgram
from helpers.clusters import stored_files
from skipgram.cluster import gradients as cluster_gradients
from skipgram.errors import SettingsError
from skipgram.training.events import ClusterJoined, SweepsFinished

SETTINGS = {
    "objective": "softmax",
    "embedding_dim": 8,
    "sweeps": 3,
    "min_count": 1,
    "lots": 4,
    "progress": False,
}
URL = "memory://training"


@pytest.fixture
def files(tmp_path):
    draws = random.Random(1)
    for number in range(3):
        lines = [
            " ".join(str(number * 10 + draws.randrange(20)) for _ in range(12)) for _ in range(30)
        ]
        (tmp_path / f"{number}.txt").write_text("\n".join(lines))
    return sorted(tmp_path.glob("*.txt"))


def test_the_vectors_and_files_are_those_of_one_machine(client, files, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster_gradients, "LEAST_FLOP", 0.0)
    before, told = stored_files(), []
    skipgram.train(files, tmp_path / "alone", **SETTINGS)
    skipgram.train(
        files,
        tmp_path / "together",
        cluster=client,
        cluster_storage=URL,
        log=tmp_path / "log.jsonl",
        observe=told.append,
        **SETTINGS,
    )
    for name in ("vectors", "vocabulary"):
        alone, together = (
            (tmp_path / of / f"{name}.safetensors").read_bytes() for of in ("alone", "together")
        )
        assert alone == together, name
    (joined,) = [event for event in told if isinstance(event, ClusterJoined)]
    assert (joined.workers, joined.threads) == (2, 2)
    assert any(isinstance(event, SweepsFinished) for event in told)
    records = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [r["workers"] for r in records if r["event"] == "cluster_joined"] == [2]
    assert stored_files() == before


def test_an_encoded_corpus_is_trained_on_a_cluster(client, files, monkeypatch):
    monkeypatch.setattr(cluster_gradients, "LEAST_FLOP", 0.0)
    encoded = skipgram.encode(files, min_count=1, progress=False)
    settings = {name: value for name, value in SETTINGS.items() if name != "min_count"}
    alone = skipgram.train(encoded, **settings)
    together = skipgram.train(encoded, cluster=client, cluster_storage=URL, **settings)
    np.testing.assert_array_equal(alone.matrix, together.matrix)


def test_a_cluster_trains_the_softmax_unless_another_objective_is_asked_for(client, files):
    told = []
    skipgram.train(
        files,
        cluster=client,
        cluster_storage=URL,
        min_count=1,
        observe=told.append,
        progress=False,
    )
    assert any(isinstance(event, SweepsFinished) for event in told)


@pytest.mark.parametrize(
    ("more", "what"),
    [
        (
            {"objective": "negative-sampling"},
            r"negative sampling is not trained on a cluster: two cores .*averaged lose "
            r"quality\. Train it on one machine, or choose objective softmax",
        ),
        ({"epochs": 3}, "negative sampling is not trained on a cluster"),
        ({"cluster": None}, r"cluster_storage is for a cluster, and none is named"),
        ({"cluster_deadline": 0}, "cluster_deadline must be above 0, not 0"),
        ({"tokenizer": str.split}, "a tokenizer of your own cannot be called by the workers"),
        ({"max_types": 1000}, "max_types 1,000 cannot be kept by the workers"),
    ],
)
def test_what_a_cluster_cannot_do_is_refused_before_the_text_is_read(client, files, more, what):
    given = {"cluster": client, "cluster_storage": URL, **more}
    with pytest.raises(SettingsError, match=what):
        skipgram.train(files, progress=False, **given)


def test_texts_in_memory_are_refused_with_the_way_out(client):
    with pytest.raises(SettingsError, match=r"only files can; encode the text first"):
        skipgram.train(
            skipgram.Texts(["a b c"] * 9), cluster=client, cluster_storage=URL, progress=False
        )
