# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

r"""The equations of the parts in LaTeX, each once; `momo.methods.equations` puts them together.

A line is ``left = right``, with where it begins behind ``,\quad``; vectors are multiplied, divided
and compared by coordinates. Words in capitals are filled in: what is truncated at the bound
(GAP), the longest step (CAP), ``‖d_k‖²`` (NORM), and the like.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from momo.core import iterates
from momo.core.parts import (
    APPROXIMATE,
    DECOUPLED,
    DECOUPLED_AT_X,
    PROXIMAL,
    Capped,
    DecreaseMean,
    Floored,
    FromFirst,
    FromZero,
    Given,
    GrowthLimited,
    Harmonic,
    LionAverage,
    Online,
    Plain,
    RunningMean,
    Truncation,
)
from momo.reference import preconditioners as metrics

Lines = tuple[str, ...]

ADAM_MOMENT = r"v_k = \beta_2 v_{k-1} + (1-\beta_2) g_k^2,\quad v_0 = 0"
ADAM_METRIC = r"D_k = \varepsilon + \sqrt{\frac{v_k}{1-\beta_2^k}}"
FACTORS = (
    r"\beta_{2,k} = 1 - k^{-c}",
    r"R_k = \beta_{2,k} R_{k-1} + (1-\beta_{2,k})\operatorname{rows}(g_k^2 + \varepsilon),"
    r"\quad R_0 = 0",
    r"C_k = \beta_{2,k} C_{k-1} + (1-\beta_{2,k})\operatorname{columns}(g_k^2 + \varepsilon),"
    r"\quad C_0 = 0",
    r"v_k = \frac{R_k C_k}{\operatorname{mean}(R_k)}",
)
"""``rows`` and ``columns`` are their means, a column and a row."""

AVERAGING: Mapping[Any, Lines] = {
    FromFirst: (r"d_k = \beta d_{k-1} + (1-\beta) g_k,\quad d_1 = g_1",),
    FromZero: (
        r"d_k = \beta d_{k-1} + (1-\beta) g_k,\quad d_0 = 0",
        r"\rho_k = 1 - \beta^k",
    ),
    LionAverage: (
        r"d_k = \beta m_{k-1} + (1-\beta) g_k",
        r"m_k = \beta_2 m_{k-1} + (1-\beta_2) g_k,\quad m_0 = 0",
        r"\rho_k = \beta(1 - \beta_2^{k-1}) + 1 - \beta",
    ),
}
"""Of averages of weight 1 the last line is that of d."""


class Metric(NamedTuple):
    """What a preconditioner writes.

    Attributes
    ----------
    lines
        What it keeps, and D_k.
    direction, norm
        ``D_k⁻¹ d_k`` and ``‖d_k‖²``, or ``u(d_k)`` and ``‖d_k‖_*`` of a norm.
    scale
        By what it multiplies the decay.
    move
        What is added to z, where that is not ``-τ_k direction``.
    """

    lines: Lines = ()
    direction: str = r"D_k^{-1} d_k"
    norm: str = r"\lVert d_k\rVert_{D_k^{-1}}^2"
    scale: str = ""
    move: str = ""


PRECONDITIONERS: Mapping[Any, Metric] = {
    metrics.Identity: Metric((), "d_k", r"\lVert d_k\rVert^2"),
    metrics.AdamDiagonal: Metric((ADAM_MOMENT, ADAM_METRIC)),
    metrics.AdamFromFirst: Metric(
        (ADAM_MOMENT.replace("v_0 = 0", "v_1 = g_1^2"), r"D_k = \varepsilon + \sqrt{v_k}")
    ),
    metrics.AmsGradDiagonal: Metric(
        (
            ADAM_MOMENT,
            r"\hat v_k = \max\lbrace \hat v_{k-1}, v_k\rbrace,\quad \hat v_0 = 0",
            ADAM_METRIC.replace("v_k", r"\hat v_k"),
        )
    ),
    metrics.AdaGradDiagonal: Metric(
        (r"v_k = v_{k-1} + g_k^2,\quad v_0 = 0", r"D_k = \varepsilon + \sqrt{v_k}")
    ),
    metrics.AdaBeliefDiagonal: Metric(
        (ADAM_MOMENT.replace("g_k^2", r"(g_k - d_k)^2 + \varepsilon"), ADAM_METRIC)
    ),
    metrics.Factored: Metric((*FACTORS, r"D_k = \sqrt{v_k}")),
    metrics.AdaLomoDiagonal: Metric(
        (
            *FACTORS,
            r"s_k = \max\lbrace \varepsilon_2, \operatorname{RMS}(x^k)\rbrace",
            r"u_k = \operatorname{RMS}\left(\frac{d_k}{\sqrt{v_k}}\right)",
            r"D_k = \frac{\sqrt{v_k}}{s_k} \max\left\lbrace 1, \frac{u_k}{t}\right\rbrace",
        ),
        scale="s_k",
    ),
    metrics.Soap: Metric(
        (
            r"L_k = \beta_2 L_{k-1} + (1-\beta_2) g_k g_k^\top,\quad L_0 = 0",
            r"R_k = \beta_2 R_{k-1} + (1-\beta_2) g_k^\top g_k,\quad R_0 = 0",
            r"P_k, Q_k = \operatorname{eigenvectors}(L_k, R_k)",
            r"v_k = \beta_2 v_{k-1} + (1-\beta_2)(P_k^\top g_k Q_k)^2,\quad v_0 = 0",
            r"a_k = \varepsilon + \sqrt{\frac{v_k}{1-\beta_2^k}}",
            r"A_k = \max\lbrace a_k, \varphi \max a_k\rbrace",
            r"D_k^{-1} d_k = P_k \left(\frac{P_k^\top d_k Q_k}{A_k}\right) Q_k^\top",
        )
    ),
    metrics.Sign: Metric((), r"\operatorname{sign}(d_k)", r"\lVert d_k\rVert_1"),
    metrics.Spectral: Metric((), r"\operatorname{polar}(d_k)", r"\lVert d_k\rVert_*"),
    metrics.Displacement: Metric(
        (r"\Delta_k = \frac{\beta}{1+\alpha\mu}(\Delta_{k-1} - \alpha g_k),\quad \Delta_0 = 0",),
        move=r"+ \Delta_k",
    ),
    metrics.AdaptiveHeavyBall: Metric(
        (
            r"r_k = \frac{\lVert g_k - g_{k-1}\rVert}{\lVert m_{k-1}\rVert},\quad r_1 = 1",
            r"\beta_k = \min\left\lbrace \left(\frac{1-r_k}{1+r_k}\right)^2, 1-\delta\right\rbrace",
            r"m_k = \beta_k m_{k-1} + (1-\beta_k) g_k,\quad m_0 = 0",
        ),
        "m_k",
    ),
}
BY_COORDINATE = r"u_k = \frac{d_k}{1 + \frac{\alpha d_k^2}{2(f_k - f_*)_+}}"
"""What `NgnDiagonal` puts in the place of d_k, in the direction of its base."""

RESET = r"\quad\text{if } VALUE < WEIGHT f_*^k"
BOUNDS: Mapping[Any, tuple[Lines, Lines]] = {
    Given: ((), ()),
    Online: (
        (r"f_*^k \leftarrow \max\left\lbrace \frac{VALUE}{2 WEIGHT}, f_*^1\right\rbrace" + RESET,),
        (r"f_*^{k+1} = \max\left\lbrace ESTIMATE, f_*^1\right\rbrace",),
    ),
    RunningMean: (
        (r"\omega_k \leftarrow 0" + RESET, r"f_*^k \leftarrow f_*^1" + RESET),
        (
            r"\omega_{k+1} = \omega_k + \tau_k RHO,\quad \omega_1 = 0",
            r"e_k = h_k - \frac{\tau_k}{2} NORM",
            r"f_*^{k+1} = f_*^k",
            r"f_*^{k+1} \leftarrow \max\left\lbrace"
            r" \frac{\omega_k f_*^k + \tau_k e_k}{\omega_{k+1}}, f_*^1\right\rbrace"
            r"\quad\text{if } 0 < \omega_{k+1}",
        ),
    ),
    DecreaseMean: (
        (
            r"(A_{k-1}, B_{k-1}) \leftarrow 0\quad\text{if } h_k < RHO b_k",
            r"f_*^k = b_k",
            r"f_*^k \leftarrow \max\left\lbrace \frac{VALUE}{2 WEIGHT}, f_*^1\right\rbrace" + RESET,
        ),
        (
            r"w_k = \tau_k NORM",
            r"A_k = A_{k-1} + w_k RHO,\quad A_0 = 0",
            r"B_k = B_{k-1} + w_k\left(h_k - \frac{w_k}{2}\right),\quad B_0 = 0",
            r"b_{k+1} = b_k,\quad b_1 = f_*^1",
            r"b_{k+1} \leftarrow \max\left\lbrace \frac{B_k}{A_k}, f_*^1\right\rbrace"
            r"\quad\text{if } 0 < A_k",
        ),
    ),
}
"""Before the step, and after it."""
RULES: Mapping[Any, str] = {
    Truncation: r"\min\left\lbrace CAP, \zeta_k\right\rbrace",
    Capped: "CAP",
    Harmonic: r"\frac{2 CAP \zeta_k}{2\zeta_k + CAP}",
    Floored: r"\min\left\lbrace CAP, \frac{GAP}{\max\lbrace NORM, M\rbrace}\right\rbrace",
    GrowthLimited: r"\min\left\lbrace CAP, \zeta_k, q \tau_{k-1}\right\rbrace",
}
DECAYS: Mapping[Any, str] = {
    None: "z^k MOVE",
    PROXIMAL: r"\frac{z^k MOVE}{1+\alpha\lambda}",
    DECOUPLED: r"(1-\alpha\lambda) z^k MOVE",
    APPROXIMATE: r"(1-\alpha\lambda) z^k MOVE",
    DECOUPLED_AT_X: r"z^k - \alpha\lambda x^k MOVE",
}
ITERATES: Mapping[Any, Lines] = {
    Plain: (),
    iterates.IterateAveraging: (r"x^{k+1} = \beta x^k + (1-\beta) z^{k+1}",),
    iterates.AnytimeAveraging: (r"x^{k+1} = \frac{k x^k + z^{k+1}}{k + 1}",),
    iterates.ScheduleFree: (
        r"S_k = S_{k-1} + \tau_k^p,\quad S_0 = 0",
        r"\bar x^{k+1} = \bar x^k + \frac{\tau_k^p}{S_k}(z^{k+1} - \bar x^k)",
        r"x^{k+1} = (1-\beta) z^{k+1} + \beta \bar x^{k+1}",
    ),
    iterates.RandomScaling: (
        r"x^{k+1} = x^k + s_k (z^{k+1} - x^k),\quad s_k \sim \operatorname{Exp}(1)",
    ),
}
ASCENT = (
    r"e^k = x^k + r\left(1 - \mu + \frac{\mu}{\lVert \nabla f_k(x^k)\rVert}\right) \nabla f_k(x^k)",
    r"g_k = \nabla f_k(e^k)",
    r"f_k = f_k(e^k) - \langle g_k, e^k - x^k\rangle",
)
"""A sample that is taken elsewhere than at x (`momo.reference.Ascent`)."""
