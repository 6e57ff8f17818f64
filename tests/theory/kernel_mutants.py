# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Wrong versions of the theorems of theory/rocq, and what Coq says of them."""

from __future__ import annotations

import re
from pathlib import Path

from theory.kernel import build
from theory.kernel.sources import File, Stated

STATEMENT = r"^Theorem {name}\b(?:.|\n)*?(?=\.\s*\nProof\b)"
RELATION = re.compile(r" (<=|<|=)\s")

EXPLICIT: dict[str, tuple[str, str]] = {
    "adam": ("adam_path g beta1 beta2 eps", "adam_path g beta2 beta2 eps"),
    "adam_decay": ("(decay_path w k)", "(decay_path w (S k))"),
    "capped_step": ("cap_binds alpha", "cap_binds (2 * alpha)"),
    "closed_form": ("new_point", "(moved alpha lam (metric_tau / 2) x p)"),
    "closed_form_coordinates": ("coordinate_point", "(fun i => coordinate_point i + 1)"),
    "closed_form_diagonal": ("(2 * alpha)", "(3 * alpha)"),
    "closed_form_groups": ("group_factor", "(group_factor / 2)"),
    "closed_form_groups_diagonal": ("x (group_factor", "x (/ 2 * group_factor"),
    "closed_form_large_cap": ("free_tau <= alpha", "free_tau <= 2 * alpha"),
    "closed_form_no_cap": ("free_point", "(lin 1 x (- (2 * free_tau)) p)"),
    "closed_form_projection": ("line free_point <= fstar", "line free_point <= fstar - 1"),
    "computed_run": ("(real_run p k)", "(real_run p (S k))"),
    "computed_zero_run": ("(real_zero_run metric p k)", "(real_zero_run metric p (S k))"),
    "coordinates_exist": ("coordinates n D E", "coordinates n E D"),
    "expectation_rescaled": ("rho beta (j + k)", "rho beta k"),
    "fejer_zero": ("- a * a / N", "- 2 * (a * a) / N"),
    "first_seen": ("path n F Gr beta", "path n F Gr fstar"),
    "given_order_limit": ("(G * D)) 1", "(G * D)) 2"),
    "gstep_R": ("step n f g beta fstar cap (to", "step n f g fstar fstar cap (to"),
    "gzstep_R": ("zstep n f g beta fstar cap P r (to", "zstep n f g fstar fstar cap P r (to"),
    "momo_adam_is_argmin": ("(2 * alpha)", "(3 * alpha)"),
    "momo_adam_is_zstep": ("(rho beta1", "(rho beta2"),
    "momo_adam_star_starred": ("adam_rho (S k)) (shrink", "adam_rho k) (shrink"),
    "momo_star_starred": ("(fun _ => 1)", "(fun _ => 2)"),
    "online_after_reset": ("<= h k)", "<= h k - 1)"),
    "online_bound": ("= (h k + rho k * b k) / 2", "= (h k + rho k * b k) / 3"),
    "online_reset_moves": ("sh * rho k * lb < c k)", "2 * (sh * rho k * lb) < c k)"),
    "path_seen": ("path n fseen gseen beta", "path n fseen gseen fstar"),
    "rational_run": ("(Q2R beta)", "(Q2R fstar)"),
    "rescaling": ("view P (r' * fstar)", "view P (r * fstar)"),
    "run_rescaled": ("rho beta k * fstar", "rho beta (S k) * fstar"),
    "samples_convex": ("Forall nonnegative_weight l ->", ""),
    "sgd_m": ("sgd_path beta beta", "sgd_path beta 0"),
    "sps": ("sps_path cap w k", "sps_path cap w (S k)"),
    "step_is_argmin": ("(2 * alpha)", "(3 * alpha)"),
    "step_is_nearest": ("(model n new y) fstar", "(model n new y) (fstar + 1)"),
    "tabulated_run": ("gpath F n f g beta", "gpath F n f g fstar"),
    "zero_seen": ("zpath n F Gr beta", "zpath n F Gr fstar"),
    "zstep_is_argmin": ("(2 * alpha)", "(3 * alpha)"),
    "zstep_is_nearest": ("(/ r * model", "(model"),
}
"""What is changed where the right side of the last relation cannot be."""


def wrong_constant(file: File, item: Stated) -> str:
    """Return the text of a file with a stronger theorem than it proves.

    The last upper bound falls by 1, or the right side of the last equation grows by 1; where the
    conclusion is none of these, the change is that of `EXPLICIT`.
    """
    found = re.search(STATEMENT.format(name=item.name), file.text, re.MULTILINE)
    assert found, item.full_name
    statement = found[0]
    if item.name in EXPLICIT:
        old, new = EXPLICIT[item.name]
        wrong = statement.replace(old, new)
    else:
        wrong = _moved(statement)
    assert wrong != statement, f"{item.full_name}: nothing is changed"
    return file.text[: found.start()] + wrong + file.text[found.end() :]


def _moved(statement: str) -> str:
    for relation in reversed(list(RELATION.finditer(statement))):
        right = statement[relation.end() :]
        if _closed(right) and not re.search(r"->|/\\|:=", right):
            by = "+ 1" if relation[1] == "=" else "- 1"
            return f"{statement[: relation.end()]}({right}) {by}"
    return statement


def _closed(text: str) -> bool:
    """Return whether no bracket is closed that is not opened in a text."""
    depth = 0
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        if depth < 0:
            return False
    return True


def without(file: File, hypothesis: str) -> str:
    """Return the text of a file without a hypothesis of its sections."""
    return re.sub(rf"^Hypothesis {hypothesis} :(?:.|\n)*?\.\n", "", file.text, flags=re.MULTILINE)


def hypotheses(file: File) -> list[str]:
    """Return the hypotheses of the sections of a file."""
    return re.findall(r"^Hypothesis (\w+) :", file.text, re.MULTILINE)


def refusal(file: File, text: str, folder: Path) -> str:
    """Return what Coq objects to if a file has another text; all others are as compiled."""
    for path in build.OUT.rglob("*.vo"):
        target = folder / path.relative_to(build.OUT)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            target.symlink_to(path)
    (folder / f"{file.path}.vo").unlink()
    (folder / f"{file.path}.v").write_text(text, encoding="utf-8")
    return build.coqc(f"{file.path}.v", folder)[1]
