"""A gensim script moved over: the old lines are comments, with what replaces them below.

    python from_gensim.py                                   # on the bundled dictionary
    python from_gensim.py corpus.txt --pairs wordsim.tsv    # on your text: a sentence a line

It finds phrases, trains, saves, loads, asks for neighbours, compares with people's ratings, and
hands the vectors back to gensim. Only that last step needs gensim.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import skipgram

# from gensim.models import KeyedVectors, Word2Vec
# from gensim.models.phrases import Phrases
# from gensim.models.word2vec import LineSentence


def train(corpus: str | Path, folder: Path) -> skipgram.WordVectors:
    # sentences = LineSentence(corpus)
    # phrases = Phrases(sentences, min_count=10, threshold=0.7, scoring="npmi")
    # model = Word2Vec(
    #     phrases[sentences],
    #     sg=1,  # Here it always is.
    #     vector_size=50,
    #     window=5,
    #     negative=5,
    #     sample=1e-4,
    #     alpha=0.025,
    #     epochs=10,
    #     workers=2,
    # )
    # model.wv.save(folder)
    return skipgram.train(
        corpus,
        folder,
        phrases=1,
        phrase_min_count=10,
        phrase_threshold=0.7,
        phrase_score="npmi",
        objective="negative-sampling",  # gensim's; by default small texts get the exact softmax.
        embedding_dim=50,
        window=5,
        negatives=5,
        subsample=1e-4,
        learning_rate=0.025,
        epochs=10,
        threads=2,
        overwrite=True,  # As in gensim. Otherwise a folder that exists is an error.
    )


def show(folder: Path, words: Sequence[str], pairs: str | None) -> None:
    # wv = KeyedVectors.load(folder, mmap="r")
    vectors = skipgram.load(folder)

    # print(len(wv), wv.vector_size, [word for word in wv.index_to_key if "_" in word][:3])
    phrases = [word for word in vectors.words if "_" in word]
    print(f"{len(vectors):,} words × {vectors.embedding_dim}; phrases: {', '.join(phrases[:3])}")

    for word in words:
        # if word in wv.key_to_index:
        #     print(wv.most_similar(word, topn=4))
        if word in vectors:
            neighbors = vectors.most_similar(word, k=4)
            print(f"{word}:", ", ".join(f"{near.word} {near.similarity:.2f}" for near in neighbors))
        else:
            print(f"{word}: unknown")

    # pearson, spearman, left_out = wv.evaluate_word_pairs(pairs)
    # print(pearson.statistic, spearman.statistic, left_out)
    report = skipgram.evaluate(vectors, similarity=[pairs]) if pairs else skipgram.evaluate(vectors)
    score = report.similarity[0]  # Without a file of pairs, that of WordSim-353.
    print(f"{score.name}, {score.pairs_known} of {score.pairs} pairs known:")
    for measure in score.measures:  # a score is None where too few pairs are known
        print(f"  {measure.name} {measure.value}, 95 % interval {measure.interval}")


def hand_over(folder: Path, file: Path) -> None:
    # wv.save_word2vec_format(file, binary=True)
    vectors = skipgram.load(folder)
    vectors.export(file, overwrite=True)  # The suffix chooses the format.

    try:
        keyed_vectors = vectors.to_gensim()
    except skipgram.MissingExtraError:
        print(f"gensim is not installed here; elsewhere it loads {file.name}, in word2vec's format")
        return
    print(f"handed to gensim: {keyed_vectors}")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("corpus", nargs="?", help="a text; by default the bundled dictionary")
    parser.add_argument("--words", nargs="+", default=["king", "wine", "new_york", "kingg"])
    parser.add_argument("--pairs", metavar="FILE", help="lines of word, word and rating, by tabs")
    parser.add_argument("--output", metavar="DIR", help="where to keep the vectors")
    options = parser.parse_args(arguments)
    with TemporaryDirectory() as temporary:
        folder = Path(options.output or temporary) / "vectors"
        try:
            train(options.corpus or skipgram.demo_corpus(), folder)
            show(folder, options.words, options.pairs)
            hand_over(folder, folder.with_suffix(".bin"))
        except skipgram.SkipgramError as error:
            parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
