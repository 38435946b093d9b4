"""From sources to an encoded corpus: text is read once, however often it is trained on.

    sources -> blocks -> numbered blocks -> a table of types, a spool of numbers
            -> joined phrases, if asked for -> vocabulary -> ids

Blocks are tokenized by several threads at once; all that depends on their
order is done in their order. So the result is the same for any number of
threads, for any compression, and for a text in one file or in many. (But what a
bounded table of types forgets depends on where blocks end, and so on files.)
"""

from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from skipgram.corpus import encoded
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.corpus.encoding.reading import (
    ReadElsewhere,
    TextPart,
    TextReader,
    digest_aside,
    require_readable_elsewhere,
)
from skipgram.corpus.encoding.spool import MEMORY_BYTES, Chunk, Lookup, Spool
from skipgram.corpus.encoding.stream import TokenStream
from skipgram.corpus.encoding.tally import TextDigest
from skipgram.corpus.phrases.phraser import PhrasePass, Phraser
from skipgram.corpus.sources.finding import Sources
from skipgram.corpus.sources.texts import Texts
from skipgram.corpus.summary import CorpusSummary, ReadingProgress
from skipgram.corpus.tokens.tokenizing import Tokenizer
from skipgram.corpus.tokens.type_table import TypeBytes, TypeTable
from skipgram.corpus.vocabulary.forms import forms_among
from skipgram.corpus.vocabulary.pruning import Pruned, PruningRules, prune
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import CorpusError, SettingsError
from skipgram.settings import TextSettings, VocabularySettings
from skipgram.settings.resolving import TextTokenizer
from skipgram.system.threads import OrderedThreads


def encode_sources(
    sources: Sources,
    text: TextSettings | None = None,
    vocabulary: VocabularySettings | None = None,
    *,
    tokenizer: TextTokenizer | None = None,
    threads: int = 1,
    folder: Path | None = None,
    scratch: Path | None = None,
    fingerprint: str = "",
    known: Collection[str] = (),
    phraser: Phraser | None = None,
    memory_bytes: int = MEMORY_BYTES,
    read_elsewhere: ReadElsewhere | None = None,
    observe: Callable[[ReadingProgress], None] = lambda progress: None,
) -> EncodedCorpus:
    """Read sources once, choose the words, and number what is left.

    Parameters
    ----------
    sources, text, vocabulary
        What to read, how it becomes tokens, and which of them get an id.
    tokenizer
        A custom function, instead of `text.tokenizer`.
    threads
        How many tokenize; a custom tokenizer is called from one thread only.
    folder
        An empty folder to write the corpus to. Without it the arrays stay in
        memory, or in files without a name if they are large.
    scratch
        A folder for temporary files between the passes.
    fingerprint
        Kept with the corpus.
    known
        Words of vectors that are trained further: those that are seen are kept, however rare, and
        `max_vocabulary` bounds only the others.
    phraser
        Phrases of another text, to join instead of finding some.
    memory_bytes
        What the numbers of all tokens, or their ids, may take before they lie on the disk.
    read_elsewhere
        Has the sources read by other machines.
    observe
        Called with a `ReadingProgress` for every block.

    """
    text, vocabulary = text or TextSettings(), vocabulary or VocabularySettings()
    if read_elsewhere is not None:
        require_readable_elsewhere(sources.items, vocabulary, tokenizer)
    with (
        OrderedThreads(_threads(tokenizer, threads)) as work,
        Spool(scratch, memory_bytes) as spool,
    ):
        reader = _Reader(sources, text, vocabulary, tokenizer, work, observe, known)
        if read_elsewhere is not None:
            reader.take_over(read_elsewhere, spool)
        else:
            for chunk in reader.chunks():
                spool.append(chunk)
        stream = reader.stream(spool, phraser)
        pruned = _pruned(stream, reader, vocabulary, least_words=1 if known else 2)
        ids_from_1 = Lookup(pruned.ids + 1, reader.table.given_numbers)
        ids, line_ends = stream.numbered(ids_from_1, pruned, work, folder)
    corpus = EncodedCorpus(
        ids,
        line_ends,
        Vocabulary(pruned.words, pruned.counts),
        reader.summary(pruned, stream),
        settings={"text": text.to_dict(), "vocabulary": vocabulary.to_dict()},
        fingerprint=fingerprint,
        phraser=reader.phraser,
    )
    if folder is not None:
        encoded.write_about(corpus, folder)
    return corpus


