# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""The small changes: what may be broken in an expression or a statement.

Each function takes a node and yields what to write in its place. Changes that only raise, or that
change messages, annotations or docstrings, are not made (`scripts.mutants.sites`).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

BINARY: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitXor: ast.BitAnd,
}
"""BitOr is left alone: it joins types and dictionaries more often than bits."""
COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
RENAMED = {
    "add": "sub",
    "add_": "sub_",
    "addcmul_": "addcdiv_",
    "all": "any",
    "amax": "amin",
    "any": "all",
    "argmax": "argmin",
    "div": "mul",
    "div_": "mul_",
    "max": "min",
    "maximum": "minimum",
    "min": "max",
    "minimum": "maximum",
    "mul": "div",
    "mul_": "div_",
    "ones": "zeros",
    "ones_like": "zeros_like",
    "rsqrt": "sqrt",
    "sub": "add",
    "sub_": "add_",
    "sum": "prod",
    "zeros": "ones",
    "zeros_like": "ones_like",
    "_foreach_add_": "_foreach_sub_",
    "_foreach_mul_": "_foreach_div_",
}
"""A function, and another that takes the same arguments."""
DROPPED = {
    *("abs", "clamp", "clamp_", "conj", "cumsum", "exp", "log", "maximum", "minimum", "neg"),
    *("reciprocal", "rsqrt", "sign", "sqrt", "square", "transpose", "tril"),
}
"""Functions whose argument may stand alone; of two arguments, each."""
MODULES = {"linalg", "math", "np", "torch"}
"""Before a dot, these are no arguments."""
SYMMETRIC = {
    *("ValueError", "TypeError", "RuntimeError", "_shape", "array_equal", "broadcast_shapes"),
    *(
        "cast",
        "dot",
        "getattr",
        "hasattr",
        "inner",
        "isclose",
        "isinstance",
        "issubclass",
        "max",
        "maximum",
    ),
    *("min", "minimum", "range", "setattr", "setdefault", "vecdot", "where", "zip"),
}
"""Functions of which no arguments are exchanged: that changes nothing, or only raises."""


def changes(node: ast.AST) -> Iterator[ast.expr]:
    """Yield what may take the place of an expression."""
    rule = RULES.get(type(node))
    if rule is not None:
        yield from rule(node)


def _binary(node: ast.BinOp) -> Iterator[ast.expr]:
    if any(_is_text(side) for side in (node.left, node.right)):
        return
    if isinstance(node.op, ast.MatMult):
        yield ast.BinOp(node.right, node.op, node.left)
    other = BINARY.get(type(node.op))
    if other is not None:
        yield ast.BinOp(node.left, other(), node.right)
    one = isinstance(node.left, ast.Constant) and node.left.value == 1
    if isinstance(node.op, ast.Sub) and one:
        yield node.right


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _unary(node: ast.UnaryOp) -> Iterator[ast.expr]:
    yield node.operand


def _compare(node: ast.Compare) -> Iterator[ast.expr]:
    for index, op in enumerate(node.ops):
        for other in COMPARED[type(op)]:
            ops = [*node.ops[:index], other(), *node.ops[index + 1 :]]
            yield ast.Compare(node.left, ops, node.comparators)


def _boolean(node: ast.BoolOp) -> Iterator[ast.expr]:
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield ast.BoolOp(other, node.values)


def _constant(node: ast.Constant) -> Iterator[ast.expr]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
    elif isinstance(value, float):
        yield ast.Constant(value * 1.01 if value else 0.01)


def _choice(node: ast.IfExp) -> Iterator[ast.expr]:
    yield node.body
    yield node.orelse


def _call(node: ast.Call) -> Iterator[ast.expr]:
    name = called(node)
    plain = not any(isinstance(a, ast.Starred) for a in node.args)
    if name in RENAMED:
        yield ast.Call(_renamed(node.func, RENAMED[name]), node.args, node.keywords)
    arguments = list(node.args) if plain else []
    if isinstance(node.func, ast.Attribute) and not _is_module(node.func.value):
        if name in DROPPED:
            yield node.func.value
    elif name in DROPPED:
        yield from arguments[:2]
    if name == "where":
        yield from arguments[1:3]
    elif name not in SYMMETRIC:
        for i in range(len(arguments) - 1):
            if ast.dump(arguments[i]) != ast.dump(arguments[i + 1]):
                swapped = [*arguments]
                swapped[i], swapped[i + 1] = swapped[i + 1], swapped[i]
                yield ast.Call(node.func, swapped, node.keywords)


def called(node: ast.Call) -> str:
    """Return the last part of a function's name."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _renamed(func: ast.expr, name: str) -> ast.expr:
    if isinstance(func, ast.Attribute):
        return ast.Attribute(func.value, name, func.ctx)
    return ast.Name(name, ast.Load())


def _is_module(node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in MODULES
    return isinstance(node, ast.Name) and node.id in MODULES


RULES: dict[type[ast.AST], Callable[..., Iterator[ast.expr]]] = {
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.Compare: _compare,
    ast.BoolOp: _boolean,
    ast.Constant: _constant,
    ast.IfExp: _choice,
    ast.Call: _call,
}

AUGMENTED = {ast.Add: "-=", ast.Sub: "+=", ast.Mult: "/=", ast.Div: "*="}


def statement_changes(node: ast.stmt) -> Iterator[str]:
    """Yield what may take the place of a statement."""
    effect = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    stored = isinstance(node, ast.Assign) and all(
        isinstance(target, ast.Subscript | ast.Attribute) for target in node.targets
    )
    if effect or stored:
        yield "pass"
    elif isinstance(node, ast.AugAssign) and type(node.op) in AUGMENTED:
        target, value = ast.unparse(node.target), ast.unparse(node.value)
        yield f"{target} {AUGMENTED[type(node.op)]} {value}"
