"""fastText's skip-gram as a command: a text file in, a saved model out; its training timed.

    python benchmarks/fasttext_command.py FILE OUTPUT.bin '{"dim": 100, ...}'

In a process of its own: the model stays in memory until that ends.
"""

import json
import sys
import time
from pathlib import Path

import fasttext


def main() -> None:
    file, output, values = sys.argv[1:]
    began = time.perf_counter()
    model = fasttext.train_unsupervised(file, model="skipgram", **json.loads(values))
    seconds = time.perf_counter() - began
    model.save_model(output)
    size = Path(output).stat().st_size
    print(json.dumps({"seconds": seconds, "vocab_size": len(model.words), "bytes": size}))


if __name__ == "__main__":
    main()
