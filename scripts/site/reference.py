# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Pages of the API reference: which modules stand on which page, and a table of all."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.site.pages import ROOT


@dataclass(frozen=True)
class Group:
    """A page of the reference.

    Attributes
    ----------
    uri
        Where it is, below ``reference/``.
    title
        Its heading.
    modules
        What stands on it, in this order; ``package.*`` is the package and all modules in it.
    """

    uri: str
    title: str
    modules: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """Some pages of the reference that belong together, and what they are."""

    title: str
    about: str
    groups: tuple[Group, ...]


PARTS = (
    Part(
        "Optimizers",
        "In torch: `from momo.optim import …`.",
        (
            Group("optim/momo.md", "MoMo", ("momo.optim.momo",)),
            Group("optim/momo_adam.md", "MoMo-Adam", ("momo.optim.momo_adam",)),
            Group("optim/optimizer.md", "What all have", ("momo.optim.optimizer",)),
            Group("optim/hyperparameters.md", "Arguments", ("momo.optim.hyperparameters",)),
            Group(
                "optim/training.md",
                "For training loops",
                ("momo.optim.training", "momo.optim.release", "momo.optim.recorder"),
            ),
            Group("optim/polyak.md", "Polyak steps", ("momo.optim.variants.polyak",)),
            Group("optim/ngn.md", "NGN", ("momo.optim.variants.ngn",)),
            Group("optim/adaptive.md", "Adaptive metrics", ("momo.optim.variants.adaptive",)),
            Group("optim/lomo.md", "AdaLomo", ("momo.optim.variants.lomo",)),
            Group("optim/spectral.md", "Spectral norms", ("momo.optim.variants.spectral",)),
            Group(
                "optim/sequences.md",
                "Sequences",
                ("momo.optim.variants.sequences", "momo.optim.variants.schedule_free"),
            ),
            Group("optim/sam.md", "SAM", ("momo.optim.variants.sam",)),
            Group("optim/preconditioners.md", "Metrics", ("momo.optim.preconditioners.*",)),
            Group("optim/iterates.md", "Iterates", ("momo.optim.iterates.*",)),
            Group("integrations.md", "Integrations", ("momo.integrations.*",)),
        ),
    ),
    Part(
        "Core",
        "The general equation and its parts, for every kind of number.",
        (
            Group("core/step.md", "The step", ("momo.core", "momo.core.step")),
            Group("core/method.md", "A method", ("momo.core.method",)),
            Group("core/parts.md", "Parts", ("momo.core.parts",)),
            Group("core/bounds.md", "Lower bounds", ("momo.core.bounds",)),
            Group("core/iterates.md", "Sequences", ("momo.core.iterates",)),
            Group("core/products.md", "Products of norms", ("momo.core.products",)),
            Group("core/ops.md", "Operations", ("momo.core.ops", "momo.core.recorded")),
        ),
    ),
    Part(
        "Reference implementation",
        "In NumPy, float64; first the paper's algorithms, literally.",
        (
            Group("reference/paper.md", "The paper's algorithms", ("momo.reference.paper",)),
            Group("reference/sources.md", "As sources write them", ("momo.reference.sources.*",)),
            Group("reference/methods.md", "Methods", ("momo.reference.methods",)),
            Group("reference/groups.md", "Parameter groups", ("momo.reference.groups",)),
            Group("reference/vectors.md", "Vectors", ("momo.reference.vectors",)),
            Group(
                "reference/model.md",
                "Model and ascent",
                ("momo.reference.model", "momo.reference.ascent", "momo.reference.checks"),
            ),
            Group("reference/metrics.md", "Metrics", ("momo.reference.preconditioners.*",)),
            Group("reference/iterates.md", "Iterates", ("momo.reference.iterates.*",)),
            Group("methods.md", "Table of methods", ("momo.methods.*",)),
        ),
    ),
    Part(
        "Conformance",
        "Holds a method against its reference, and against laws.",
        (
            Group("conformance/subject.md", "Subject", ("momo.conformance.subject",)),
            Group(
                "conformance/laws.md",
                "Laws",
                ("momo.conformance", "momo.conformance.law", "momo.conformance.results"),
            ),
            Group("conformance/catalogue.md", "Catalogue", ("momo.conformance.catalogue.*",)),
            Group(
                "conformance/problems.md",
                "Problems",
                ("momo.conformance.problem", "momo.conformance.draw"),
            ),
            Group("conformance/golden.md", "Golden runs", ("momo.conformance.regression.*",)),
        ),
    ),
    Part(
        "Theory",
        "From a checkout: problems, claims, proofs, worst cases.",
        (
            Group(
                "theory/problems.md",
                "Problems",
                ("theory.problems", "theory.problems.base", "theory.problems.linear_model"),
            ),
            Group("theory/optimum.md", "Certified optima", ("theory.optimum",)),
            Group(
                "theory/cases.md",
                "Cases and runs",
                ("theory.case", "theory.plan", "theory.settings", "theory.engine"),
            ),
            Group(
                "theory/claims.md",
                "Claims",
                ("theory.claims.*", "theory.quantities", "theory.bounds", "theory.verdict"),
            ),
            Group(
                "theory/statements.md",
                "Statements",
                ("theory.statement", "theory.formula", "theory.assumptions", "theory.theorems"),
            ),
            Group("theory/proofs.md", "Proofs by solver", ("theory.proofs.*",)),
            Group("theory/kernel.md", "Proofs by kernel", ("theory.kernel.*",)),
            Group("theory/worst_case.md", "Worst cases", ("theory.worst_case.*",)),
            Group("theory/controls.md", "Negative controls", ("theory.controls.*",)),
        ),
    ),
    Part(
        "Experiments",
        "From a checkout: workloads, sweeps, records, summaries.",
        (
            Group(
                "experiments/workload.md",
                "Workloads",
                ("experiments.workload", "experiments.workloads", "experiments.scales"),
            ),
            Group(
                "experiments/optimizers.md",
                "Methods of a sweep",
                (
                    "experiments.optimizers",
                    "experiments.optimizers.entry",
                    "experiments.optimizers.own",
                    "experiments.optimizers.derived",
                    "experiments.parameter_groups",
                    "experiments.schedules",
                ),
            ),
            Group("experiments/config.md", "Configuration", ("experiments.config",)),
            Group("experiments/records.md", "Records", ("experiments.records",)),
            Group(
                "experiments/data.md",
                "Data",
                (
                    "experiments.data",
                    "experiments.data.base",
                    "experiments.data.dataset",
                    "experiments.data.registry",
                ),
            ),
            Group("experiments/summary.md", "Summaries", ("experiments.summary.*",)),
            Group("experiments/studies.md", "Studies", ("experiments.studies.base",)),
            Group("experiments/sampling.md", "Samplers", ("experiments.sampling.*",)),
        ),
    ),
)


