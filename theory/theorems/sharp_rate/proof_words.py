"""The sharp rate: hypotheses of cited lemmas that no machine shows, and why they hold."""

from __future__ import annotations

from theory.proofs.hypotheses import Words

NAMED = "the citing lemma has a name for this value, and no other definition of it"
NO_ZERO = "where some δ_k = 0 there is nothing to prove; where none is, no d_k is 0 either"
UNITS = "δ is counted in units of the least of all δ_k, which is 1"
REFERENCE = "M_k ≥ 1: sharp_rate.reference_step; from the first sample M is 1/(1-β²)"
LONGEST = "H_k = h_k², and h_{k+1} = β h_k + 1 from h_1 = 1"
POWERS = "b = √β and q = β^{k-1}"
SMALL = "N_1 = ||g_1||² ≤ 1; q = δ_1/||g_1|| ≥ 1 in units of the least δ; δ_2 ≤ 2q by"
SMALL += " sharp_rate.second_value"

WORDS: Words = {
    ("sharp_rate.*", "sharp_rate.tangent", "x > 0"): "of quotients of norms and values, none of"
    " which is 0: where some δ_k = 0 there is nothing to prove",
    ("sharp_rate.*", "sharp_rate.sign", "x ≤ 1"): SMALL,
    ("sharp_rate.*", "norm_recursion.norm", "δ_k > 0"): NO_ZERO,
    ("sharp_rate.*", "sharp_rate.logarithm", "N_k > 0"): NO_ZERO,
    ("sharp_rate.*", "sharp_rate.exponential", "N_k > 0"): NO_ZERO,
    ("sharp_rate.*", "sharp_rate.bonus", "N_k > 0"): NO_ZERO,
    ("sharp_rate.*", "sharp_rate.bonus", "ℓ_k ≥ 0: δ_k is at least the least"): UNITS,
    ("sharp_rate.*", "sharp_rate.bonus_size", "b ≥ 0"): POWERS,
    ("sharp_rate.*", "sharp_rate.bonus_size", "q ≥ 0"): POWERS,
    ("sharp_rate.*", "sharp_rate.bonus_size", "H_k"): NAMED,
    ("sharp_rate.*", "mean_square.convex", "||β d_k + (1-β) g_{k+1}||²"): NAMED,
    ("sharp_rate.*", "mean_square.convex", "||d_k - ρ_k g_{k+1}||² ≥ 0"): NAMED,
    ("sharp_rate.kept_base", "sharp_rate.kept", "meaning of S"): "S is δ_2²/N_2 - 1/M here",
    ("sharp_rate.kept_base", "sharp_rate.second_bonus", "N_2 > 0"): NO_ZERO,
    ("sharp_rate.kept_base", "sharp_rate.second_bonus", "δ_2 ≥ 1"): UNITS,
    ("sharp_rate.kept_base", "sharp_rate.gain", "δ_2 ≥ 1"): UNITS,
    ("sharp_rate.kept_base", "sharp_rate.gain*", "x = *"): NAMED,
    ("sharp_rate.kept_base", "sharp_rate.gain*", "ψ = *"): NAMED,
    ("sharp_rate.sum_step", "sharp_rate.cancel", "before = λ_{k-1} c_{k-1}"): NAMED,
    ("sharp_rate.sum_step", "sharp_rate.coefficient", "M_{k-1} > 0"): REFERENCE,
    ("sharp_rate.sum_step", "sharp_rate.coefficient", "M_k = *"): NAMED,
    ("sharp_rate.sum_step", "sharp_rate.coefficient", "λ_{k-1} c_{k-1} = *"): NAMED,
    ("sharp_rate.total", "sharp_rate.sum_step", "M_k > 0"): REFERENCE,
    ("sharp_rate.total", "sharp_rate.sum_step", "H_k > 0"): LONGEST,
    ("sharp_rate.total", "sharp_rate.sum_step", "ℓ_k ≥ 0: δ_k is at least the least"): UNITS,
    ("sharp_rate.total", "sharp_rate.zero_base", "ℓ_1 ≥ 0"): UNITS,
    ("sharp_rate.total", "sharp_rate.zero_base", "nothing is owed"): "each of from_zero, from_first"
    " and from_first_kept says what is owed",
    ("sharp_rate.total", "sharp_rate.first_base", "H_2 > 0"): LONGEST,
    ("sharp_rate.total", "sharp_rate.first_base", "ℓ_2 ≥ 0"): UNITS,
    ("sharp_rate.total", "sharp_rate.kept_base", "H_2 > 0"): LONGEST,
    ("sharp_rate.total", "sharp_rate.kept_base", "ℓ_2 ≥ 0"): UNITS,
    ("sharp_rate.*", "sharp_rate.from_first", "δ_K ≥ 1"): UNITS,
    ("sharp_rate.*", "sharp_rate.from_first_kept", "δ_K ≥ 1"): UNITS,
    ("sharp_rate.*", "sharp_rate.from_first_kept", "q² = δ_1²/||g_1||² ≥ 1"): UNITS,
    ("sharp_rate.*", "sharp_rate.from_zero", "δ_K ≥ 1"): UNITS,
    ("sharp_rate.end", "sharp_rate.from_first_least", "min{2β log 2, ψ}: *"): NAMED,
    ("sharp_rate", "sharp_rate.end", "m > 0"): NO_ZERO,
    ("sharp_rate_zero", "sharp_rate.end_zero", "m > 0"): NO_ZERO,
    ("sharp_rate_zero", "sharp_rate.end_zero", "A > 0"): "1 and a sum of positive numbers",
    ("sharp_rate_zero", "sharp_rate.end_zero", "√A > 0"): "1 and a sum of positive numbers",
}
