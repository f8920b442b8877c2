/* product_few.h - small products where a multiply-add is fused in software: a part of product_simd128.c and
 * product_sse2.c. Pairs of doubles run along the columns of C, or along its rows where that leaves fewer
 * lanes empty; what lies along them is widened once. Chains go on as if no sum had to be looked at again;
 * that is looked up once in the end, and if there was one, all is computed once more by the plain loop. */
enum {
    FEW_PAIRS = 4,     /* of a tile at most */
    FEW_ROOM = 1024,   /* numbers along the lanes, over all of k; and results */
    FEW_MOST = 1 << 14 /* multiply-adds: more are as fast in tiles of whole vectors */
};

typedef struct {         /* c[o, l]: lanes l, 2 pairs of them, and the other side o */
    size_t depth, step;  /* step: all lanes */
    const double *lanes; /* [depth, step] */
    const sl_real *a;    /* [o, k] */
    size_t a_row, a_col;
    sl_real *c; /* [o, step]; with what is there to add to */
    bool add;
    const double *bias; /* along the lanes, or (bias_row 1) the same for all of them; NULL: none */
    size_t bias_row;
    bool relu;
} TILE_NAME(few_job);

/* Rows o .., lanes l ..; `rows` and `pairs` are constants after inlining. */
SOFT_INLINE void TILE_NAME(few_tile)(const int rows, const int pairs, const TILE_NAME(few_job) * job,
                                     size_t o, size_t l, soft_watch *seen)
{
    soft_half sum[4][FEW_PAIRS];
    const size_t a_row = job->a_row, a_col = job->a_col, step = job->step;
    const sl_real *a = job->a + o * a_row;
    const double *lanes = job->lanes + l;
    sl_real *c = job->c + o * step + l;
    SL_UNROLL(4)
    for (int i = 0; i < rows; i++) {
        SL_UNROLL(4)
        for (int v = 0; v < pairs; v++)
            sum[i][v] = (soft_half){ 0, 0 };
    }
    if (job->add) {
        SL_UNROLL(4)
        for (int i = 0; i < rows; i++) {
            SL_UNROLL(4)
            for (int v = 0; v < pairs; v++)
                sum[i][v] = soft_load(c + (size_t)i * step + 2 * v);
        }
    }
    soft_watch watch = *seen;
    for (size_t k = job->depth; k; k--) {
        soft_half y[FEW_PAIRS];
        SL_UNROLL(4)
        for (int v = 0; v < pairs; v++)
            memcpy(&y[v], lanes + 2 * v, sizeof y[v]);
        SL_UNROLL(4)
        for (int i = 0; i < rows; i++) {
            const soft_half x = soft_both(a + (size_t)i * a_row);
            SL_UNROLL(4)
            for (int v = 0; v < pairs; v++)
                sum[i][v] = soft_round(soft_watched(&watch, x * y[v] + sum[i][v]));
        }
        a += a_col;
        lanes += step;
    }
    *seen = watch;
    if (job->bias) { /* a sum of two floats is rounded right as it is stored */
        SL_UNROLL(4)
        for (int i = 0; i < rows; i++) {
            SL_UNROLL(4)
            for (int v = 0; v < pairs; v++) {
                soft_half x;
                if (job->bias_row)
                    x = (soft_half){ job->bias[o + (size_t)i], job->bias[o + (size_t)i] };
                else
                    memcpy(&x, job->bias + l + 2 * v, sizeof x);
                sum[i][v] += x;
            }
        }
    }
    if (job->relu) {
        SL_UNROLL(4)
        for (int i = 0; i < rows; i++) {
            SL_UNROLL(4)
            for (int v = 0; v < pairs; v++)
                sum[i][v] = (soft_half)((soft_words64)sum[i][v] & (soft_words64)(sum[i][v] > 0));
        }
    }
    SL_UNROLL(4)
    for (int i = 0; i < rows; i++) {
        SL_UNROLL(4)
        for (int v = 0; v < pairs; v++)
            soft_store(c + (size_t)i * step + 2 * v, sum[i][v]);
    }
}

SOFT_INLINE void TILE_NAME(few_rows)(const int rows, const int pairs, const TILE_NAME(few_job) * job,
                                     size_t all, size_t l, soft_watch *seen)
{
    size_t o = 0;
    for (; o + (size_t)rows <= all; o += (size_t)rows)
        TILE_NAME(few_tile)(rows, pairs, job, o, l, seen);
    if (rows > 1)
        for (; o < all; o++)
            TILE_NAME(few_tile)(1, pairs, job, o, l, seen);
}

