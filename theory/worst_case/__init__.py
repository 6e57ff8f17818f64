"""Worst cases of momentum models by performance estimation: searched, certified, replayed."""
