"""Fits erf(x) = x P(x^2) / Q(x^2) on [0, 3.92], beyond which erf is 1 in f32: the coefficients of `erf` in src/kernels/math.ts.

Linearised least squares of the relative error, weighted anew with the last denominator and with what erred most (Lawson), until the
error is level. Run with numpy; it prints both polynomials, from the lowest power up, and the largest relative error before rounding.
"""

from math import erf

import numpy as np

END, DEGREE, POINTS, ROUNDS = 3.92, 5, 4000, 60

x = 0.5 * END * (1 - np.cos(np.pi * (np.arange(POINTS) + 0.5) / POINTS))
y = np.array([erf(v) for v in x])
s = (x / END) ** 2
powers = s[:, None] ** np.arange(DEGREE + 1)
lawson, denominator = np.ones(POINTS), np.ones(POINTS)
for turn in range(ROUNDS):
    system = np.concatenate([x[:, None] * powers, -y[:, None] * powers[:, 1:]], axis=1)
    weight = np.sqrt(lawson) / (y * np.abs(denominator))
    found = np.linalg.lstsq(system * weight[:, None], y * weight, rcond=None)[0]
    p, q = found[: DEGREE + 1], np.concatenate([[1], found[DEGREE + 1 :]])
    denominator = powers @ q
    error = np.abs(x * (powers @ p) / denominator / y - 1)
    if turn > 5:
        lawson *= (error / error.max() + 1e-3) ** 0.5
        lawson /= lawson.mean()

scale = END ** (2 * np.arange(DEGREE + 1))
print("P", [float(np.float32(c)) for c in p / scale])
print("Q", [float(np.float32(c)) for c in q / scale])
print("largest relative error", error.max())
