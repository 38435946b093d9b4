"""Whatever is killed or meets another at any step leaves the old result or the new one, whole.

    python benchmarks/killed_writers.py [--kills 300] [--rounds 100] [--seed 1]
        [--by SIGKILL] [--two-steps]

Each command that writes runs in a process of its own, which sends itself
SIGKILL, or SIGTERM, SIGINT or SIGHUP, just before or just after its nth rename,
sync, removal, link, making of a folder or piece written: where nothing was
before, and where an older result was (--overwrite). What is there then is read:
it must be the old result or the new one. The command is run again, after which
the new one must be there, and nothing else; after the signals that a process
hears nothing else may be there even before. Then two to four processes write to
one place at the same time. With --two-steps the system exchanges and refuses
nothing in one step.

Processes are forked from one that has loaded everything, so that none waits for it.
"""

import argparse
import hashlib
import io
import itertools
import json
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from writers import COMMANDS, Command, make_inputs

import skipgram
from skipgram import cli
from skipgram.system import files, machine, temporary

WRITERS = 4
_RANDOM_NAMES = re.compile(r"neighbors-[0-9a-f]{8}\.faiss")
_KEPT = ".checkpoint"
_BESIDE = re.compile(r"this run's result is kept in (\S+)")
_WRONG = ("neither", "left at once", "again failed", "again other", "left", "not killed", "wrong")
_REFUSALS = ("already exists", "another process", "another training", "in the meantime")


# Processes


def in_child(work: Callable[[], Any], folder: Path, told: Path) -> int:
    """The id of a process that does something in a folder; what it tells goes into a file."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        os.chdir(folder)
        descriptor = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(descriptor, 1)
        os.dup2(descriptor, 2)
        work()
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        temporary._settle_all()  # of what is done at the end of a process, what is of interest
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def ended(child: int) -> int:
    """The exit code, or the signal's number below zero."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def run(arguments: Sequence[str]) -> None:
    """The command line, in this process."""
    sys.argv = ["skipgram", *arguments]
    cli.main()


def killed_at(moment: int, by: signal.Signals, count_to: Path | None = None) -> None:
    """Let this process get a signal just before its nth step (2n) or just after it (2n + 1)."""
    moments = itertools.count()

    def watched(step: Callable[..., Any]) -> Callable[..., Any]:
        def do(*given: Any, **named: Any) -> Any:
            before = next(moments)
            if before == moment:
                os.kill(os.getpid(), by)
            done = step(*given, **named)
            if next(moments) == moment:
                os.kill(os.getpid(), by)
            if count_to is not None:
                count_to.write_text(str(before + 2))
            return done

        return do

    for name in ("rename", "replace", "unlink", "remove", "fsync", "mkdir", "rmdir", "link"):
        setattr(os, name, watched(getattr(os, name)))
    if machine.renameat2 is not None:
        machine.renameat2 = watched(machine.renameat2)
    files.WrittenFile.write = watched(files.WrittenFile.write)  # type: ignore[method-assign]


# What is there


def found(command: Command, folder: Path) -> list[str]:
    """What a reader finds of each result: a checksum, nothing, or an error."""
    told = folder.with_name(f"{folder.name}.found")

    def tell() -> None:
        os.dup2(2, 1)
        print(json.dumps([_found(read, Path(name)) for name, read in command.read.items()]))

    if ended(in_child(tell, folder, told)):
        raise RuntimeError(f"{command.name}: a reader failed: {told.read_text()}")
    return list(json.loads(told.read_text().splitlines()[-1]))


def _found(read: Callable[[Path], bytes], path: Path) -> str:
    try:
        return hashlib.sha256(read(path)).hexdigest()
    except skipgram.FormatError as error:
        # A reader may finish what a killed process has left to do, so only now.
        return f"error: {error}" if os.path.lexists(path) else "nothing"


def names_in(folder: Path) -> set[str]:
    """All names below a folder, with those that are random made alike."""
    names = (str(path.relative_to(folder)) for path in folder.rglob("*"))
    return {_RANDOM_NAMES.sub("neighbors-*", name) for name in names}