/* false: a sum had to be looked at again. */
static bool TILE_NAME(few_tiles)(const TILE_NAME(few_job) * job, size_t rows)
{
    soft_watch seen = soft_watch_new();
    for (size_t l = 0; l < job->step;) {
        const size_t left = (job->step - l) / 2, pairs = left > FEW_PAIRS ? FEW_PAIRS : left;
        if (pairs == 1)
            TILE_NAME(few_rows)(4, 1, job, rows, l, &seen);
        else if (pairs == 2)
            TILE_NAME(few_rows)(2, 2, job, rows, l, &seen);
        else if (pairs == 3)
            TILE_NAME(few_rows)(1, 3, job, rows, l, &seen);
        else
            TILE_NAME(few_rows)(1, 4, job, rows, l, &seen);
        l += 2 * pairs;
    }
    return !soft_seen(&seen);
}

/* The lanes' operand, widened; a lane that is not there is 0. Stored as it is read, two at a time: what was
 * stored in pieces is not at hand at once. */
static void TILE_NAME(few_widen)(double *to, size_t step, const sl_real *from, size_t along, size_t next,
                                 size_t lanes, size_t depth)
{
    for (size_t k = 0; k < depth; k++, to += step, from += next) {
        size_t l = 0;
        for (; l + 2 <= lanes; l += 2) {
            const soft_half x =
                along == 1 ? soft_load(from + l) : soft_pair(from + l * along, from + (l + 1) * along);
            memcpy(to + l, &x, sizeof x);
        }
        if (l < step) {
            const soft_half x = { (double)from[l * along], 0 };
            memcpy(to + l, &x, sizeof x);
        }
    }
}

/* Are there so few that this is the way? Then C is done, but for the finish. */
static bool TILE_NAME(few)(const sl_product *p)
{
    const size_t over_columns = p->rows * ((p->columns + 1) / 2),
                 over_rows = p->columns * ((p->rows + 1) / 2);
    const bool turned = over_rows < over_columns;
    const size_t lanes = turned ? p->rows : p->columns, rows = turned ? p->columns : p->rows,
                 step = (lanes + 1) / 2 * 2;
    if (p->packed || p->depth > FEW_ROOM || step > FEW_ROOM || rows > FEW_ROOM ||
        step * p->depth > FEW_ROOM || rows * step * p->depth > FEW_MOST)
        return false;
    const bool straight = !turned && lanes == step && p->c_row == step && !p->add;
    if (!straight && rows * step > FEW_ROOM)
        return false;
    double wide[FEW_ROOM], bias[FEW_ROOM];
    sl_real c[FEW_ROOM];
    TILE_NAME(few_job)
    job = { .depth = p->depth, .step = step, .lanes = wide, .add = p->add, .relu = p->relu };
    if (turned)
        TILE_NAME(few_widen)(wide, step, p->a, p->a_row, p->a_col, lanes, p->depth);
    else
        TILE_NAME(few_widen)(wide, step, p->b, p->b_col, p->b_row, lanes, p->depth);
    job.a = turned ? p->b : p->a;
    job.a_row = turned ? p->b_col : p->a_row;
    job.a_col = turned ? p->b_row : p->a_col;
    job.c = straight ? p->c : c;
    if (p->bias) {
        TILE_NAME(few_widen)(bias, turned ? rows : step, p->bias, 1, 0, p->columns, 1);
        job.bias = bias;
        job.bias_row = turned;
    }
    const size_t c_row = turned ? 1 : p->c_row, c_col = turned ? p->c_row : 1;
    for (size_t o = 0; o < rows && p->add; o++)
        for (size_t l = 0; l < step; l++)
            c[o * step + l] = l < lanes ? p->c[o * c_row + l * c_col] : 0;
    if (!TILE_NAME(few_tiles)(&job, rows)) {
        sl_product plain = *p;
        plain.finish = NULL;
        sl_product_plain(&plain);
        return true;
    }
    for (size_t o = 0; o < rows && !straight; o++)
        for (size_t l = 0; l < lanes; l++)
            p->c[o * c_row + l * c_col] = c[o * step + l];
    return true;
}
