/* boundary - what a net says of every place in a plane of two inputs, the rows it has learned from, and where
 * there are none nearby: there its answer is a guess. */
#include "plot/numbers/inputs.h"

#include <math.h>
#include <string.h>

enum { BOUNDARY_SIDE = 120, BOUNDARY_NAMED = 10, BOUNDARY_LEVELS = 9 };
#define BOUNDARY_NEAR 0.15  /* at most so far, of the training rows' range, is near */
#define BOUNDARY_LEAST 0.05 /* and at least */

typedef struct {
    sl_inputs *inputs;
    sl_figure *figure;
    double near;  /* of the range */
    double *far;  /* [SIDE, SIDE]: distance to the nearest training row, over near */
    double *said; /* [SIDE, SIDE, width] */
    int width;
} boundary_map;

/* As a share of the window, so that both inputs count alike; 1.4 = 1 / how much of it training rows take. */
static double boundary_apart(const sl_inputs *inputs, double x, double y, double other_x, double other_y)
{
    const sl_varied *a = &inputs->axis[0], *b = &inputs->axis[1];
    const double span = inputs->job->request->span > 0 ? inputs->job->request->span : 1;
    const double dx = (x - other_x) / (a->to - a->from), dy = (y - other_y) / (b->to - b->from);
    return sqrt(dx * dx + dy * dy) * 1.4 * span;
}

/* The nearest training row's distance, of another place where `apart` says so; *which: its number. */
static double boundary_nearest(const sl_inputs *inputs, double x, double y, bool apart, size_t *which)
{
    const sl_inputs_points *points = &inputs->points;
    double least = INFINITY;
    for (size_t i = 0; i < points->count; i++) {
        const double distance = boundary_apart(inputs, x, y, points->x[0][i], points->x[1][i]);
        if (distance < least && (distance > 0 || !apart)) {
            least = distance;
            if (which)
                *which = i;
        }
    }
    return least;
}

static double boundary_median(sl_figure *figure, const sl_inputs *inputs)
{
    const sl_inputs_points *points = &inputs->points;
    const size_t most = 500, count = points->count < most ? points->count : most;
    double *nearest = sl_figure_numbers(figure, count);
    size_t known = 0;
    for (size_t i = 0; nearest && i < count; i++) {
        const size_t row = sl_answers_thin(i, points->count, most);
        const double distance = boundary_nearest(inputs, points->x[0][row], points->x[1][row], true, NULL);
        size_t at = known;
        if (!(distance - distance == 0))
            continue;
        for (; at > 0 && nearest[at - 1] > distance; at--)
            nearest[at] = nearest[at - 1];
        nearest[at] = distance;
        known++;
    }
    return known ? nearest[known / 2] : 0;
}

static double boundary_place(const sl_varied *axis, int cell)
{
    return axis->from + (axis->to - axis->from) * (cell + 0.5) / BOUNDARY_SIDE;
}

static bool boundary_ask(boundary_map *map)
{
    const size_t cells = (size_t)BOUNDARY_SIDE * BOUNDARY_SIDE;
    sl_inputs *inputs = map->inputs;
    double *at[] = { sl_figure_numbers(map->figure, cells), sl_figure_numbers(map->figure, cells) };
    map->far = sl_figure_numbers(map->figure, cells);
    if (!map->far || !at[0] || !at[1])
        return false;
    map->near = 3 * boundary_median(map->figure, inputs);
    map->near = map->near > BOUNDARY_NEAR    ? BOUNDARY_NEAR
                : map->near < BOUNDARY_LEAST ? BOUNDARY_LEAST
                                             : map->near;
    for (size_t i = 0; i < cells; i++) {
        at[0][i] = boundary_place(&inputs->axis[0], (int)(i % BOUNDARY_SIDE));
        at[1][i] = boundary_place(&inputs->axis[1], (int)(i / BOUNDARY_SIDE));
        map->far[i] = boundary_nearest(inputs, at[0][i], at[1][i], false, NULL) / map->near;
    }
    map->said = sl_inputs_answers(inputs, at, cells, &map->width);
    return map->said != NULL;
}

static int boundary_class(const double *p, int classes)
{
    int best = 0;
    for (int c = 1; c < classes; c++)
        best = p[c] > p[best] ? c : best;
    return best;
}

