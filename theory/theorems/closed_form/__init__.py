"""The closed form of the step is the proximal minimiser of the truncated model, and the only one.

Said of the objective at the step and at any other point, for any number of groups, and of the step
size of one group. Proven by solver and algebra alone; in the kernel it is
``theory/rocq/step/closed_form_groups.v`` and ``closed_form.v``. Wrong versions are replayed by
steps of the reference (`proof_replay`).
"""
