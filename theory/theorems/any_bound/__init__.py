"""Without interpolation, with any valid lower bound: the guarantee of SGD with momentum.

The lower bound f_* enters nowhere: the gap ``f* - f_*`` cancels. At β = 0 this is SGD's guarantee
with the step size α. Attained by ``G|x - t_i|`` as long as all gradients are equal, at ``α =
D/(GK)``.
"""