/* Class, and as strength 0.4 .. 0.99 how far above a guess the probability is; far from all rows 0.1. */
static double boundary_tint(const boundary_map *map, size_t cell)
{
    const int classes = map->inputs->classes;
    const double *p = map->said + cell * (size_t)map->width;
    const int best = boundary_class(p, classes);
    double sure = classes > 1 ? (p[best] - 1.0 / classes) / (1 - 1.0 / classes) : 1;
    sure = sure > 0 ? sure < 1 ? sure : 1 : 0; /* a hinge loss gives no probabilities */
    return best + (map->far[cell] > 1 ? 0.1 : 0.4 + 0.59 * sure);
}

/* --- the line that training rows are within ----------------------------------------------------------- */

/* Where `far` crosses 1 between the middles of two cells. */
static bool boundary_cross(const boundary_map *map, size_t a, size_t b, double *x, double *y)
{
    const double share = (1 - map->far[a]) / (map->far[b] - map->far[a]);
    if ((map->far[a] > 1) == (map->far[b] > 1))
        return false;
    const sl_varied *axis = map->inputs->axis;
    const int column = (int)(a % BOUNDARY_SIDE), row = (int)(a / BOUNDARY_SIDE);
    const double right = b == a + 1 ? share : 0, up = b == a + 1 ? 0 : share;
    *x = axis[0].from + (axis[0].to - axis[0].from) * (column + 0.5 + right) / BOUNDARY_SIDE;
    *y = axis[1].from + (axis[1].to - axis[1].from) * (row + 0.5 + up) / BOUNDARY_SIDE;
    return true;
}

/* Marching squares: a piece of the line for two crossings of a square's edges, and a gap. */
static size_t boundary_pieces(const boundary_map *map, sl_series *line)
{
    size_t count = 0;
    for (size_t row = 0; row + 1 < BOUNDARY_SIDE; row++)
        for (size_t column = 0; column + 1 < BOUNDARY_SIDE; column++) {
            const size_t a = row * BOUNDARY_SIDE + column, up = a + BOUNDARY_SIDE;
            const size_t edge[4][2] = { { a, a + 1 }, { a + 1, up + 1 }, { up, up + 1 }, { a, up } };
            int crossed = 0;
            for (int e = 0; e < 4; e++) {
                double x, y;
                if (!boundary_cross(map, edge[e][0], edge[e][1], &x, &y))
                    continue;
                if (line)
                    line->x[count] = x, line->y[count] = y;
                count++;
                if (++crossed % 2 == 0) {
                    if (line)
                        line->x[count] = x, line->y[count] = NAN;
                    count++;
                }
            }
        }
    return count;
}

static void boundary_line(boundary_map *map, sl_panel *panel)
{
    const size_t count = boundary_pieces(map, NULL);
    sl_series *line =
        count ? sl_panel_add(map->figure, panel, SL_DRAW_LINE, "training rows are within", count) : NULL;
    if (!line)
        return;
    line->colour = SL_GREY;
    line->thin = true;
    boundary_pieces(map, line);
}

/* --- rows --------------------------------------------------------------------------------------------- */

static void boundary_rows(sl_figure *figure, sl_panel *panel, const sl_inputs_points *rows, int class_index,
                          const char *name, int mark)
{
    size_t count = 0, n = 0;
    for (size_t i = 0; i < rows->count; i++)
        count += class_index < 0 || rows->target[i] == class_index;
    sl_series *points = count ? sl_panel_add(figure, panel, SL_DRAW_POINTS, name, count) : NULL;
    for (size_t i = 0; points && i < rows->count; i++)
        if (class_index < 0 || rows->target[i] == class_index) {
            points->x[n] = rows->x[0][i];
            points->y[n++] = rows->x[1][i];
        }
    if (!points)
        return;
    points->colour = class_index >= 0 ? sl_figure_class_colour(class_index) : mark ? SL_YELLOW : SL_ORANGE;
    points->mark = mark;
    points->outlined = true;
    points->thin = class_index < 0 && rows->count > 200;
}

