# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The two passes of a momentum model over its vectors, in Triton: what ``kernels.c`` is on the CPU.

The first reads and adds up, the second writes, each for all tensors at once: a program works on one
chunk of one tensor, which it finds in a table of pointers (`momo.optim.fused.gpu`). The structure
of a row (its metric, its iterates, the dtypes) is known when a kernel is compiled; rates are
numbers in memory, so that none of them changing compiles anything, and none is read by the host.

Sums: each lane adds up the `CHUNK` / `BLOCK` elements that it sees in the working precision; all
beyond is in float64, in an order that does not depend on which program is first. So the bits are
the same in every run.
"""

# What Triton compiles has no types, and is not written as Python would be.
# mypy: ignore-errors
# ruff: noqa: SIM108, SIM109, SIM300, PIE808, RUF059
# fmt: off

import triton
import triton.language as tl

CHUNK = 16384
"""Elements that one program works on."""
BLOCK = 1024
"""Elements at a time."""

SUMS = tl.constexpr(7)
"""before, now, dual_norm_sq, shift, kept, slope as `momo.core.step.Inner` has them, ``||g||²``."""
WIDTH, WEIGHT, SIZE, PORTION = tl.constexpr(12), tl.constexpr(8), tl.constexpr(9), tl.constexpr(10)
"""Words of a row: pointers to x, the gradient, d, the compensation, two memories, the base point,
the average point, the memory's weight; how many elements there are; the portion; nothing."""
SHARE, PAST_MODEL, PAST_KEPT = tl.constexpr(0), tl.constexpr(1), tl.constexpr(2)
"""What is known before the first pass: by what gradients are clipped, and the share of the past."""
OK, FOLLOW, MOVES = tl.constexpr(0), tl.constexpr(1), tl.constexpr(2)
"""What is found after it: whether the step takes place, how far x follows, keep and size."""
RATES = tl.constexpr(3)
"""Of a portion: what the memory keeps, what it takes in, ε."""
SIGN, ROOT, ROOT_MAX, BELIEF = tl.constexpr(1), tl.constexpr(2), tl.constexpr(3), tl.constexpr(4)
PLAIN, AVERAGING = tl.constexpr(0), tl.constexpr(1)
SCHEDULE_FREE, SCALED = tl.constexpr(2), tl.constexpr(3)
TOUCHED, ABSENT = tl.constexpr(0), tl.constexpr(1)

# ---- where things are ----------------------------------------------------------------------------


@triton.jit
def place(table, chunks, number, CHUNK: tl.constexpr):
    """Return the row of a chunk, where it begins, and how many elements the row and it have."""
    row = table + tl.load(chunks + 2 * number).to(tl.int64) * WIDTH
    begin = tl.load(chunks + 2 * number + 1).to(tl.int64) * CHUNK
    size = tl.load(row + SIZE)
    return row, begin, size, tl.minimum(size - begin, CHUNK)


@triton.jit
def pointer(row, COLUMN: tl.constexpr, T: tl.constexpr, ALIGNED: tl.constexpr):
    """Return where a column begins; ``ALIGNED``: at a multiple of 16 bytes."""
    found = tl.load(row + COLUMN).to(tl.pointer_type(T))
    if ALIGNED:
        found = tl.multiple_of(found, 16)
    return found


@triton.jit
def columns(row, X: tl.constexpr, G: tl.constexpr, D: tl.constexpr, REAL: tl.constexpr,
            ALIGNED: tl.constexpr):
    """Return where all columns begin; of those that a row has not, it is nowhere."""
    return (pointer(row, 0, X, ALIGNED), pointer(row, 1, G, ALIGNED), pointer(row, 2, D, ALIGNED),
            pointer(row, 3, X, ALIGNED), pointer(row, 4, REAL, ALIGNED),
            pointer(row, 5, REAL, ALIGNED), pointer(row, 6, REAL, ALIGNED),
            pointer(row, 7, REAL, ALIGNED))