def path_of(module: str, root: Path = ROOT) -> Path:
    """Return the file of a module, from the root of the checkout."""
    base = Path(*module.split("."))
    file = base.with_suffix(".py")
    return file if (root / file).exists() else base / "__init__.py"


def modules_of(group: Group, root: Path = ROOT) -> list[str]:
    """Return the names of all modules of a page."""
    found: list[str] = []
    for name in group.modules:
        package = name.removesuffix(".*")
        found.append(package)
        if name != package:
            folder = root / Path(*package.split("."))
            inside = sorted(file.stem for file in folder.glob("[!_]*.py"))
            found += [f"{package}.{module}" for module in inside]
    return found


def summary(docstring: str | None) -> str:
    """Return the first sentence of a docstring, in one line."""
    paragraph = " ".join((docstring or "").strip().partition("\n\n")[0].split())
    first = re.match(r"(?:`[^`]*`|[^`])+?[.:](?= [A-Z`*\d]|$)", paragraph)
    return (first[0] if first else paragraph).removesuffix(":").replace("|", r"\|")


def public(module: str, root: Path = ROOT) -> Iterator[tuple[str, str]]:
    """Yield what a module defines and documents, each with the first sentence about it."""
    tree = ast.parse((root / path_of(module, root)).read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
            docstring = ast.get_docstring(node)
            if docstring:
                yield node.name, summary(docstring)


def page(group: Group, root: Path = ROOT) -> str:
    """Return a page of the reference, in Markdown."""
    modules = modules_of(group, root)
    alone = len(modules) == 1
    lines = [f"# {group.title}" + (f" {{ #{modules[0]} }}" if alone else ""), ""]
    for module in modules:
        path = path_of(module, root).as_posix()
        source = f'<a class="doc-source" href="source:{path}#L-1">source</a>'
        anchor = f'{{ #{module} data-toc-label="{module}" }}'
        lines += [f"`{module}` {source}" if alone else f"## `{module}` {source} {anchor}", ""]
        level = 2 if alone else 3
        lines += [f"::: {module}", "    options:", f"      heading_level: {level}", ""]
    return "\n".join(lines)


def index(root: Path = ROOT) -> str:
    """Return the first page of the reference: all that there is, with a sentence each."""
    lines = ["# API reference", "", "Made from the docstrings; every name leads to its source.", ""]
    for part in PARTS:
        lines += [f"## {part.title}", "", part.about, ""]
        for group in part.groups:
            lines += [f"### [{group.title}]({group.uri})", ""]
            rows = [
                f"| [`{name}`][{module}.{name}] | {about} |"
                for module in modules_of(group, root)
                for name, about in public(module, root)
            ]
            lines += ["| name | what it is |", "|---|---|", *rows, ""] if rows else []
    return "\n".join(lines)


def pages(root: Path = ROOT) -> dict[str, str]:
    """Return all pages of the reference by their places in the site."""
    made = {f"reference/{g.uri}": page(g, root) for part in PARTS for g in part.groups}
    return {"reference/index.md": index(root), **made}


def navigation() -> list[object]:
    """Return the part of the navigation below "Reference"."""
    return [
        "reference/index.md",
        *({part.title: [{g.title: f"reference/{g.uri}"} for g in part.groups]} for part in PARTS),
    ]