static void boundary_classes(boundary_map *map, sl_panel *panel)
{
    const sl_inputs *inputs = map->inputs;
    bool named = false;
    panel->tint = SL_CLASSES;
    for (int c = 0; c < inputs->classes; c++)
        boundary_rows(map->figure, panel, &inputs->points, c,
                      inputs->classes <= BOUNDARY_NAMED ? sl_answers_class(map->figure, inputs->model, c)
                      : panel->count == 1               ? "training rows"
                                                        : NULL,
                      0);
    for (int c = 0; c < inputs->classes; c++) {
        const int before = panel->count;
        boundary_rows(map->figure, panel, &inputs->others, c,
                      named ? NULL : sl_figure_format(map->figure, "%s rows", inputs->other_part), 2);
        named = named || panel->count > before;
    }
    if (inputs->classes > SL_COLOURS)
        sl_figure_note(map->figure, "%d classes share %d colours: --csv prints the classes.", inputs->classes,
                       SL_COLOURS);
}

static void boundary_numbers(boundary_map *map, sl_panel *panel)
{
    const sl_varied *axis = map->inputs->axis;
    const size_t cells = (size_t)BOUNDARY_SIDE * BOUNDARY_SIDE;
    sl_series *lines = sl_panel_grid(map->figure, panel, SL_DRAW_CONTOUR, BOUNDARY_SIDE, BOUNDARY_SIDE,
                                     axis[0].from, axis[0].to, axis[1].from, axis[1].to);
    double low = INFINITY, high = -INFINITY; /* near training rows: beyond, a net may say anything */
    panel->z.label =
        sl_figure_format(map->figure, "%s", sl_answers_target(map->inputs->model)); /* outlives it */
    if (!lines)
        return;
    for (size_t i = 0; i < cells; i++) {
        const double said = lines->y[i] = map->said[i * (size_t)map->width];
        low = map->far[i] <= 1 && said < low ? said : low;
        high = map->far[i] <= 1 && said > high ? said : high;
    }
    lines->colour = SL_BLACK;
    if (high > low) {
        panel->z.low = low;
        panel->z.high = high;
        lines->levels = sl_figure_numbers(map->figure, BOUNDARY_LEVELS);
        for (int i = 0; lines->levels && i < BOUNDARY_LEVELS; i++)
            lines->levels[lines->level_count++] = low + (high - low) * (i + 1) / (BOUNDARY_LEVELS + 1);
        sl_figure_note(map->figure,
                       "Colours go from the lowest to the highest answer near training rows, %s and "
                       "%s; black lines are %s apart.",
                       sl_answers_number(map->figure, low), sl_answers_number(map->figure, high),
                       sl_answers_number(map->figure, (high - low) / (BOUNDARY_LEVELS + 1)));
    }
    boundary_line(map, panel);
    boundary_rows(map->figure, panel, &map->inputs->points, -1, "training rows", 0);
    if (map->inputs->other)
        boundary_rows(map->figure, panel, &map->inputs->others, -1,
                      sl_figure_format(map->figure, "%s rows", map->inputs->other_part), 2);
}

/* --- what is said in the middle ------------------------------------------------------------------------ */

static void boundary_notes(boundary_map *map)
{
    sl_inputs *inputs = map->inputs;
    sl_figure *figure = map->figure;
    const sl_varied *axis = inputs->axis;
    double x[] = { (axis[0].from + axis[0].to) / 2 }, y[] = { (axis[1].from + axis[1].to) / 2 };
    size_t row = 0, far = 0;
    int width;
    double *at[] = { x, y };
    const double *said = sl_inputs_answers(inputs, at, 1, &width);
    const double distance = boundary_nearest(inputs, *x, *y, false, &row);
    if (!said)
        return;
    for (size_t i = 0; i < (size_t)BOUNDARY_SIDE * BOUNDARY_SIDE; i++)
        far += map->far[i] > 1;
    const char *place =
        sl_figure_format(figure, "(%s, %s)", sl_inputs_text(inputs, 0, *x), sl_inputs_text(inputs, 1, *y));
    const int best = inputs->classes ? boundary_class(said, inputs->classes) : 0;
    const char *answer =
        inputs->classes
            ? sl_figure_format(figure, "%s (p = %s)", sl_answers_class(figure, inputs->model, best),
                               sl_answers_number(figure, floor(said[best] * 1e4 + 0.5) / 1e4))
            : sl_answers_number(figure, said[0]);
    const char *near = sl_answers_number(figure, map->near);
    if (far)
        sl_figure_note(
            figure,
            "%s no training row is within %s of the rows' range; there the net guesses (%s of this "
            "picture).",
            inputs->classes ? "Where it is pale" : "Outside of the grey line", near,
            sl_answers_percent(figure, (double)far, (double)BOUNDARY_SIDE * BOUNDARY_SIDE));
    else
        sl_figure_note(figure, "Everywhere in this picture a training row is within %s of the rows' range.",
                       near);
    if (distance > map->near)
        sl_figure_note(figure,
                       "In the middle, at %s, the net says %s, and no data says whether that is right: the "
                       "nearest training row is at (%s, %s).",
                       place, answer, sl_inputs_text(inputs, 0, inputs->points.x[0][row]),
                       sl_inputs_text(inputs, 1, inputs->points.x[1][row]));
    else
        sl_figure_note(figure, "In the middle, at %s, the net says %s.", place, answer);
    sl_inputs_notes(inputs);
}