@triton.jit
def rates_of(row, known, rates, WEIGHTED: tl.constexpr, COUNTED: tl.constexpr, REAL: tl.constexpr):
    """Return c, the shares of past and new in the model and in what is kept, the memory's, ε.

    And ``1/sqrt(w)`` of the memory's weight w; ``COUNTED``: it has this gradient.
    """
    own = rates + tl.load(row + PORTION) * RATES
    keep, new, eps = tl.load(own), tl.load(own + 1), tl.load(own + 2)
    scale = tl.full((), 1.0, tl.float64)
    if WEIGHTED:
        weight = tl.load(tl.load(row + WEIGHT).to(tl.pointer_type(tl.float64)))
        if not COUNTED:
            weight = keep * weight + new
        scale = 1.0 / tl.sqrt(weight)
    share = tl.load(known + SHARE)
    model, kept = tl.load(known + PAST_MODEL), tl.load(known + PAST_KEPT)
    return (share.to(REAL), model.to(REAL), (1.0 - model).to(REAL), kept.to(REAL),
            (1.0 - kept).to(REAL), keep.to(REAL), new.to(REAL), eps.to(REAL), scale.to(REAL))


@triton.jit
def load(source, at, size, REAL: tl.constexpr, MASKED: tl.constexpr):
    """Return elements in the working precision; 0 beyond the last."""
    if MASKED:
        found = tl.load(source + at, mask=at < size, other=0.0)
    else:
        found = tl.load(source + at)
    return found.to(REAL)


@triton.jit
def store(target, at, value, size, T: tl.constexpr, MASKED: tl.constexpr):
    """Write elements, rounded."""
    if MASKED:
        tl.store(target + at, value.to(T), mask=at < size)
    else:
        tl.store(target + at, value.to(T))


# ---- what is done to an element ------------------------------------------------------------------


@triton.jit
def remember(g, d, m0, m1, keep, new, eps, METRIC: tl.constexpr):
    """Let a preconditioner's memory take in g; d as the model sees it."""
    if METRIC == ROOT or METRIC == ROOT_MAX:
        m0 = keep * m0 + new * (g * g)
    if METRIC == ROOT_MAX:
        m1 = tl.maximum(m1, m0)
    if METRIC == BELIEF:
        m0 = keep * m0 + new * ((g - d) * (g - d)) + eps
    return m0, m1


@triton.jit
def direct(d, m0, m1, scale, eps, METRIC: tl.constexpr, REAL: tl.constexpr):
    """Return ``D⁻¹ d``, or ``u(d)``."""
    u = d
    if METRIC == SIGN:
        u = (d > 0).to(REAL) - (d < 0).to(REAL)
    if METRIC == ROOT or METRIC == BELIEF:
        u = over_root(d, m0, scale, eps, REAL)
    if METRIC == ROOT_MAX:
        u = over_root(d, m1, scale, eps, REAL)
    return u


@triton.jit
def over_root(d, v, scale, eps, REAL: tl.constexpr):
    """Return ``d / (ε + scale sqrt(v))``; root and quotient are rounded to nearest."""
    if REAL == tl.float32:
        u = tl.div_rn(d, tl.sqrt_rn(v) * scale + eps)
    else:
        u = d / (tl.sqrt(v) * scale + eps)
    return u


@triton.jit
def taken(grad, avg, mem0, mem1, at, size,
          share, past_model, new_model, past_kept, new_kept, keep, new, eps, scale,
          METRIC: tl.constexpr, TWO_RATE: tl.constexpr, D: tl.constexpr, REAL: tl.constexpr,
          MASKED: tl.constexpr):
    """Return g as it is and clipped, d_{k-1}, d_k in the model and as kept, memory, direction."""
    raw = load(grad, at, size, REAL, MASKED)
    g = share * raw
    d = load(avg, at, size, REAL, MASKED)
    kept = (past_kept * d + new_kept * g).to(D).to(REAL)  # as it will be stored
    model = kept
    if TWO_RATE:
        model = past_model * d + new_model * g
    m0 = d
    m1 = d
    if METRIC >= ROOT:
        m0 = load(mem0, at, size, REAL, MASKED)
    if METRIC == ROOT_MAX:
        m1 = load(mem1, at, size, REAL, MASKED)
    m0, m1 = remember(g, model, m0, m1, keep, new, eps, METRIC)
    return raw, g, d, model, kept, m0, m1, direct(model, m0, m1, scale, eps, METRIC, REAL)