@dataclass
class Case:
    """A command where nothing was before, or where an older result was."""

    command: Command
    replaces: bool
    inputs: Path
    moments: int = 0
    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    whole: set[str] = field(default_factory=set)
    """the names that are there when nothing went wrong"""
    counts: Counter[str] = field(default_factory=Counter)

    def fresh(self) -> Path:
        """A folder as it is before the command."""
        folder = self.inputs / f"{self.command.name} {self.replaces}".replace(" ", "_")
        shutil.rmtree(folder, ignore_errors=True)
        prepared = folder.with_name(f"{folder.name}.before")
        if prepared.exists():
            shutil.copytree(prepared, folder)
            return folder
        folder.mkdir()
        if self.command.is_always_there:
            shutil.copytree(self.inputs / "indexed", folder / "out")
        if self.replaces:
            self.run(0, folder, overwrite=False)
        shutil.copytree(folder, prepared)
        return folder

    def run(self, variant: int, folder: Path, *, overwrite: bool) -> None:
        """To its end.

        Raises
        ------
        RuntimeError
            If it fails.

        """
        code, said = self.outcome(variant, folder, overwrite=overwrite)
        if code:
            raise RuntimeError(f"{self.command.name} ended with {code}: {said}")

    def outcome(self, variant: int, folder: Path, *, overwrite: bool) -> tuple[int, str]:
        """The exit code, and what was told."""
        arguments, told = self.command.arguments(variant, overwrite=overwrite), told_in(folder)
        code = ended(in_child(lambda: run(arguments), folder, told))
        return code, told.read_text()

    def prepare(self) -> None:
        """Find out what is there before and after, and in how many moments the command can end."""
        folder = self.fresh()
        self.old = found(self.command, folder)
        arguments = self.command.arguments(1, overwrite=self.replaces)
        counted = folder.with_name(f"{folder.name}.moments")

        def counting() -> None:
            killed_at(-1, signal.SIGKILL, counted)
            run(arguments)

        if ended(in_child(counting, folder, told_in(folder))):
            raise RuntimeError(f"{self.command.name}: {told_in(folder).read_text()}")
        self.moments = int(counted.read_text())
        self.new, self.whole = found(self.command, folder), names_in(folder)
        if any(
            new == old or new.startswith("error")
            for new, old in zip(self.new, self.old, strict=True)
        ):
            raise RuntimeError(f"{self.command.name}: {self.old} before, {self.new} after")

    def kill(self, moment: int, by: signal.Signals) -> None:
        """Kill the command at a moment, see what is there, run it again, and see again."""
        folder = self.fresh()
        before = names_in(folder)
        arguments = self.command.arguments(1, overwrite=self.replaces)

        def killed() -> None:
            killed_at(moment, by)
            run(arguments)

        code = ended(in_child(killed, folder, told_in(folder)))
        self.counts["kills"] += 1
        if by == signal.SIGKILL:
            self.counts["not killed"] += code != -by
        else:
            left = {name for name in names_in(folder) - before - self.whole if _KEPT not in name}
            self.count_left("left at once", moment, left)
            if "checkpoint" in told_in(folder).read_text():  # what a training is meant to leave
                shutil.rmtree(folder / f"{self.command.output}{_KEPT}", ignore_errors=True)
        now = found(self.command, folder)
        for one, old, new in zip(now, self.old, self.new, strict=True):
            kind = "old" if one == old else "new" if one == new else "neither"
            self.counts[kind] += 1
            if kind == "neither":
                print(f"{self.command.name}, moment {moment}: {one}", file=sys.stderr)
        code, said = self.outcome(1, folder, overwrite=self.replaces)
        is_refused = any(refusal in said for refusal in _REFUSALS)
        if code and is_refused and not self.replaces and self.new[0] == now[0]:
            # Of several results one is there already: a person would allow it to be replaced.
            code, said = self.outcome(1, folder, overwrite=now != self.new)
            code = 0 if now == self.new else code
        if code:
            self.counts["again failed"] += 1
            print(f"{self.command.name}, moment {moment}, again: {said}", file=sys.stderr)
        if found(self.command, folder) != self.new:
            self.counts["again other"] += 1
        self.count_left("left", moment, names_in(folder) ^ self.whole)

    def count_left(self, column: str, moment: int, left: set[str]) -> None:
        self.counts[column] += len(left)
        if left:
            print(
                f"{self.command.name}, moment {moment}, {column}: {sorted(left)}", file=sys.stderr
            )


def told_in(folder: Path) -> Path:
    """Where what a command tells is put down: outside of where it writes."""
    return folder.with_name(f"{folder.name}.told")


# Several at once


