"""A training on disk, from which it can be resumed.

    state.json                     format, versions, settings, corpus, progress, parameters' file
    parameters-N.safetensors       V, U: (words, padded_dim) float32; also best_V, best_U if a
                                   training waits for the best epoch, and kept_V, kept_U of
                                   sweeps, to return to if a sweep is undone; with spelling,
                                   table: (n-grams, padded_dim)

state.json is replaced atomically, and names its parameters with their checksum: wherever a
process is killed, the last complete checkpoint stays. A training locks the folder while it
runs, since two would replace each other's checkpoints.
"""

import json
import os
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # checked below

import numpy as np
from numpy.typing import NDArray

from skipgram._version import __version__
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.errors import FormatError, OutputExistsError, SettingsError, SkipgramError
from skipgram.settings import Settings
from skipgram.settings.renamed import current_names
from skipgram.system.files import remove_leftovers, whole_file
from skipgram.system.paths import nearest_folder, require_free
from skipgram.system.tensor_file import Expected, map_tensors, write_tensors
from skipgram.training.parameters import Parameters, aligned_zeros, padded
from skipgram.training.passes import PassState
from skipgram.untrusted.opening import library_errors, open_regular, read_json, reason
from skipgram.untrusted.soundness import require_finite

FORMAT, FORMAT_VERSION = "skipgram checkpoint", 3
STATE = "state.json"
_PARAMETERS = "parameters-{}.safetensors"
_OURS = re.compile(r"state\.json|parameters-([1-9][0-9]*)\.safetensors")
_UNFINISHED = re.compile(rf"\.({_OURS.pattern})\.[0-9a-f]{{8}}\.[a-z0-9_]{{8}}")
"""The temporary names that system/files.py gives these while they are written."""
_ANEW = "start anew with [--overwrite] instead of [--resume]"
_CHECKED_AT_ONCE = 1 << 22
_CHECKSUM = "parameters_crc32"
_FREE_TO_CHANGE = ("run",)
"""Sections of settings that change no result."""


@dataclass(frozen=True)
class Identity:
    """What a checkpoint belongs to: only the same settings and corpus can resume it."""

    settings: dict[str, Any]
    tokens: int
    vocab_size: int
    checksum: int
    """CRC-32 of ids, line ends, words and counts"""

    @classmethod
    def of(cls, corpus: EncodedCorpus, settings: Settings) -> "Identity":
        """Read all ids once."""
        checksum = 0
        for array in (corpus.ids, corpus.line_ends, corpus.vocabulary.counts):
            for start in range(0, len(array), _CHECKED_AT_ONCE):
                part = np.ascontiguousarray(array[start : start + _CHECKED_AT_ONCE])
                checksum = zlib.crc32(part.data, checksum)
        for word in corpus.vocabulary:
            checksum = zlib.crc32(word.encode(errors="surrogatepass") + b"\n", checksum)
        kept = {
            section: values
            for section, values in settings.to_dict().items()
            if section not in _FREE_TO_CHANGE
        }
        return cls(kept, len(corpus), len(corpus.vocabulary), checksum)


_State = TypeVar("_State", bound=PassState)