class Counted(NamedTuple):
    """What was counted in sources that were not encoded."""

    vocabulary: Vocabulary
    summary: CorpusSummary
    phraser: Phraser | None


def count_sources(
    sources: Sources,
    text: TextSettings,
    vocabulary: VocabularySettings,
    *,
    tokenizer: TextTokenizer | None = None,
    threads: int = 1,
    observe: Callable[[ReadingProgress], None] = lambda progress: None,
) -> Counted:
    """The words of sources with their counts, phrases, and what was read; no ids.

    The parameters and errors are those of `encode_sources`.
    """
    with OrderedThreads(_threads(tokenizer, threads)) as work, Spool() as spool:
        reader = _Reader(sources, text, vocabulary, tokenizer, work, observe)
        for chunk in reader.chunks():
            if text.phrases:
                spool.append(chunk)
        stream = reader.stream(spool)
        pruned = _pruned(stream, reader, vocabulary, least_words=1)
    vocabulary_of_all = Vocabulary(pruned.words, pruned.counts)
    return Counted(vocabulary_of_all, reader.summary(pruned, stream), reader.phraser)


def warm_up(text: TextSettings) -> None:
    """Load or compile what reading needs, before another compilation keeps the compiler busy."""
    tokenizer = "words" if text.tokenizer == "words" else "whitespace"
    encode_sources(
        Sources((Texts(["ä b ä b"]),), hidden_files=0),
        TextSettings(tokenizer=tokenizer),
        VocabularySettings(min_count=1),
    )


def _threads(tokenizer: TextTokenizer | None, threads: int) -> int:
    """A custom tokenizer need not be safe to call from several threads."""
    return threads if tokenizer is None else 1


def _pruned(
    stream: TokenStream, reader: "_Reader", vocabulary: VocabularySettings, least_words: int
) -> Pruned:
    seen = _seen(stream, reader.known) if reader.known else ()
    rules = _rules(vocabulary, reader.known, seen)
    try:
        return prune(
            stream.words,
            stream.counts,
            rules,
            as_words=TypeBytes.decoded,
            least_words=least_words,
        )
    except CorpusError as error:
        forgotten, more = reader.table.forgotten_types, ""
        if reader.known:
            more += f"; none is among the {len(reader.known):,} words of the vectors"
        if forgotten:
            more += f"; types were forgotten {forgotten:,} times: raise max_types (--max-types)"
        raise CorpusError(f"{error}{more}") from None


def _rules(
    vocabulary: VocabularySettings, known: Collection[str], seen: Collection[str]
) -> PruningRules:
    """The rules for all words: known ones that were seen stay, in addition to those chosen."""
    keep_words = [word for word in vocabulary.keep_words if word not in known]
    most = vocabulary.max_vocabulary
    if known:
        _require_agreement(vocabulary, known, len(keep_words))
        most = most and most + len(seen)
    return PruningRules(vocabulary.min_count, most, [*keep_words, *seen], vocabulary.drop_words)


def _require_agreement(
    vocabulary: VocabularySettings, known: Collection[str], keep_words: int
) -> None:
    if dropped := [word for word in vocabulary.drop_words if word in known]:
        raise SettingsError(
            f"{dropped[0]!r} is in drop_words, but the vectors that are trained further already "
            "have it and keep it; remove it from the list (--drop-words)"
        )
    if 0 < vocabulary.max_vocabulary < keep_words:
        raise SettingsError(
            f"max_vocabulary {vocabulary.max_vocabulary:,} has no room for the {keep_words:,} "
            "keep_words that would be added: raise it (--max-vocabulary) or keep fewer words "
            "(--keep-words)"
        )
    if 0 < vocabulary.max_types < len(known):
        raise SettingsError(
            f"max_types {vocabulary.max_types:,} has no room for the {len(known):,} words of the "
            "vectors that are trained further: raise it (--max-types), or give 0 for no bound"
        )


