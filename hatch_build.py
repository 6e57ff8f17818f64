# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Compiles the kernels when a wheel is built, or the checkout installed.

``python hatch_build.py`` compiles them in place. Where no C compiler is found the wheel is pure
Python, and the optimizers work without the fused path on the CPU. MOMO_NATIVE=1 demands the
kernels, MOMO_NATIVE=0 leaves them out.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "momo" / "optim" / "fused"
LIBRARY = FOLDER / "_kernels.so"
# No -ffast-math: a library linked with it sets flush-to-zero for the whole process.
FLAGS = (
    "-O2 -ftree-vectorize -std=gnu11 -fPIC -shared -fopenmp-simd -fno-math-errno"
    " -fno-trapping-math -g0 -s"
)


def compile_kernels() -> str:
    """Compile the library; return what went wrong, or ""."""
    chosen = os.environ.get("CC")
    named = (chosen,) if chosen else ("cc", "gcc", "clang")
    compiler = next((c for c in named if shutil.which(shlex.split(c)[0])), None)
    if compiler is None:
        return f"no C compiler was found: {', '.join(named)}"
    source = hashlib.sha256((FOLDER / "kernels.c").read_bytes()).hexdigest()
    made = LIBRARY.with_suffix(f".{os.getpid()}.tmp")
    command = [*shlex.split(compiler), *FLAGS.split(), *shlex.split(os.environ.get("CFLAGS", ""))]
    try:
        subprocess.run(
            [*command, f'-DMOMO_SOURCE="{source}"', "kernels.c", "-o", str(made), "-lm"],
            cwd=FOLDER,
            check=True,
            capture_output=True,
            text=True,
        )
        os.replace(made, LIBRARY)  # whole, or not at all
    except OSError as error:
        return str(error)
    except subprocess.CalledProcessError as error:
        return f"{error}\n{error.stderr}"
    finally:
        made.unlink(missing_ok=True)
    return ""


def platform_tag() -> str:
    """Return the tag of a wheel with the kernels: for any Python 3, of this platform."""
    platform = os.environ.get("MOMO_PLATFORM") or sysconfig.get_platform()
    return "py3-none-" + platform.replace("-", "_").replace(".", "_")


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run as a script, without the builder
    pass
else:

    class KernelsHook(BuildHookInterface):  # type: ignore[type-arg]
        """Compiles the kernels into the wheel."""

        PLUGIN_NAME = "custom"

        def initialize(self, version: str, build_data: dict[str, object]) -> None:
            """Compile, or leave a pure wheel with a warning."""
            wanted = os.environ.get("MOMO_NATIVE", "")
            if wanted not in ("", "0", "1"):
                raise ValueError(f"MOMO_NATIVE = {wanted!r}; allowed: 0, 1, or nothing")
            if wanted == "0":
                if version == "editable":  # the checkout is what is installed
                    LIBRARY.unlink(missing_ok=True)
                return
            failed = compile_kernels()
            if failed:
                if wanted == "1":
                    raise RuntimeError(f"the kernels were not compiled: {failed}")
                self.app.display_warning(f"the kernels were not compiled: {failed}")
                return
            artifacts = build_data["artifacts"]
            assert isinstance(artifacts, list)
            artifacts.append("momo/optim/fused/_kernels.so")
            build_data["pure_python"] = False
            build_data["tag"] = platform_tag()


if __name__ == "__main__":
    problem = compile_kernels()
    print(problem or f"compiled: {LIBRARY}", file=sys.stderr if problem else sys.stdout)
    sys.exit(bool(problem))