@triton.jit
def split(z, X: tl.constexpr, REAL: tl.constexpr):
    """Return z in two numbers of 16 bits, as `momo.optim.rounding.split`."""
    x = z.to(X)
    wide = x.to(REAL)
    c = (z - wide).to(X)
    over = (wide + c.to(REAL)).to(X).to(REAL) != wide
    return x, (c.to(tl.int16, bitcast=True) - over.to(tl.int16)).to(X, bitcast=True)


# ---- the first pass ------------------------------------------------------------------------------


@triton.jit
def look_block(x_at, grad, avg, comp, mem0, mem1, base, at, size,
               share, past_model, new_model, past_kept, new_kept, keep, new, eps, scale,
               before, now, dual, shift, whole, slope, norm,
               MODE: tl.constexpr, METRIC: tl.constexpr, TWO_RATE: tl.constexpr,
               POINTS: tl.constexpr, COMPENSATED: tl.constexpr, D: tl.constexpr,
               REAL: tl.constexpr, MASKED: tl.constexpr):
    """Return the sums with those of a block."""
    x = load(x_at, at, size, REAL, MASKED)
    if COMPENSATED:
        x += load(comp, at, size, REAL, MASKED)
    z = x
    if POINTS:
        z = load(base, at, size, REAL, MASKED)
    if MODE == ABSENT:
        d = load(avg, at, size, REAL, MASKED)
        kept = (past_kept * d).to(D).to(REAL)
        model = kept
        if TWO_RATE:
            model = past_model * d
    else:
        raw, g, d, model, kept, m0, m1, u = taken(
            grad, avg, mem0, mem1, at, size, share, past_model, new_model, past_kept, new_kept,
            keep, new, eps, scale, METRIC, TWO_RATE, D, REAL, MASKED)
        norm += raw * raw
        dual += model * u
        slope += kept * u
        if POINTS:
            shift += g * (z - x)
    before += d * z
    now += model * z
    whole += kept * z
    return before, now, dual, shift, whole, slope, norm


@triton.jit(do_not_specialize=["start", "count"])
def look(table, chunks, start, parts, count, known, rates,
         MODE: tl.constexpr, METRIC: tl.constexpr, TWO_RATE: tl.constexpr, ITERATES: tl.constexpr,
         COMPENSATED: tl.constexpr, WEIGHTED: tl.constexpr, X: tl.constexpr, G: tl.constexpr,
         D: tl.constexpr, REAL: tl.constexpr, ALIGNED: tl.constexpr, CHUNK: tl.constexpr,
         BLOCK: tl.constexpr):
    """Add up the inner products of a chunk: it reads, and writes `SUMS` numbers."""
    number = start + tl.program_id(0)
    row, begin, size, here = place(table, chunks, number, CHUNK)
    x_at, grad, avg, comp, mem0, mem1, base, mean = columns(row, X, G, D, REAL, ALIGNED)
    share, past_model, new_model, past_kept, new_kept, keep, new, eps, scale = rates_of(
        row, known, rates, WEIGHTED, False, REAL)
    POINTS: tl.constexpr = ITERATES == AVERAGING or ITERATES == SCHEDULE_FREE
    before = tl.zeros([BLOCK], REAL)
    now = tl.zeros([BLOCK], REAL)
    dual = tl.zeros([BLOCK], REAL)
    shift = tl.zeros([BLOCK], REAL)
    whole = tl.zeros([BLOCK], REAL)
    slope = tl.zeros([BLOCK], REAL)
    norm = tl.zeros([BLOCK], REAL)
    at = begin + tl.arange(0, BLOCK)
    full = here // BLOCK  # whole blocks, which need no mask, can be read in wide words
    for block in range(0, full):
        before, now, dual, shift, whole, slope, norm = look_block(
            x_at, grad, avg, comp, mem0, mem1, base, at + block * BLOCK, size,
            share, past_model, new_model, past_kept, new_kept, keep, new, eps, scale,
            before, now, dual, shift, whole, slope, norm,
            MODE, METRIC, TWO_RATE, POINTS, COMPENSATED, D, REAL, False)
    if here > full * BLOCK:
        before, now, dual, shift, whole, slope, norm = look_block(
            x_at, grad, avg, comp, mem0, mem1, base, at + full * BLOCK, size,
            share, past_model, new_model, past_kept, new_kept, keep, new, eps, scale,
            before, now, dual, shift, whole, slope, norm,
            MODE, METRIC, TWO_RATE, POINTS, COMPENSATED, D, REAL, True)
    parts += number
    tl.store(parts, tl.sum(before.to(tl.float64), axis=0))
    tl.store(parts + count, tl.sum(now.to(tl.float64), axis=0))
    tl.store(parts + 2 * count, tl.sum(dual.to(tl.float64), axis=0))
    tl.store(parts + 3 * count, tl.sum(shift.to(tl.float64), axis=0))
    tl.store(parts + 4 * count, tl.sum(whole.to(tl.float64), axis=0))
    tl.store(parts + 5 * count, tl.sum(slope.to(tl.float64), axis=0))
    tl.store(parts + 6 * count, tl.sum(norm.to(tl.float64), axis=0))