def _seen(stream: TokenStream, known: Collection[str]) -> list[str]:
    """The known words that occur; a type whose tokens are all in phrases does not."""
    types = zip(map(bytes.decode, stream.words), stream.counts.tolist(), strict=True)
    return [word for word, count in types if count and word in known]


class _Reader:
    """One pass over the text."""

    def __init__(
        self,
        sources: Sources,
        text: TextSettings,
        vocabulary: VocabularySettings,
        tokenizer: TextTokenizer | None,
        work: OrderedThreads,
        observe: Callable[[ReadingProgress], None],
        known: Collection[str] = (),
    ) -> None:
        if text.phrases and vocabulary.max_types:
            raise SettingsError(
                "phrases are found among all types, so there can be no limit on them; omit either "
                "phrases (--phrases) or max_types (--max-types)"
            )
        _rules(vocabulary, known, known)  # contradictions are found before the text is read
        kept = [*vocabulary.keep_words, *known] if vocabulary.max_types else []
        self.table = TypeTable(
            vocabulary.max_types, [word.encode(errors="surrogatepass") for word in kept]
        )
        self.known = known
        self.phraser: Phraser | None = None
        self._sources = sources
        self._text = text
        self._splits_at_spaces = tokenizer is None and text.tokenizer == "whitespace"
        tokenize = Tokenizer(tokenizer or text.tokenizer, text.undecodable)
        self._digest, self._sha256 = TextDigest(), ""
        self._reader = TextReader(tokenize, self.table, self._digest)
        self._tally = self._reader.tally
        self._work = work
        self._observe = observe

    def chunks(self) -> Iterator[Chunk]:
        """The numbers of all blocks."""
        yield from self._reader.chunks(self._sources.items, self._work, self._observe)
        yield from self._reader.end()
        self._sha256 = self._digest.hexdigest()

    def take_over(self, read: ReadElsewhere, spool: Spool) -> None:
        """Have the text read by others, and append all chunks."""
        sources = self._sources.items
        total, done = sum(source.size_bytes for source in sources), 0
        self._observe(ReadingProgress(0, total))

        def take(part: TextPart) -> None:
            nonlocal done
            for chunk in self._reader.taken_over(part):
                spool.append(chunk)
            done += part.bytes_read
            self._observe(ReadingProgress(done, total, self._tally.tokens))

        with digest_aside(sources) as digest:
            read(sources, self._text, take)
            for chunk in self._reader.end():
                spool.append(chunk)
            self._sha256 = digest()

    def stream(self, spool: Spool, phraser: Phraser | None = None) -> TokenStream:
        """All tokens, once they are read, with phrases joined: those given, or those asked for."""
        if not self._tally.tokens:
            raise CorpusError("the corpus is only whitespace; there is no text to train on")
        stream = TokenStream(spool, self.table.words, self.table.counts, self._observe)
        passes: list[PhrasePass] = []
        known = [None] * self._text.phrases if phraser is None else phraser.passes
        for of_pass in known:
            joined = (
                stream.join_phrases(self._text) if of_pass is None else stream.join_known(of_pass)
            )
            self._tally.add_phrases(joined)
            passes.append(joined.phrases)
        if passes:
            self.phraser = Phraser(tuple(passes), self._text.tokenizer)
        return stream

    def summary(self, pruned: Pruned, stream: TokenStream) -> CorpusSummary:
        """What was read, and what became of it."""
        sources = self._sources
        return self._tally.summary(
            sources=len(sources.items),
            hidden_files=sources.hidden_files,
            sha256=self._sha256,
            types=int(np.count_nonzero(stream.counts)),
            table=self.table,
            pruned=pruned,
            forms=forms_among(pruned.words if self._splits_at_spaces else ()),
        )
