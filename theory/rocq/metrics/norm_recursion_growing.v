(** The norm recursion of one function in metrics that grow, averages from zero: what metric_growing.v uses,
    in the words of the theorem. δ_k = f(x^k) - f⋆, D_k = d_k/(1-β), N_k = ‖D_k‖²_{P_k⁻¹}. *)
Require Import Reals Lra Psatz Lia.
From Momo Require Import sums vectors method assumptions metric metric_step metric_growing.
Open Scope R_scope.

(** Where P_{k+1} ⪰ P_k, ‖g_{k+1}‖_{P_k⁻¹} ≤ G and δ_k > 0, for every k ≥ 1:
    δ_{k+1} ≤ δ_k(1 - <g_{k+1},D_k>_{P_k⁻¹}/N_k), and N_{k+1} ≤ G² + β²N_k + 2βN_k(1 - δ_{k+1}/δ_k).
    Source: derived here. *)
Theorem norm_recursion_growing n f g beta fstar xs x1 P G k :
  0 <= beta < 1 -> convex n 1 (fun _ => f) (fun _ => g) -> interpolation 1 (fun _ => f) xs fstar ->
  bounded_below 1 (fun _ => f) fstar -> (forall j, positive (P j)) -> below n (P k) (P (S k)) ->
  let run := metric_path n (fun _ => f) (fun _ => g) beta fstar x1 P (fun _ => 0%nat) in
  let delta j := f (px (run j)) - fstar in
  let N j := dual2 n (P j) (pd (run (S j))) / ((1 - beta) * (1 - beta)) in
  let product := dual_dot n (P k) (pd (run (S k))) (g (px (run (S k)))) / (1 - beta) in
  dual2 n (P k) (g (px (run (S k)))) <= G * G -> 0 < delta k ->
  delta (S k) <= delta k * (1 - product / N k) /\
  N (S k) <= G * G + beta * beta * N k + 2 * beta * N k * (1 - delta (S k) / delta k).
Proof.
  intros Hb Hc Hi Hm HP Hgrow run delta N product Hg Hd.
  pose proof (N_pos n f g beta fstar xs x1 P Hb Hc Hi Hm HP k Hd) as HN.
  pose proof (between n f g beta fstar xs x1 P Hb Hc Hi Hm HP k Hd) as H1.
  pose proof (recursion n f g beta fstar xs x1 P G Hb Hc Hi Hm HP k Hgrow Hg Hd) as H2.
  change (0 < dual2 n (P k) (pd (run (S k)))) in HN.
  change ((1 - beta) * dual_dot n (P k) (pd (run (S k))) (g (px (run (S k))))
    <= dual2 n (P k) (pd (run (S k))) * (1 - delta (S k) / delta k)) in H1.
  change (dual2 n (P (S k)) (pd (run (S (S k)))) <= beta * beta * dual2 n (P k) (pd (run (S k)))
    + 2 * beta * (dual2 n (P k) (pd (run (S k))) * (1 - delta (S k) / delta k))
    + (1 - beta) * (1 - beta) * (G * G)) in H2.
  set (S2 := dual2 n (P k) (pd (run (S k)))) in *.
  set (ip := dual_dot n (P k) (pd (run (S k))) (g (px (run (S k))))) in *.
  assert (HQ : 0 < (1 - beta) * (1 - beta)) by (apply Rmult_lt_0_compat; lra). split.
  - unfold product, N. fold S2. apply (Rmult_le_compat_l (delta k / S2)) in H1;
      [|left; apply Rdiv_lt_0_compat; auto].
    replace (delta k / S2 * (S2 * (1 - delta (S k) / delta k))) with (delta k - delta (S k)) in H1
      by (field; lra).
    replace (delta k * (1 - ip / (1 - beta) / (S2 / ((1 - beta) * (1 - beta)))))
      with (delta k - delta k / S2 * ((1 - beta) * ip)) by (field; lra). lra.
  - unfold N. fold S2. apply (Rmult_le_reg_r ((1 - beta) * (1 - beta))); auto.
    replace ((G * G + beta * beta * (S2 / ((1 - beta) * (1 - beta))) + 2 * beta *
      (S2 / ((1 - beta) * (1 - beta))) * (1 - delta (S k) / delta k)) * ((1 - beta) * (1 - beta)))
      with (beta * beta * S2 + 2 * beta * (S2 * (1 - delta (S k) / delta k))
        + (1 - beta) * (1 - beta) * (G * G)) by (field; lra).
    unfold Rdiv at 1. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra. exact H2.
Qed.
