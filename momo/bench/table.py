# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""``python -m momo.bench.table``: what ``docs/methods.md`` has of all methods, in Markdown.

A table says what holds of each method and what a step costs, and a section each what it is, with
its equations. All but the cost follows from `momo.methods`; it is measured, for all side by side.
``--into FILE`` writes both into the file that has them, and measures only methods that are new
there, and those that are named: adding a method measures one.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from momo.installed import needed

with needed("momo.bench.table", "bench"):
    import torch
    from torch.optim import SGD

from momo import atomic
from momo.bench.streams import method_of, state_bytes, traffic
from momo.lookup import choices
from momo.methods import METHODS, Row
from momo.methods.equations import display, of_row
from momo.methods.row import step_with

SHAPES = ((512, 512),) * 8 + ((512,),) * 8
"""Two million parameters, more than a cache holds: matrices, and vectors beside them."""
SHAPE = (256, 256)
"""Of the matrix whose state is counted."""
DTYPES = (torch.float32, torch.bfloat16)
"""Of the parameters whose bytes of state are shown."""
ROUNDS = 15
BEGIN, END = "<!-- methods -->\n", "<!-- end -->\n"
"""Around the sections."""
HEADER: Sequence[str] = (
    "| name | class | laws | proven for it | memory | cost | bytes | streams |",
    "|---|---|---|---|---|---|---|---|",
)
TABLE = ("\n".join(HEADER) + "\n", "\n\n")
COST = HEADER[0].strip("| ").split(" | ").index("cost")


def defaults(row: Row) -> str:
    """Return the hyper-parameters of a row's class, by argument."""
    names = {"betas": "betas", "beta": "beta", "lr": "lr", "eps": "eps", "weight_decay": "decay"}
    given = row.torch_arguments(row.defaults)
    shown = [
        f"{short} {_number(given[name])}"
        for name, short in names.items()
        if name in given and not (name == "weight_decay" and given[name] == 0)
    ]
    return ", ".join([*shown, *(f"{name}={value}" for name, value in row.fixed.items())])


def _number(value: float | tuple[float, ...]) -> str:
    if isinstance(value, tuple):
        return "(" + ", ".join(map(_number, value)) + ")"
    return f"{value:g}".replace("e-0", "e-")


def memory(row: Row) -> float:
    """Return how many numbers are kept for each parameter of a matrix of `SHAPE`."""
    x = torch.nn.Parameter(torch.ones(SHAPE))
    x.grad = torch.ones_like(x)
    optimizer: Any = _made(row)([x])
    step_with(optimizer, 1.0)
    return sum(value.numel() for value in optimizer.state[x].values()) / x.numel()


def costs(names: Iterable[str]) -> dict[str, float]:
    """Return the CPU time of a step over that of torch's SGD with momentum: medians, one thread."""
    torch.set_num_threads(1)
    makers: dict[str, Callable[..., torch.optim.Optimizer]] = {
        "": lambda p: SGD(p, 1e-6, momentum=0.9, dampening=0.9),
        **{name: _made(METHODS[name]) for name in names},
    }
    made: dict[str, Any] = {}
    for name, make in makers.items():
        generator = torch.Generator().manual_seed(0)
        parameters = [torch.nn.Parameter(torch.randn(s, generator=generator) / 16) for s in SHAPES]
        for p in parameters:
            p.grad = torch.randn(p.shape, generator=generator)
        made[name] = make(parameters)
    seconds: dict[str, list[float]] = {name: [] for name in made}
    for _ in range(ROUNDS):
        for name, optimizer in made.items():
            start = time.process_time()
            if name:
                step_with(optimizer, 1.0)
            else:
                optimizer.step()
            seconds[name].append(time.process_time() - start)
    unit = statistics.median(seconds.pop("")[1:])
    return {name: statistics.median(times[1:]) / unit for name, times in seconds.items()}


def _made(row: Row) -> Callable[..., torch.optim.Optimizer]:
    def make(params: object) -> torch.optim.Optimizer:
        # The base class is abstract and its signature another one than that of the methods.
        cls: Callable[..., torch.optim.Optimizer] = row.torch_class()
        return cls(params, **row.torch_arguments(row.defaults))

    return make


