"""The second solver: what z3 finds impossible, cvc5 has to find impossible too.

The two share no code. The question goes from one to the other in the language that all such solvers
read, SMT-LIB 2.
"""

from __future__ import annotations

import cvc5

EFFORT = 4_000_000
"""The second solver's own unit of work, after which it gives up: the same on every machine."""

SECONDS = 60
"""A guard against what that unit does not count."""


def second_opinion(question: str) -> str:
    """Return "unsat", "sat" or "unknown": whether assertions over the reals can hold at once.

    Parameters
    ----------
    question
        Declarations, assertions and ``(check-sat)``, in SMT-LIB 2.
    """
    terms = cvc5.TermManager()
    solver = cvc5.Solver(terms)
    solver.setOption("rlimit-per", str(EFFORT))
    solver.setOption("tlimit-per", str(1000 * SECONDS))
    solver.setLogic("QF_NRA")
    names = cvc5.SymbolManager(terms)
    parser = cvc5.InputParser(solver, names)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, question, "question")
    answer = "unknown"
    while not (command := parser.nextCommand()).isNull():
        answer = command.invoke(solver, names).strip() or answer
    return answer
