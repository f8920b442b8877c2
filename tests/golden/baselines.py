#!/usr/bin/env python3
"""What numpy and scikit-learn find for the data of tests/baseline_test.c: prints its tables of coefficients."""
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

rows = 120
i, j = np.mgrid[0:rows, 0:3]
x = ((i * 37 + j * 101 + i * i * 7 * (j + 1)) % 97) / 8.0  # exact in float32
noise = ((i[:, 0] * 53 + i[:, 0] ** 2 * 11) % 41 - 20) / 16.0
y = 0.5 * x[:, 0] - 0.25 * x[:, 1] + 2 + noise
z = StandardScaler().fit_transform(x)


def show(name, rows_):
    print("static const double %s[] = {" % name)
    for row in np.atleast_2d(rows_):
        print("    " + ", ".join("%.12g" % v for v in row) + ",")
    print("};")


w = np.linalg.lstsq(np.hstack([z, np.ones((rows, 1))]), y, rcond=None)[0]
show("golden_least_squares", w)
score = x[:, 0] - x[:, 1] + 3 * noise
two = (score > 0).astype(int)
three = (score > -2).astype(int) + (score > 2).astype(int)
m = LogisticRegression(C=1.0, tol=1e-14, max_iter=100000, solver="newton-cg").fit(z, two)
show("golden_two", np.hstack([m.coef_, m.intercept_[:, None]]))
m = LogisticRegression(C=1.0, tol=1e-14, max_iter=100000, multi_class="multinomial", solver="newton-cg").fit(z, three)
show("golden_three", np.hstack([m.coef_, (m.intercept_ - m.intercept_.mean())[:, None]]))