_MOST_TRIES = 100
"""To lock a folder that other trainings remove at the same time."""


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Lock a folder against other trainings, until the process ends at the latest.

    The folder is made, and removed at the end if it is empty. Without file locks
    (Windows, some network drives) this does nothing.
    """
    if fcntl is None:
        yield
        return
    folder = folder.absolute()
    was_there = nearest_folder(folder)
    descriptor = _locked(folder)
    try:
        yield
    finally:
        with suppress(OSError):  # another training may have made a new one since `remove`
            if os.path.samestat(os.fstat(descriptor), folder.lstat()):
                for place in (folder, *folder.parents):
                    if place == was_there:
                        break
                    place.rmdir()
        os.close(descriptor)


def _locked(folder: Path) -> int:
    """A descriptor of the folder, made if necessary, with a lock on it."""
    reason = "it was removed again and again"
    for _ in range(_MOST_TRIES):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(folder, os.O_RDONLY)
        except (FileNotFoundError, FileExistsError) as error:
            # Another training has ended and removed it, or nothing can be made there, as in /proc.
            reason = str(error.strerror)
            continue
        except OSError as error:
            raise SkipgramError(f"{folder} cannot be written: {error.strerror or error}") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(descriptor), folder.lstat()):
                return descriptor
        except BlockingIOError:
            os.close(descriptor)
            raise OutputExistsError(
                f"another running training keeps its checkpoints in {folder}; wait until it ends, "
                "or choose another name for the vectors"
            ) from None
        except FileNotFoundError:
            pass
        except OSError:  # no locks here
            return descriptor
        os.close(descriptor)
    raise SkipgramError(f"{folder} cannot be written: {reason}")


def save(folder: Path, identity: Identity, state: PassState, parameters: Parameters) -> None:
    """Replace the checkpoint of a folder, or leave it as it is."""
    if not parameters.is_finite():
        raise SkipgramError(
            f"the vectors are not finite, so {folder} keeps its last checkpoint; "
            "lower learning_rate (--learning-rate)"
        )
    is_first = not (folder / STATE).is_file()
    if not is_first:
        with suppress(FormatError, KeyError):  # what a full disk left takes up space
            _remove_all_but(folder, _read(folder)["parameters"])
    name = _PARAMETERS.format(1 if is_first else _highest_number(folder) + 1)
    tensors: dict[str, NDArray[Any]] = {"V": parameters.V, "U": parameters.U, **state.matrices()}
    about: dict[str, Any] = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "skipgram_version": __version__,
        **asdict(identity),
        "parameters": name,
        "state": state.record(),
    }
    with whole_file(folder / name, overwrite=True) as file:
        write_tensors(file, tensors, dict.fromkeys(tensors, np.float32))
    about[_CHECKSUM] = _checksum(folder / name)
    with whole_file(folder / STATE, overwrite=True) as file:
        file.write(json.dumps(about, indent=2).encode() + b"\n")
    _remove_all_but(folder, name)


def load(
    folder: Path,
    identity: Identity,
    embedding_dim: int,
    state_type: type[_State],
    *,
    words: Callable[[Mapping[str, Any]], int] | None = None,
    more: Callable[[Mapping[str, Any]], Mapping[str, int]] = lambda record: {},
) -> tuple[_State, Parameters]:
    """The checkpoint of a folder, if it belongs to these settings and this corpus.

    words: rows of the matrices by a state's record, if not one for each word of the vocabulary.
    more: matrices with other numbers of rows.
    """
    about = _read(folder)
    try:
        _require_same(folder, about, identity)
        file = folder / _PARAMETERS.format(_number(about["parameters"]))
        names = ("V", "U", *state_type.matrix_names(about["state"]))
        each = identity.vocab_size if words is None else words(about["state"])
        rows = {**dict.fromkeys(names, each), **more(about["state"])}
        matrices = _read_matrices(file, rows, padded(embedding_dim))
        _require_own(file, about)
        state = state_type.of_record(about["state"], matrices, identity.tokens)
    except SettingsError:
        raise
    except FormatError as error:
        raise FormatError(f"{error}; {_ANEW}") from error
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise FormatError(f"{folder / STATE} is damaged ({reason(error)}); {_ANEW}") from error
    return state, Parameters(matrices["V"], matrices["U"], embedding_dim)


def exists(folder: Path) -> bool:
    """Whether there is a checkpoint to resume.

    The first parameters alone are none: a process was killed before it wrote the state.
    """
    return (folder / STATE).is_file() or _highest_number(folder) > 1


def clear(folder: Path) -> None:
    """Remove a checkpoint and what killed processes left of one, but nothing else."""
    if folder.is_dir():
        (folder / STATE).unlink(missing_ok=True)  # first: without it the rest is no checkpoint
        _remove_all_but(folder, STATE)


def remove(folder: Path) -> None:
    """Remove a checkpoint, and its folder if nothing else is in it."""
    clear(folder)
    with suppress(OSError):
        folder.rmdir()


def require_place(folder: Path) -> None:
    """Refuse a folder that holds anything but a checkpoint."""
    try:
        names = [file.name for file in folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError):  # another training may just have removed it
        require_free(folder, overwrite=False)
        return
    strays = sorted(
        name for name in names if not (_OURS.fullmatch(name) or _UNFINISHED.fullmatch(name))
    )
    if strays:
        raise OutputExistsError(
            f"{folder} holds {strays[0]}, which is not part of a checkpoint; move it away, or "
            "choose another name for the vectors"
        )


def _remove_all_but(folder: Path, name: str) -> None:
    """Remove other parameters, and what killed processes left unfinished."""
    for file in list(folder.iterdir()):
        if unfinished := _UNFINISHED.fullmatch(file.name):
            remove_leftovers(folder / unfinished[1])
        elif file.name not in (STATE, name) and _OURS.fullmatch(file.name):
            file.unlink(missing_ok=True)


def _number(name: str) -> int:
    """The number of a parameters file, from 1."""
    found = _OURS.fullmatch(name)
    if found is None or found[1] is None:
        raise ValueError(f"{name!r} is not the name of a parameters file")
    return int(found[1])


def _highest_number(folder: Path) -> int:
    """The highest number of the parameters files in a folder, or 0."""
    files = folder.iterdir() if folder.is_dir() else ()
    found = (_OURS.fullmatch(file.name) for file in files)
    return max((int(match[1]) for match in found if match and match[1]), default=0)


def _require_own(file: Path, about: Mapping[str, Any]) -> None:
    """Refuse parameters other than those that the state was written with."""
    written = about.get(_CHECKSUM)  # none in a checkpoint of an earlier release
    if written is not None and written != _checksum(file):
        raise FormatError(f"{file} is damaged, or does not belong to its {STATE}")


def _checksum(file: Path) -> int:
    """CRC-32 of a file, which is read in pieces."""
    checksum = 0
    with open_regular(file) as opened, library_errors(file):
        while piece := opened.read(_CHECKED_AT_ONCE):
            checksum = zlib.crc32(piece, checksum)
    return checksum


def _read(folder: Path) -> dict[str, Any]:
    file = folder / STATE
    try:
        about = read_json(file, "the state of a training")
    except FormatError as error:
        raise FormatError(f"{error}; {_ANEW}") from error
    if about.get("format") != FORMAT:
        raise FormatError(f"{file} does not say that this is a {FORMAT}; {_ANEW}")
    if about.get("format_version") != FORMAT_VERSION:
        raise FormatError(
            f"{file}: format version {about.get('format_version')!r:.60}, written by skipgram "
            f"{about.get('skipgram_version')!s:.60}; this skipgram reads version {FORMAT_VERSION}: "
            f"resume with that one, or {_ANEW}"
        )
    return about


def _require_same(folder: Path, about: Mapping[str, Any], identity: Identity) -> None:
    found = {part: current_names(of) for part, of in about.get("settings", {}).items()}
    differing = [
        f"{name} was {found.get(section, {}).get(name)!r} and is {value!r}"
        for section, values in identity.settings.items()
        for name, value in values.items()
        if found.get(section, {}).get(name) != value
    ]
    if differing:
        raise SettingsError(
            f"{folder} is a checkpoint of other settings: {'; '.join(differing)}; resume with "
            f"the same ones, or {_ANEW}"
        )
    for name in ("tokens", "vocab_size", "checksum"):
        if about[name] != getattr(identity, name):
            raise SettingsError(
                f"{folder} is a checkpoint of another corpus: {name} was {about[name]:,} and "
                f"is {getattr(identity, name):,}; resume with the same one, or {_ANEW}"
            )


def _read_matrices(
    file: Path, rows: Mapping[str, int], columns: int
) -> dict[str, NDArray[np.float32]]:
    """The matrices, copied to start on cache lines; refuse numbers that are not finite."""
    matrices = {}
    for name, stored in map_tensors(file, dict.fromkeys(rows, Expected(np.float32, 2))).items():
        shape = rows[name], columns
        if stored.shape != shape:
            raise FormatError(f"{file}: {name} has shape {stored.shape}, where {shape} is expected")
        require_finite(stored, f"{file}: {name}")
        matrices[name] = aligned_zeros(*shape, np.float32)
        matrices[name][:] = stored
    return matrices