@triton.jit(do_not_specialize=["start", "count"])
def measure(table, chunks, start, parts, count, G: tl.constexpr, REAL: tl.constexpr,
            CHUNK: tl.constexpr, BLOCK: tl.constexpr):
    """Add up ``||g||²`` of a chunk, where it has to be known before the first pass."""
    number = start + tl.program_id(0)
    row, begin, size, here = place(table, chunks, number, CHUNK)
    grad = pointer(row, 1, G, False)
    norm = tl.zeros([BLOCK], REAL)
    for at in range(0, here, BLOCK):
        g = load(grad, begin + at + tl.arange(0, BLOCK), size, REAL, True)
        norm += g * g
    tl.store(parts + 6 * count + number, tl.sum(norm.to(tl.float64), axis=0))


@triton.jit(do_not_specialize=["count"])
def add_up(parts, slots, count, sums, FIRST: tl.constexpr, BLOCK: tl.constexpr):
    """Add up one of the sums over the chunks of a slot."""
    slot = tl.program_id(0)
    which = tl.program_id(1) + FIRST
    found = tl.zeros([BLOCK], tl.float64)
    for start in range(0, count, BLOCK):
        at = start + tl.arange(0, BLOCK)
        own = tl.load(slots + at, mask=at < count, other=-1) == slot
        found += tl.load(parts + which * count + at, mask=own, other=0.0)
    tl.store(sums + slot * SUMS + which, tl.sum(found, axis=0))


# ---- between the passes, called by what is recorded (`momo.optim.fused.gpu_numbers`) -------------


@triton.jit
def uniform(seed, k):
    """Return what `momo.core.random.uniform` does."""
    bits = seed + k.to(tl.int64).to(tl.uint64) * tl.full((), 0x9E3779B97F4A7C15, tl.uint64)
    bits = (bits ^ (bits >> 30)) * tl.full((), 0xBF58476D1CE4E5B9, tl.uint64)
    bits = (bits ^ (bits >> 27)) * tl.full((), 0x94D049BB133111EB, tl.uint64)
    bits = bits ^ (bits >> 31)
    return ((bits >> 11).to(tl.float64) + 0.5) * 1.1102230246251565e-16


@triton.jit
def weigh_(table, rows, rates, ok, BLOCK: tl.constexpr):
    """Count a gradient in the weights of the memories, ``w ← keep w + new``, unless ok is 0."""
    rows = tl.where(ok != 0.0, rows, 0)
    for start in range(0, rows, BLOCK):
        row = start + tl.arange(0, BLOCK)
        words = table + row * WIDTH
        address = tl.load(words + WEIGHT, mask=row < rows, other=0)
        there = address != 0
        own = rates + tl.load(words + PORTION, mask=there, other=0) * RATES
        weight = address.to(tl.pointer_type(tl.float64))
        old = tl.load(weight, mask=there, other=0.0)
        keep = tl.load(own, mask=there, other=0.0)
        tl.store(weight, keep * old + tl.load(own + 1, mask=there, other=0.0), mask=there)


# ---- the second pass -----------------------------------------------------------------------------


