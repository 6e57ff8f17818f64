"""The theorems that a proof kernel checks: theory/rocq, compiled by Coq and asked what it rests on.

`sources` reads the files, `build` compiles them, `audit` asks the kernel for statements and
assumptions, `check` puts these together, `outcomes` keeps what came out, and `command` is
``python -m theory rocq``. `problems` and what stands beside it compute the proven method in
fractions. Nothing here is needed by ``python -m theory verify``: where Coq was not run, the
theorems are reported as "not checked on this machine".
"""
