# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Compile the kernels of the GPU path for a GPU, which need not be there, down to its code.

What the interpreter lets pass a compiler may not; and whole blocks are to be read in words of 16
bytes, which a compiler does only where it knows that it may.
"""

from __future__ import annotations

from typing import Any

import torch
import triton
import triton.language as tl
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource

from momo.methods import METHODS
from momo.optim.fused import gpu_kernels as kernels
from momo.optim.fused import gpu_numbers as numbers

F64, F32, BF16, F16 = tl.float64, tl.float32, tl.bfloat16, tl.float16
TYPES = {"table": "*i64", "chunks": "*i32", "slots": "*i32", "start": "i32", "count": "i32"}
TYPES |= {"rows": "i32"}
STRUCTURES = (
    {"METRIC": 2, "WEIGHTED": True},
    {"METRIC": 3, "TWO_RATE": True, "COMPENSATED": True, "WEIGHTED": True, "X": BF16},
    {"METRIC": 4, "ITERATES": 2, "X": F64, "REAL": F64, "WEIGHTED": True},
    {"METRIC": 1, "MODE": 1, "X": F16},
)
PLAIN = {"MODE": 0, "METRIC": 0, "TWO_RATE": False, "ITERATES": 0, "COMPENSATED": False}
PLAIN |= {"WEIGHTED": False, "X": F32, "REAL": F32, "ALIGNED": True}
PLAIN |= {"CHUNK": kernels.CHUNK, "BLOCK": kernels.BLOCK}


def compiled(kernel: Any, constants: dict[str, Any], warps: int = 4) -> str:
    """Return a kernel in the language of the processor, after all of its compilation."""
    own = {name: constants[name] for name in kernel.arg_names if name in constants}
    types = {n: TYPES.get(n, "*fp64") for n in kernel.arg_names}
    types |= dict.fromkeys(own, "constexpr")
    options = {"num_warps": warps, "enable_fp_fusion": warps > 1}
    made = triton.compile(ASTSource(kernel, types, own), GPUTarget("cuda", 80, 32), options)
    assert made.asm["cubin"]
    return made.asm["ptx"]


def main() -> None:
    """Compile all kernels, those of the equation for a few methods."""
    for structure in STRUCTURES:
        constants = {**PLAIN, **structure}
        constants |= {"G": constants["X"], "D": constants["X"]}
        for kernel in (kernels.look, kernels.move):
            text = compiled(kernel, constants, 8 if constants["X"] == F64 else 4)
            assert "ld.global.v4.b32" in text or "ld.global.v2.b64" in text
    compiled(kernels.measure, {**PLAIN, "G": BF16})
    compiled(kernels.add_up, {"FIRST": 0, "BLOCK": kernels.BLOCK})
    for name in ("momo_adam_star", "schedule_free_polyak", "momo_random_scaling"):
        params = [torch.nn.Parameter(torch.ones(3))]
        optimizer = METHODS[name].torch_class()(params)
        form, _ = numbers.form_of(
            optimizer._checked(), [(0, 0)], True, False, 1e-38, 5, max_norm=1.0, ranks=False
        )
        compiled(numbers.before_kernel(form), {}, warps=1)
        compiled(numbers.after_kernel(form), {"BLOCK": 128}, warps=1)


if __name__ == "__main__":
    main()