def section(row: Row) -> str:
    """Return the section that says what a method is."""
    source = re.sub(r"arXiv (\d{4}\.\d{5})", r"[arXiv \1](https://arxiv.org/abs/\1)", row.source)
    title, ours = (text.replace("*", r"\*") for text in (row.title, row.ours or "nothing"))
    said = [f"- Defaults: {defaults(row)}"]
    if row.equation:
        said.append(f"- In the letters of its source: `{row.equation}`")
    said += [f"- Source: {source}; ours in it: {ours}"]
    said += [f"- Laws: {laws(row)}; proven: {proven(row)}; [what it costs](#the-table)"]
    head = f"### `{row.name}`\n\n{title}, the class `{row.optimizer}`."
    return "\n\n".join([head, display(of_row(row)), "\n".join(said)])


def laws(row: Row) -> str:
    """Return which laws it obeys."""
    return f"all but {', '.join(f'`{law}`' for law in row.exempt)}" if row.exempt else "all"


def proven(row: Row) -> str:
    """Return what is proven for it."""
    if len(row.claims) > 3:
        return f"the theorem: {len(row.claims)} claims"
    return ", ".join(f"`{claim}`" for claim in row.claims) or "–"


def line(row: Row, cost: str) -> str:
    """Return a row of the table of what holds and what it costs."""
    method = method_of(row, row.defaults)
    cells = (
        f"[`{row.name}`](#{row.name})",
        f"`{row.optimizer}`",
        laws(row),
        proven(row),
        f"{memory(row):.2g}",
        cost,
        " / ".join(f"{state_bytes(method, SHAPE, dtype):.2g}" for dtype in DTYPES),
        f"{traffic(method, SHAPE, DTYPES[0]).count:.2g}",
    )
    return "| " + " | ".join(cells) + " |"


def _ratio(value: float) -> str:
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"


def known_costs(text: str) -> dict[str, str]:
    """Return the costs of the table in a text, by method.

    Raises
    ------
    ValueError
        If the table or the place of the sections is not there.
    """
    for mark in (HEADER[0], BEGIN):
        if mark not in text:
            raise ValueError(f"a table is not there; allowed: a file with the line {mark.strip()}")
    cells = [row.split(" | ") for row in between(text, *TABLE).splitlines()]
    return {re.findall(r"`(\w+)`", cell[0])[0]: cell[COST] for cell in cells}


def between(text: str, begin: str, end: str) -> str:
    """Return what stands in a text between two others."""
    return text.partition(begin)[2].partition(end)[0]


def made(costs: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Return the rows of the table and the sections, by what stands around them."""
    return {
        TABLE: "\n".join(line(row, costs[name]) for name, row in METHODS.items()),
        (BEGIN, END): "\n" + "\n\n".join(map(section, METHODS.values())) + "\n\n",
    }


def main(arguments: list[str] | None = None) -> int:
    """Print table and sections, or write them into a file; return 0, or 2 where that cannot be."""
    parser = argparse.ArgumentParser(prog="python -m momo.bench.table")
    parser.add_argument("names", nargs="*", help="methods to measure; default: those not in FILE")
    parser.add_argument("--into", type=Path, metavar="FILE", help="the file that has the table")
    given = parser.parse_args(arguments)
    try:
        if wrong := [name for name in given.names if name not in METHODS]:
            raise ValueError(f"method {wrong[0]!r} is unknown; {choices(wrong[0], METHODS)}")
        text = given.into.read_text(encoding="utf-8") if given.into else ""
        known = known_costs(text) if given.into else {}
    except (ValueError, OSError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    missing = [name for name in METHODS if name not in known or name in given.names]
    found = {name: _ratio(cost) for name, cost in costs(missing).items()} if missing else {}
    new = made({**known, **found})
    if given.into is None:
        print("\n".join(f"{begin}{inside}{end}" for (begin, end), inside in new.items()))
        return 0
    for (begin, end), inside in new.items():
        text = text.replace(f"{begin}{between(text, begin, end)}{end}", f"{begin}{inside}{end}")
    atomic.write(given.into, text.encode())
    print(f"measured: {', '.join(missing) or 'none'}; {given.into} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
