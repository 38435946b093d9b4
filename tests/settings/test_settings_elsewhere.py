"""Settings by other tools' names: each is refused with what to write here instead."""

import inspect
import re
from dataclasses import fields

import numpy as np
import pytest

import skipgram
from skipgram.errors import SettingsError, in_readers_words, option_of, read_at_a_shell
from skipgram.settings import (
    ModelSettings,
    RunSettings,
    Settings,
    TextSettings,
    TrainingSettings,
    VocabularySettings,
    default,
)
from skipgram.settings.elsewhere import CALLED, EXPLAINED, letters_of, told_of_setting

OWN = {
    item.name
    for part in (TextSettings, VocabularySettings, ModelSettings, TrainingSettings, RunSettings)
    for item in fields(part)
}
BESIDE_SETTINGS = {"continue_from", "add_words", "export", "log"}
"""Parameters of `skipgram.train` that are options as well."""

OF_GENSIM = """
    alpha batch_words bucket callbacks cbow_mean chunksize comment compute_loss connector_words
    corpus_count corpus_file corpus_iterable delimiter dry_run end_alpha epochs hashfxn hs
    keep_raw_vocab max_final_vocab max_n max_vocab_size min_alpha min_count min_n negative
    ns_exponent null_word progress_per queue_factor report_delay sample scoring seed sentences sg
    shrink_windows sorted_vocab start_alpha threshold total_examples total_sentences total_words
    trim_rule update vector_size window word_count word_freq word_ngrams workers
"""
"""All keywords of gensim 4's Word2Vec, FastText and Phrases and of their training."""
OF_FASTTEXT = """
    input lr dim ws epoch minCount minn maxn neg wordNgrams loss bucket thread lrUpdateRate t
    verbose pretrainedVectors model
"""
"""Those of fastText's train_unsupervised (labels are for train_supervised)."""
OF_WORD2VEC_C = """
    -train -size -window -sample -hs -negative -threads -iter -min-count -alpha -debug -binary
    -save-vocab -cbow
"""
"""The options of word2vec.c (-classes and -read-vocab have nothing here to stand for them)."""


@pytest.mark.parametrize("name", f"{OF_GENSIM} {OF_FASTTEXT} {OF_WORD2VEC_C}".split())
def test_every_name_elsewhere_is_the_same_here_or_is_answered(name):
    assert name in OWN or told_of_setting(name)


def test_the_list_of_gensims_names_is_complete():
    models = pytest.importorskip("gensim.models", reason="gensim is not installed")
    called = [models.Word2Vec, models.FastText, models.Phrases]
    called += [
        getattr(models.Word2Vec, name)
        for name in ("train", "build_vocab", "build_vocab_from_freq", "scan_vocab", "score")
    ]
    called.append(models.Word2Vec.prepare_vocab)
    found = {
        name
        for function in called
        for name, of in inspect.signature(function).parameters.items()
        if of.kind is of.POSITIONAL_OR_KEYWORD and name != "self"
    }
    assert found == set(OF_GENSIM.split())


def test_no_name_elsewhere_is_one_of_ours_and_none_is_told_of_twice():
    names = [name for names in CALLED.values() for name in names] + [*EXPLAINED]
    letters = [letters_of(name) for name in (*names, *OWN)]
    assert len(letters) == len(set(letters))


@pytest.mark.parametrize("name", [*CALLED])
def test_what_is_said_to_take_the_values_takes_some(name):
    assert name in OWN | BESIDE_SETTINGS


@pytest.mark.parametrize("name", [*EXPLAINED])
def test_an_explanation_names_only_options_that_there_are(name):
    options = set(re.findall(r"--[a-z-]+", EXPLAINED[name]))
    assert options <= {option_of(of) for of in OWN | BESIDE_SETTINGS} | {"--quiet"}
    for option, value in re.findall(r"\[--([a-z-]+) (\S+)\]", EXPLAINED[name]):
        given = int(value) if value.isdigit() else value
        assert Settings.of(**{option.replace("-", "_"): given})


@pytest.mark.parametrize(
    ("name", "value", "in_python", "at_a_shell"),
    [
        ("vector_size", 100, "write embedding_dim=100", "write --embedding-dim 100"),
        ("size", np.int64(50), "write embedding_dim=50", "write --embedding-dim 50"),
        ("ws", 5, "write window=5", "write --window 5"),
        ("max_vocab_size", None, "here it is max_types", "here it is --max-types"),
        ("negative", 0, "here it is negatives", "here it is --negatives"),
        ("n_jobs", -1, "here it is threads", "here it is --threads"),
        ("stop_words", "english", "here it is drop_words", "here it is --drop-words"),
        ("sample", 1e-5, "write subsample=1e-05", "write --subsample 1e-05"),
        ("sample", "0.001", "write subsample=0.001", "write --subsample 0.001"),
        ("minCount", "3", "write min_count=3", "write --min-count 3"),
        ("pretrainedVectors", "v.vec", 'write continue_from="v.vec"', "write --continue v.vec"),
        ("hs", 1, 'write objective="softmax"', "write --objective softmax"),
        ("minn", 3, 'write ngrams="3-6"', "write --ngrams 3-6"),
        ("shrink_windows", False, 'window_width="fixed"', "--window-width fixed"),
    ],
)
def test_the_answer_is_what_its_reader_writes(name, value, in_python, at_a_shell):
    told = told_of_setting(name, value)
    assert in_python in in_readers_words(told)
    with read_at_a_shell():
        assert at_a_shell in in_readers_words(told)


def test_the_defaults_that_are_told_are_the_defaults():
    assert f"by default {default('learning_rate')} here" in told_of_setting("alpha")
    assert float(re.findall(r"by default (\S+) here", told_of_setting("sample"))[0]) == default(
        "subsample"
    )
    assert "100 by default" in told_of_setting("threshold")


@pytest.mark.parametrize("function", [skipgram.train, skipgram.encode, skipgram.cooccurrence])
def test_whoever_takes_settings_answers_all_foreign_names_at_once(function):
    with pytest.raises(SettingsError) as refused:
        function("none.txt", vector_size=100, min_count=5, iter=3, epoc=2)
    assert str(refused.value) == (
        "unknown setting 'vector_size': write embedding_dim=100; unknown setting 'iter': write "
        "epochs=3; unknown setting 'epoc'; did you mean epochs?"
    )


@pytest.mark.parametrize("objective", ["softmax", "auto"])
def test_the_objective_does_not_matter(objective):
    with pytest.raises(SettingsError, match="'workers': write threads=4"):
        skipgram.train("none.txt", objective=objective, workers=4)