def race(case: Case, writers: int, expected: list[list[str]]) -> Counter[str]:
    """Let processes write to one place at once; how it went, and what was wrong with it."""
    folder, counts = case.fresh(), Counter[str](rounds=1)
    start, go = os.pipe()
    children = []
    for variant in range(writers):
        arguments = case.command.arguments(variant, overwrite=case.replaces)

        def waiting(arguments: Sequence[str] = arguments) -> None:
            os.close(go)
            os.read(start, 1)  # ends when nobody holds `go` any more
            run(arguments)

        told = folder.with_name(f"{folder.name}.told{variant}")
        children.append((in_child(waiting, folder, told), told))
    os.close(go)
    os.close(start)
    outcomes = [(ended(child), told.read_text()) for child, told in children]
    won = [variant for variant, (code, _) in enumerate(outcomes) if code == 0]
    counts["won"], counts["said so"] = len(won), writers - len(won)
    for code, said in outcomes:
        if code and (code < 0 or not any(refusal in said for refusal in _REFUSALS)):
            counts["wrong"] += 1
            print(f"{case.command.name}: {code}: {said}", file=sys.stderr)
    now = found(case.command, folder)
    is_exclusive = not (case.replaces or case.command.is_always_there)
    if now not in [expected[variant] for variant in won] or (is_exclusive and len(won) != 1):
        counts["wrong"] += 1
        print(f"{case.command.name}: {won} won, {now} is there", file=sys.stderr)
    beside = [found for _, said in outcomes for found in _BESIDE.findall(said)]
    for name in beside:  # as was told
        shutil.rmtree(folder / name) if (folder / name).is_dir() else (folder / name).unlink()
    if left := names_in(folder) ^ case.whole:
        counts["wrong"] += 1
        print(f"{case.command.name}: left {sorted(left)}", file=sys.stderr)
    return counts


def expected_of(case: Case) -> list[list[str]]:
    """What is there after each variant alone."""
    results = []
    for variant in range(WRITERS):
        folder = case.fresh()
        case.run(variant, folder, overwrite=case.replaces)
        results.append(found(case.command, folder))
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--by", choices=("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"))
    parser.add_argument("--two-steps", action="store_true")
    options = parser.parse_args()
    by = signal.Signals[options.by or "SIGKILL"]
    if options.two_steps:
        machine.renameat2 = None
    chance = random.Random(options.seed)

    with tempfile.TemporaryDirectory() as place:
        inputs = Path(place)
        make_inputs(inputs)
        load_everything(inputs)
        cases = [
            Case(command, replaces, inputs) for command in COMMANDS for replaces in (False, True)
        ]
        for case in cases:
            case.prepare()
        for case, moment in moments_of(cases, options.kills, chance):
            case.kill(moment, by)
        columns = ("kills", "old", "new", *_WRONG[:-1])
        table = [(case, case.counts) for case in cases if case.counts]
        is_wrong = show(table, columns, "moments") or not table
        if options.rounds:
            table = []
            in_turn = chance.sample(cases, len(cases))
            rounds = [in_turn[at % len(cases)] for at in range(options.rounds)]
            for case in cases:
                if number := rounds.count(case):
                    expected, counts = expected_of(case), Counter[str]()
                    for _ in range(number):
                        counts += race(case, chance.randint(2, WRITERS), expected)
                    table.append((case, counts))
            is_wrong |= show(table, ("rounds", "won", "said so", "wrong"), "")
    raise SystemExit(is_wrong)


def moments_of(cases: Sequence[Case], kills: int, chance: random.Random) -> list[tuple[Case, int]]:
    """So many moments to kill in: of all cases as many, each at most once."""
    in_turn = [chance.sample(range(case.moments), case.moments) for case in cases]
    points = [
        (case, moments[number])
        for number in range(max(map(len, in_turn)))
        for case, moments in chance.sample(list(zip(cases, in_turn, strict=True)), len(cases))
        if number < len(moments)
    ]
    return points[:kills]


def load_everything(inputs: Path) -> None:
    """Compile and load what the commands need, once; but faiss, which does not outlive a fork."""
    before = Path.cwd()
    for number, command in enumerate(COMMANDS):
        if not command.is_always_there:
            (inputs / f"first{number}").mkdir()
            os.chdir(inputs / f"first{number}")
            with suppress(SystemExit), redirect_stdout(io.StringIO()), redirect_stderr(sys.stdout):
                cli.app(command.arguments(0, overwrite=False), standalone_mode=False)
    os.chdir(before)


def show(table: Sequence[tuple[Case, Counter[str]]], columns: Sequence[str], last: str) -> bool:
    """Print a table; whether it tells of anything that should not be."""
    print(f"\n{'command':<32}{'before':<10}" + "".join(f"{name:>14}" for name in columns))
    total = Counter[str]()
    for case, counts in table:
        before = "older" if case.replaces else "nothing"
        numbers = "".join(f"{counts[name]:>14}" for name in columns)
        of = f"   of {case.moments} {last}" if last else ""
        print(f"{case.command.name:<32}{before:<10}{numbers}{of}")
        total += counts
    print(f"{'all':<42}" + "".join(f"{total[name]:>14}" for name in columns), flush=True)
    return any(total[name] for name in _WRONG)


if __name__ == "__main__":
    main()
