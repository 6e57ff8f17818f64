# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The compiled kernels of the CPU: where they are, whether they are ours, and their threads.

They are compiled when the package is built or installed from a checkout (``hatch_build.py``), never
when it is imported. Where there is none, or it is another version's, there is no fused path on the
CPU, and `unavailable` says why.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Any

import torch

HERE = Path(__file__).resolve().parent
FILE = HERE / "_kernels.so"
"""The library; the name is the same on every system."""
SOURCE = HERE / "kernels.c"
"""What it is made of."""
ISAS = ("baseline", "AVX2", "AVX-512")
"""The instruction sets, as the kernels number them."""


@cache
def opened() -> tuple[Any, str]:
    """Return the library, or None, and the instruction set in use, or why there is no library."""
    if not FILE.exists():
        return None, "the kernels have not been compiled (a C compiler is needed at installation)"
    try:
        library = ctypes.CDLL(str(FILE))
    except OSError as error:
        return None, f"the kernels cannot be loaded: {error}"
    if not hasattr(library, "momo_source"):
        return None, "the kernels are those of another version (install the package again)"
    library.momo_source.restype = ctypes.c_char_p
    if library.momo_source().decode() != digest():
        return None, "the kernels are not those of kernels.c (run hatch_build.py, or install again)"
    library.momo_pass.argtypes, library.momo_pass.restype = [ctypes.c_void_p], None
    library.momo_threads.argtypes, library.momo_threads.restype = [ctypes.c_void_p] * 4, None
    library.momo_isa.argtypes = [ctypes.c_int]
    _use_threads(library)
    # A pool of threads does not survive a fork: no threads there.
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=lambda: library.momo_threads(None, None, None, None))
    return library, ISAS[library.momo_isa(-1)]


def digest() -> str:
    """Return the digest of the source that a library is to be made of."""
    return hashlib.sha256(SOURCE.read_bytes()).hexdigest()


def kernels() -> Any:
    """Return the library; None: there is none."""
    return opened()[0]


def unavailable() -> str:
    """Return why there is no library; "" where there is one."""
    library, said = opened()
    return "" if library is not None else said


def instruction_set() -> str:
    """Return the instruction set that the kernels use."""
    library, said = opened()
    return said if library is not None else "none"


def _use_threads(library: Any) -> None:
    """Hand torch's own threads in: its pool, so that there is no second one."""
    folder = Path(torch.__file__).parent / "lib"
    names = ("libtorch_cpu.so", "libtorch_cpu.dylib", "torch_cpu.dll")
    found = next((folder / name for name in names if (folder / name).exists()), None)
    if found is None:
        return
    try:
        own = ctypes.CDLL(str(found))  # it is loaded already: this asks for it by its name
    except OSError:
        return
    library.momo_threads(
        *(
            _address(own, name)
            for name in (
                "torch_parallel_for",
                "GOMP_parallel",
                "omp_get_thread_num",
                "omp_get_num_threads",
            )
        )
    )


def _address(library: Any, name: str) -> Any:
    try:
        return ctypes.cast(getattr(library, name), ctypes.c_void_p)
    except AttributeError:
        return None
