"""What holds for every test: fixed draws, and limits on time and memory.

The default suite draws the same examples each time, so that everyone sees what CI saw. With
SKIPGRAM_EXAMPLES=2000 in the environment, each law is tried on 2,000 new ones instead.
"""

import gc
import os
import signal
import sys

import hypothesis
import pytest

MEMORY_BYTES = 6 << 30
"""Of a process of the suite; a test that grows without end fails instead of taking everything."""
SLOW_SECONDS = 900
EXAMPLES = int(os.environ.get("SKIPGRAM_EXAMPLES", "0"))
SECONDS_PER_EXAMPLE = 0.5

hypothesis.settings.register_profile("fixed", derandomize=True, database=None, deadline=None)
hypothesis.settings.register_profile("wide", print_blob=True, deadline=None)
hypothesis.settings.load_profile("wide" if EXAMPLES else "fixed")


def pytest_configure(config: pytest.Config) -> None:
    # Tests run in random order, but one that draws has a seed of its own.
    config.option.randomly_reset_seed = False
    # A suite in the background of a shell, or under nohup, ignores these, and so would the
    # processes that it tests: what a handler takes here is as usual for them.
    for name in ("SIGINT", "SIGHUP"):
        number = getattr(signal, name, None)  # no SIGHUP on Windows
        if number is not None and signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, lambda number, frame: None)
    if sys.platform == "linux":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, most))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("slow") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(SLOW_SECONDS))
        test = getattr(item, "obj", None)
        if EXAMPLES and hypothesis.is_hypothesis_test(test):
            _widen(test)
            item.add_marker(pytest.mark.timeout(EXAMPLES * SECONDS_PER_EXAMPLE), append=False)


def pytest_collection_finish() -> None:
    # Ten thousand tests and the libraries they import stay to the end: each search for garbage
    # that looks through all of them takes half a second.
    gc.freeze()


def _widen(law: object) -> None:
    """Let a law be tried on more examples than it asks for: no profile can override its own."""
    law = getattr(law, "__func__", law)
    own = law._hypothesis_internal_use_settings  # type: ignore[attr-defined]
    law._hypothesis_internal_use_settings = hypothesis.settings(own, max_examples=EXAMPLES)  # type: ignore[attr-defined]
