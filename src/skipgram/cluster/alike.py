"""Whether workers compute the same bits: what their sums depend on."""

import platform
from collections.abc import Mapping

from skipgram._version import __version__
from skipgram.errors import ClusterError

_ALLOWED = (
    "use workers that are alike, or allow it (--cluster-unlike): the vectors are as good, but "
    "another run may give others"
)


def kind_of_machine() -> dict[str, str]:
    """What the last digits of a process's sums depend on, by name."""
    import llvmlite.binding as llvm
    import numba
    import numpy as np
    from threadpoolctl import threadpool_info

    _ = np.ones((2, 2)) @ np.ones((2, 2))  # loads BLAS
    found = [library for library in threadpool_info() if library.get("user_api") == "blas"]
    # SciPy may have brought another one, which computes none of these sums.
    own = [library for library in found if "numpy" in library.get("filepath", "")] or found
    libraries = sorted(
        f"{library.get('internal_api')} {library.get('version')} {library.get('architecture', '')}"
        for library in own
    )
    return {
        "skipgram": __version__,
        "Python": platform.python_version(),
        "NumPy": np.__version__,
        "numba": numba.__version__,
        "BLAS": ", ".join(libraries),
        "processor": f"{platform.machine()} {llvm.get_host_cpu_name()}",
    }


def require_alike(kinds: Mapping[str, Mapping[str, str]], *, unlike: bool) -> None:
    """Refuse workers that differ in what bits depend on, unless that is allowed.

    kinds: by the name of each process. Another version of skipgram is always refused.
    """
    (first, expected), *others = kinds.items()
    for name, found in others:
        for what, value in expected.items():
            if found.get(what) == value or (unlike and what != "skipgram"):
                continue
            cure = "install the same version" if what == "skipgram" else _ALLOWED
            raise ClusterError(
                f"{first} and {name} differ in {what}: {value!r} and {found.get(what)!r}; {cure}"
            )
