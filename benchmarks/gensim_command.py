"""gensim's skip-gram as a command: a text file in, a saved model out; the words it trained on.

    python benchmarks/gensim_command.py FILE OUTPUT '{"vector_size": 100, ...}'

It imports nothing but what it needs, since `whole_command.py` times all of it.
"""

import json
import sys

from gensim.models import Word2Vec


def main() -> None:
    file, output, values = sys.argv[1:]
    model = Word2Vec(**json.loads(values))
    model.build_vocab(corpus_file=file)
    _, raw_words = model.train(
        corpus_file=file,
        total_words=model.corpus_total_words,
        total_examples=model.corpus_count,
        epochs=model.epochs,
    )
    model.save(output)
    print(json.dumps({"raw_words": raw_words, "vocab_size": len(model.wv)}))


if __name__ == "__main__":
    main()