@triton.jit
def move_block(x_at, grad, avg, comp, mem0, mem1, base, mean, at, size,
               share, past_model, new_model, past_kept, new_kept, keep_memory, new, eps, scale,
               keep, length, follow, beta,
               MODE: tl.constexpr, METRIC: tl.constexpr, TWO_RATE: tl.constexpr,
               ITERATES: tl.constexpr, COMPENSATED: tl.constexpr, X: tl.constexpr,
               D: tl.constexpr, REAL: tl.constexpr, MASKED: tl.constexpr):
    """Do ``z ← keep z - length direction`` for a block, and let x follow."""
    if MODE != TOUCHED:
        d = load(avg, at, size, REAL, MASKED)
        store(avg, at, past_kept * d, size, D, MASKED)
    else:
        raw, g, d, model, kept, m0, m1, u = taken(
            grad, avg, mem0, mem1, at, size, share, past_model, new_model, past_kept, new_kept,
            keep_memory, new, eps, scale, METRIC, TWO_RATE, D, REAL, MASKED)
        x = load(x_at, at, size, REAL, MASKED)
        if COMPENSATED:
            x += load(comp, at, size, REAL, MASKED)
        z = x
        if ITERATES == AVERAGING or ITERATES == SCHEDULE_FREE:
            z = load(base, at, size, REAL, MASKED)
        z = keep * z - length * u
        if ITERATES == PLAIN:
            x = z
        if ITERATES == AVERAGING or ITERATES == SCALED:
            x = x + follow * (z - x)
        if ITERATES == AVERAGING or ITERATES == SCHEDULE_FREE:
            store(base, at, z, size, REAL, MASKED)
        if ITERATES == SCHEDULE_FREE:
            m = load(mean, at, size, REAL, MASKED)
            m = m + follow * (z - m)
            store(mean, at, m, size, REAL, MASKED)
            x = z + beta * (m - z)
        store(avg, at, kept, size, D, MASKED)
        if METRIC >= ROOT:
            store(mem0, at, m0, size, REAL, MASKED)
        if METRIC == ROOT_MAX:
            store(mem1, at, m1, size, REAL, MASKED)
        if COMPENSATED:
            first, rest = split(x, X, REAL)
            store(x_at, at, first, size, X, MASKED)
            store(comp, at, rest, size, X, MASKED)
        else:
            store(x_at, at, x, size, X, MASKED)


@triton.jit(do_not_specialize=["start"])
def move(table, chunks, start, known, rates, found, y_beta,
         MODE: tl.constexpr, METRIC: tl.constexpr, TWO_RATE: tl.constexpr, ITERATES: tl.constexpr,
         COMPENSATED: tl.constexpr, WEIGHTED: tl.constexpr, X: tl.constexpr, G: tl.constexpr,
         D: tl.constexpr, REAL: tl.constexpr, ALIGNED: tl.constexpr, CHUNK: tl.constexpr,
         BLOCK: tl.constexpr):
    """Average a chunk's gradient in and move x, or leave all as it is where the gate is shut."""
    row, begin, size, here = place(table, chunks, start + tl.program_id(0), CHUNK)
    here = tl.where(tl.load(found + OK) != 0.0, here, 0)
    x_at, grad, avg, comp, mem0, mem1, base, mean = columns(row, X, G, D, REAL, ALIGNED)
    share, past_model, new_model, past_kept, new_kept, keep_memory, new, eps, scale = rates_of(
        row, known, rates, WEIGHTED, True, REAL)
    move_of = found + MOVES + 2 * tl.load(row + PORTION)
    keep = tl.load(move_of).to(REAL)
    length = tl.load(move_of + 1).to(REAL)
    follow = tl.load(found + FOLLOW).to(REAL)
    beta = tl.load(y_beta).to(REAL)
    at = begin + tl.arange(0, BLOCK)
    full = here // BLOCK
    for block in range(0, full):
        move_block(
            x_at, grad, avg, comp, mem0, mem1, base, mean, at + block * BLOCK, size,
            share, past_model, new_model, past_kept, new_kept, keep_memory, new, eps, scale,
            keep, length, follow, beta,
            MODE, METRIC, TWO_RATE, ITERATES, COMPENSATED, X, D, REAL, False)
    if here > full * BLOCK:
        move_block(
            x_at, grad, avg, comp, mem0, mem1, base, mean, at + full * BLOCK, size,
            share, past_model, new_model, past_kept, new_kept, keep_memory, new, eps, scale,
            keep, length, follow, beta,
            MODE, METRIC, TWO_RATE, ITERATES, COMPENSATED, X, D, REAL, True)
