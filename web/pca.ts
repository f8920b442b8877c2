// pca.ts - principal components of a table's columns, by Jacobi's rotations of their correlations.

export interface Components {
    scores: [number, number][]; // of each row
    shares: number[];           // of the variance, of all components, falling
    loadings: number[][];       // of the first two: a weight for each column
    filled: number;             // missing values, which the column's mean stood for
}

/** Eigenvalues and eigenvectors (rows) of a symmetric matrix, the largest value first. */
export function eigen(matrix: number[][]): { values: number[]; vectors: number[][] } {
    const n = matrix.length, a = matrix.map((row) => row.slice());
    const v: number[][] = a.map((_, i) => a.map((__, j) => (i === j ? 1 : 0)));
    for (let sweep = 0; sweep < 60; sweep++) {
        let off = 0;
        for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) off += a[i][j] * a[i][j];
        if (off < 1e-22) break;
        for (let p = 0; p < n; p++)
            for (let q = p + 1; q < n; q++) {
                if (Math.abs(a[p][q]) < 1e-300) continue;
                const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
                const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
                const c = 1 / Math.sqrt(t * t + 1), s = t * c;
                for (let k = 0; k < n; k++) {
                    const kp = a[k][p], kq = a[k][q];
                    a[k][p] = c * kp - s * kq;
                    a[k][q] = s * kp + c * kq;
                }
                for (let k = 0; k < n; k++) {
                    const pk = a[p][k], qk = a[q][k];
                    a[p][k] = c * pk - s * qk;
                    a[q][k] = s * pk + c * qk;
                    const vp = v[p][k], vq = v[q][k];
                    v[p][k] = c * vp - s * vq;
                    v[q][k] = s * vp + c * vq;
                }
            }
    }
    const order = a.map((_, i) => i).sort((i, j) => a[j][j] - a[i][i]);
    return { values: order.map((i) => a[i][i]), vectors: order.map((i) => v[i]) };
}

/** columns: the numbers of each, NaN where one is missing. Constant columns count nothing. */
export function components(columns: number[][]): Components {
    const rows = columns[0]?.length ?? 0;
    let filled = 0;
    const standard = columns.map((column) => {
        const there = column.filter((x) => Number.isFinite(x));
        const mean = there.reduce((sum, x) => sum + x, 0) / (there.length || 1);
        const variance = there.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (there.length || 1);
        const by = variance > 0 ? 1 / Math.sqrt(variance) : 0;
        filled += column.length - there.length;
        return column.map((x) => (Number.isFinite(x) ? (x - mean) * by : 0));
    });
    const n = standard.length;
    const covariance = standard.map((a) => standard.map((b) => a.reduce((sum, x, i) => sum + x * b[i], 0) / (rows || 1)));
    const { values, vectors } = eigen(covariance);
    const loadings = [0, 1].map((k) => {
        const vector = vectors[k] ?? new Array<number>(n).fill(0);
        const most = vector.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0);
        return vector.map((x) => (most < 0 ? -x : x)); // so that the sign is always the same
    });
    const scores = Array.from({ length: rows }, (_, row): [number, number] => {
        const score = (k: number): number => standard.reduce((sum, column, j) => sum + column[row] * loadings[k][j], 0);
        return [score(0), score(1)];
    });
    const all = values.reduce((sum, x) => sum + Math.max(0, x), 0) || 1;
    return { scores, shares: values.map((x) => Math.max(0, x) / all), loadings, filled };
}