static void boundary_title(boundary_map *map)
{
    const sl_inputs *inputs = map->inputs;
    sl_figure *figure = map->figure;
    const char *others =
        inputs->other
            ? sl_figure_format(figure, ", %s of the %s part",
                               sl_answers_count(figure, inputs->others.rows, "row"), inputs->other_part)
            : "";
    figure->title = sl_figure_format(
        figure, "%s of %s: %s%s", inputs->classes ? "Decision regions" : "Answers",
        sl_job_name(inputs->job, 0), sl_answers_count(figure, inputs->points.rows, "training row"), others);
}

static sl_status boundary_of_runs(sl_figure *figure, const sl_figure_job *job)
{
    sl_inputs inputs;
    size_t numbers;
    const sl_model *model = sl_job_model(job, 0);
    if (model && !sl_model_reads_texts(model) &&
        (model->columns ? model->columns->inputs == 1
                        : sl_shape_count(model->input, &numbers) && numbers == 1))
        return sl_fail(job->ctx, SL_EINVAL, "figure boundary: is of two inputs, and %s has one: take %s",
                       sl_job_folder(job, 0), sl_model_classes(model) ? "confusion or calibration" : "fit");
    if (!sl_inputs_open(figure, job, SL_INPUTS_VARY, &inputs))
        return job->ctx->status;
    const sl_varied *axis = inputs.axis;
    boundary_map map = { .inputs = &inputs, .figure = figure };
    sl_panel *panel = sl_figure_panel(figure, NULL, axis[0].name, axis[1].name);
    sl_series *image = panel ? sl_panel_grid(figure, panel, SL_DRAW_IMAGE, BOUNDARY_SIDE, BOUNDARY_SIDE,
                                             axis[0].from, axis[0].to, axis[1].from, axis[1].to)
                             : NULL;
    if (!image || !boundary_ask(&map))
        return job->ctx->status;
    for (size_t i = 0; i < image->count; i++)
        image->y[i] = inputs.classes ? boundary_tint(&map, i) : map.said[i * (size_t)map.width];
    const double wide = (axis[0].to - axis[0].from) / (axis[1].to - axis[1].from);
    panel->square = wide > 0.5 && wide < 2;
    panel->x.low = axis[0].from;
    panel->x.high = axis[0].to;
    panel->y.low = axis[1].from;
    panel->y.high = axis[1].to;
    sl_inputs_ticks(&inputs, 0, &panel->x);
    sl_inputs_ticks(&inputs, 1, &panel->y);
    boundary_title(&map);
    if (inputs.classes)
        boundary_classes(&map, panel);
    else
        boundary_numbers(&map, panel);
    boundary_notes(&map);
    return job->ctx->status;
}

const sl_figure_kind sl_figure_boundary = {
    .name = "boundary",
    .summary = "what the net says in a plane of two inputs, and its rows",
    .formula =
        "class and probability, or the number, at 120 x 120 places; pale: no training row within three "
        "times their median distance (at most 0.15 of their range)",
    .takes = "data columns span",
    .most_runs = 1,
    .of_runs = boundary_of_runs,
};
