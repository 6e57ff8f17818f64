"""The command ``python -m theory rocq``; every import that takes time waits for its run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rocq:
    """Check the theorems of theory/rocq by Coq's kernel, and print what each rests on.

    Exit status 1 if a file is not compiled, a theorem rests on an axiom that is not allowed or has
    no instance, or a statement is not the one that is recorded.
    """

    jobs: int | None = None
    """Files compiled at the same time; default: one for each core."""
    record: bool = False
    """Write the statements to theory/rocq/statements.md, instead of comparing them with it."""
    chk: bool = False
    """Let coqchk check the compiled files once more, independently: minutes."""

    def run(self) -> int:
        """Return the exit status."""
        import joblib
        from rich.console import Console

        from theory.kernel.check import check, second_opinion
        from theory.problems.arguments import whole
        from theory.report.kernel import Progress, show
        from theory.report.terminal import make_console
        from theory.theorems import THEOREMS

        if self.jobs is not None:
            whole(1, jobs=self.jobs)
        jobs = joblib.cpu_count() if self.jobs is None else self.jobs
        with Progress(Console(stderr=True)) as progress:
            outcome = check(jobs, self.record, progress, prose=THEOREMS.values())
            wrong = second_opinion() if self.chk and outcome.ok else []
        show(outcome, wrong, self.chk, make_console())
        return 0 if outcome.ok and not wrong else 1
