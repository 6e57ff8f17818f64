# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Parameter groups: which parameters are decayed, and which a method treats as matrices.

What a parameter is (its role) is the workload's to say; what follows from it is a setting of a run.
Importing this needs no torch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from torch import nn

Role = Literal["hidden", "embedding", "head", "vector"]
"""A matrix inside the network, a table of embeddings, the last layer, or biases and the like."""
Decayed = Literal["all", "matrices", "weights"]
"""Everything; what has two axes or more; that without embeddings."""
Spectral = Literal["all", "hidden"]
"""What has two axes or more; that without embeddings and the last layer."""

UNDECAYED: dict[str, tuple[Role, ...]] = {
    "all": (),
    "matrices": ("vector",),
    "weights": ("vector", "embedding"),
}
OUTSIDE: dict[str, tuple[Role, ...]] = {"all": (), "hidden": ("embedding", "head", "vector")}


def roles(model: nn.Module, said: Mapping[str, Role]) -> dict[str, Role]:
    """Return the role of every parameter by its name.

    Parameters
    ----------
    said
        What the workload says. Else a parameter of one axis or none is a vector, that of an
        ``nn.Embedding`` an embedding, and any other hidden. Weights that two layers share are one
        parameter, of the first name that they have.

    Raises
    ------
    ValueError
        If it names no parameter, or no role.
    """
    from torch import nn

    tables = {id(m.weight) for m in model.modules() if isinstance(m, nn.Embedding)}
    found: dict[str, Role] = {}
    for name, param in model.named_parameters():
        plain: Role = "embedding" if id(param) in tables else "hidden"
        found[name] = "vector" if param.ndim < 2 else plain
    for name, role in said.items():
        if name not in found:
            raise ValueError(f"roles: {name!r} is no parameter; allowed: {', '.join(found)}")
        if role not in get_args(Role):
            raise ValueError(f"role of {name} = {role!r}; allowed: {', '.join(get_args(Role))}")
    return {**found, **said}


def parameter_groups(
    model: nn.Module, said: Mapping[str, Role], decayed: Decayed = "all", spectral: Spectral = "all"
) -> Iterable[Any]:
    """Return what an optimizer is made of: the parameters, or groups of them.

    Parameters
    ----------
    said
        See `roles`.
    decayed
        The others are in groups with ``weight_decay = 0``.
    spectral
        The others are in groups with ``spectral = False``.
    """
    if (decayed, spectral) == ("all", "all"):
        return model.parameters()
    groups: dict[tuple[bool, bool], dict[str, Any]] = {}
    known = roles(model, said)
    for name, param in model.named_parameters():
        still, outside = known[name] in UNDECAYED[decayed], known[name] in OUTSIDE[spectral]
        new: dict[str, Any] = {"params": []}
        if still:
            new["weight_decay"] = 0.0
        if outside:
            new["spectral"] = False
        groups.setdefault((still, outside), new)["params"].append(param)
    return list(groups.values())


def last_layer(model: nn.Module) -> dict[str, Role]:
    """Return the roles of a network whose last ``nn.Linear`` is its head."""
    from torch import nn

    names = [name for name, module in model.named_modules() if isinstance(module, nn.Linear)]
    return {f"{names[-1]}.weight".removeprefix("."): "head"} if names else {}
