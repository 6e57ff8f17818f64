"""What statements put for the scalars of their proofs, where no lemma says it: these are words.

Above all what the sums of inductions come to: no lemma counts steps. Each formula stands here as
`theory.proofs.closed_forms` finds it; who changes a statement has to change it here, with the
reason.
"""

from __future__ import annotations

from theory.proofs.hypotheses import Words

COUNT = "K terms"
FIRST = "the first weight is 1, the others are 1-β"
ENDS = "the first and the last weight are 1, the others 1-β"
ZERO = "the weights are (1-β)/ρ_k with ρ_k = 1-β^k"
SQUARES = "the weights of Cauchy-Schwarz are w_k/ρ_k², so that both sums are the same"
STAYS = "from the first sample the weight of the averages is 1: mean_square.first"
NAMED = "what the quantity is"
POWER = "one factor a step"
NO_MULTIPLIER = "of one function no multiplier is needed"

SQUARE = "the square of what the quantity is"
LAST_POINT = "the choice of the last point"
SHARP = "1 + Σ 1/M_k, by the lemmas that assembly names"

WORDS: Words = {
    ("*", "*", "D2 = D^2"): SQUARE,
    ("*", "*", "G2 = G^2"): SQUARE,
    ("rate", "rate.count_step", "W = K"): COUNT,
    ("rate", "rate.count_step", "V = K (1 - beta)"): COUNT,
    ("rate_first_term", "rate.count_step", "V = (1 - beta)^2 (K - 1) + 1"): FIRST,
    ("rate_first_term", "rate.count_step", "W = (1 - beta)^2 (K - 1) + 1"): SQUARES,
    ("rate_two_ends", "rate.count_step", "V = (1 - beta)^2 (K - 2) + 2"): ENDS,
    ("rate_two_ends", "rate.count_step", "W = (1 - beta)^2 (K - 2) + 2"): SQUARES,
    (
        "rate_first_term_zero",
        "rate.count_step",
        "V = Sum((1 - beta)^2/(1 - beta^k)^2, (k, 1, K))",
    ): ZERO,
    (
        "rate_first_term_zero",
        "rate.count_step",
        "W = Sum((1 - beta)^2/(1 - beta^k)^2, (k, 1, K))",
    ): SQUARES,
    (
        "rate_two_ends_zero",
        "rate.count_step",
        "V = Sum((1 - beta)^2/(1 - beta^k)^2, (k, 1, K - 1)) + 1",
    ): f"{ZERO}, but for the last, which is 1",
    (
        "rate_two_ends_zero",
        "rate.count_step",
        "W = Sum((1 - beta)^2/(1 - beta^k)^2, (k, 1, K - 1)) + 1",
    ): SQUARES,
    ("*", "mean_square.step", "rho = 1"): STAYS,
    ("*", "model_below.step", "rho = 1"): STAYS,
    ("rate_capped", "varying_caps.least_step", "S = K c"): COUNT,
    ("rate_capped", "varying_caps.step", "C = K c^2"): COUNT,
    ("rate_large_cap", "varying_caps.least_step", "S = D sqrt(K)/G"): "K terms D/(G√K)",
    ("rate_large_cap", "varying_caps.step", "C = D^2/G^2"): "K terms (D/(G√K))²",
    ("rate_small_cap", "varying_caps.least_step", "S = K alpha"): COUNT,
    ("rate_small_cap", "varying_caps.step", "C = K alpha^2"): COUNT,
    ("cap_stability", "varying_caps.least_step", "S = D sqrt(K) s/G"): "K terms sD/(G√K)",
    ("cap_stability", "varying_caps.step", "C = D^2 s^2/G^2"): "K terms (sD/(G√K))²",
    ("sharp_rate", "sharp_rate.sum_step", "lam = 0"): NO_MULTIPLIER,
    ("sharp_rate_zero", "sharp_rate.sum_step", "lam = 0"): NO_MULTIPLIER,
    ("metric", "sharp_rate.sum_step", "lam = 0"): NO_MULTIPLIER,
    (
        "trap",
        "trap.sum_step",
        "S = (Sum((1 - beta) (1 - beta^2)/(-beta + 2 beta^(2 k - 1) + 1), (k, 2, K - 1)) + 1)/G^2",
    ): "1/N_1 = 1, and 1/N_k of the recursion that trap.norm solves",
    ("trap", "trap.sum_step", "Y = value^2 (1 - beta^2)/(G^2 (1 - sqrt(beta))^2)"): LAST_POINT,
    (
        "trap_zero",
        "trap.sum_step",
        "S = Sum((1 - beta^2)/(1 - beta^(2 k)), (k, 1, K - 1))/G^2",
    ): "N_k of orthogonal gradients",
    ("trap_zero", "trap.sum_step", "Y = value^2/(G^2 (1 - sqrt(beta))^2)"): LAST_POINT,
    ("given_order", "order.sum_step", "n = K - 2"): "K-2 terms: 2 ≤ k < K",
    ("given_order", "order.sum_step", "H = Sum(1/k, (k, 1, K - 2))"): "K-2 terms: 2 ≤ k < K",
    ("smooth_linear", "smooth_linear.sum_step", "S = -beta later + first + later"): NAMED,
    ("smooth_linear_zero", "smooth_linear.sum_step", "S = -T beta + T"): NAMED,
    ("smooth_linear_least", "smooth_linear.count_step", "V = -K beta + K + 2 beta - 1/2"): "3/2 for"
    " the first, and K-2 terms 1-β",
    (
        "linear_rate",
        "linear_rate.power",
        "p = (-mu (1 - beta) Min(1/L, alpha)/2 + 1)^K/(-mu (1 - beta) Min(1/L, alpha)/2 + 1)",
    ): POWER,
    (
        "last_growing",
        "linear_rate.power",
        "p = (-mu (1 - beta) Min(1/L, alpha)/2 + 1)^K",
    ): POWER,
    (
        "sharp_linear",
        "sharp_linear.power",
        "p = (1 - s^2 (1 - beta)^2/G^2)^K/(1 - s^2 (1 - beta)^2/G^2)",
    ): POWER,
    ("any_bound", "any_bound.*", "k = K"): COUNT,
    ("wrong_bound_*", "wrong_bound.count_step", "k = K"): COUNT,
    ("metric_summed", "metric.added_step", "R2 = R^2"): NAMED,
    ("metric", "metric.added_step", "R2 = G^2 R^2/m^2"): "the same, in units of m/G",
    ("online_sum", "online_sum.sum", "S = 2 F T - 2 T fstar"): NAMED,
    ("adam", "adam.weight_step", "rho = 1 - power"): "adam.weight_step says so itself",
    ("ngn_m_*", "ngn_m.sum_step", "count = K"): COUNT,
    ("ngn_m_*", "ngn_m.sum_step", "A = K m"): NAMED,
    ("ngn_m_line", "ngn_m.forces_step", "forces = K n"): NAMED,
    ("rate_first_term", "rate.root", "V = (1 - beta)^2 (K - 1) + 1"): FIRST,
    ("rate_two_ends", "rate.root", "V = (1 - beta)^2 (K - 2) + 2"): ENDS,
    (
        "rate_first_term_zero",
        "rate.root",
        "V = Sum((1 - beta)^2/(1 - beta^k)^2, (k, 1, K))",
    ): ZERO,
    (
        "rate_two_ends_zero",
        "rate.root",
        "V = Sum((1 - beta)^2/(1 - beta^k)^2, (k, 1, K - 1)) + 1",
    ): f"{ZERO}, but for the last, which is 1",
    ("sharp_rate*", "summed.step", "D2 = D^2 G^2/m^2"): "in units of m/G",
    (
        "sharp_rate",
        "sharp_rate.end",
        "A = (1 - beta^2) (K - 2) - log((beta + 1)/(1 - beta)) - Min(2 beta log(2), beta"
        " log(Max(1, beta/(1 - beta)^2)) - (1 - beta)^2 (Max(1, beta/(1 - beta)^2) - 1)) + 2",
    ): SHARP,
    (
        "sharp_rate",
        "sharp_rate.end",
        "log = log((beta + 1)/(1 - beta))",
    ): "what the scalar is called",
    (
        "sharp_rate_zero",
        "sharp_rate.end_zero",
        "A = Sum((1 - beta^2)/(1 - beta^(2 k)), (k, 1, K - 1)) + 1",
    ): SHARP,
    (
        "metric",
        "metric.rate",
        "A = Sum((1 - beta^2)/(1 - beta^(2 k)), (k, 1, K - 1)) + 1",
    ): SHARP,
    (
        "trap",
        "trap.value",
        "root = sqrt(Sum((1 - beta) (1 - beta^2)/(-beta + 2 beta^(2 k - 1) + 1), (k, 2, K - 1))"
        " + 1 + (1 - beta^2)/(1 - sqrt(beta))^2)",
    ): "rest + sum, as in trap.sum_step",
    ("trap", "trap.value", "rest = (1 - beta^2)/(1 - sqrt(beta))^2"): LAST_POINT,
    (
        "trap_zero",
        "trap.value",
        "root = sqrt(Sum((1 - beta^2)/(1 - beta^(2 k)), (k, 1, K - 1)) + (1 - sqrt(beta))^(-2))",
    ): "rest + sum, as in trap.sum_step",
    ("trap_zero", "trap.value", "rest = (1 - sqrt(beta))^(-2)"): LAST_POINT,
    ("given_order", "order.end", "H = Sum(1/k, (k, 1, K - 2))"): "K-2 terms: 2 ≤ k < K",
    ("smooth", "smooth.end", "C = 2 D^2 L/(1 - beta)^2"): "the constant of smooth.constant",
    (
        "linear_rate",
        "linear_rate.power",
        "p_next = (-mu (1 - beta) Min(1/L, alpha)/2 + 1)^K",
    ): POWER,
    ("sharp_linear", "sharp_linear.power", "p_next = (1 - s^2 (1 - beta)^2/G^2)^K"): POWER,
    ("sharp_linear", "sharp_linear.power", "q = 1 - s^2 (1 - beta)^2/G^2"): "the factor of a step",
    ("last_sharp", "last_iterate.sharp", "r = (1 - s^2 (1 - beta)^2/G^2)^(K/2)"): POWER,
    (
        "last_growing",
        "last_iterate.growing",
        "p = (-mu (1 - beta) Min(1/L, alpha)/2 + 1)^K",
    ): POWER,
    (
        "generalized_smooth",
        "generalized_smooth.end",
        "M = Max(1/alpha, G L1/3 + L0)",
    ): "the larger of what generalized_smooth.term needs",
    (
        "generalized_smooth_sps",
        "generalized_smooth.sps_end",
        "M = 8 L1/3 + sqrt(2) sqrt(L0/eps)",
    ): "what generalized_smooth.sps_term needs",
    ("metric_summed", "metric.end_added", "R2 = R^2"): NAMED,
    ("metric_summed_grown", "metric.end_grown", "R2 = D^2 product"): "one factor 1+η_k a step",
    ("metric_summed_shrinking", "metric.end_shrunk", "R2 = D^2"): "it only shrinks",
    ("ngn_m_*", "ngn_m.*", "l = L c"): "what the scalar is called",
    ("ngn_m_*", "ngn_m.*", "lam = beta/(1 - beta)"): "what the scalar is called",
    ("ngn_m_*", "ngn_m.*", "mean = m"): NAMED,
}
