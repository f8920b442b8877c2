/* mosaic.c - see mosaic.h */
#include "plot/numbers/mosaic.h"

#include <math.h>

bool sl_mosaic_fits(const sl_data *data)
{
    const sl_shape shape = data->shape;
    return !data->store->columns && (shape.rank == 2 || (shape.rank == 3 && shape.dim[2] <= 4)) &&
           shape.dim[0] >= 3 && shape.dim[1] >= 3;
}

static int mosaic_less(int size, int shrink)
{
    return (size + shrink - 1) / shrink;
}

bool sl_mosaic_begin(sl_figure *figure, sl_panel *panel, sl_mosaic *m, const sl_data *data, int tiles)
{
    const sl_shape shape = data->shape;
    const int longest = shape.dim[0] > shape.dim[1] ? shape.dim[0] : shape.dim[1];
    *m = (sl_mosaic){ .figure = figure, .low = INFINITY, .high = -INFINITY };
    m->tiles = tiles < SL_MOSAIC_TILES ? tiles : SL_MOSAIC_TILES;
    m->shrink = mosaic_less(longest, SL_MOSAIC_SIDE);
    m->height = mosaic_less(shape.dim[0], m->shrink);
    m->width = mosaic_less(shape.dim[1], m->shrink);
    m->channels = shape.rank > 2 ? shape.dim[2] : 1;
    m->band = m->height * 3 / 5 + 1;
    m->gap = m->width * 3 / 5 + 1;
    const int across = m->tiles < SL_MOSAIC_ACROSS ? m->tiles : SL_MOSAIC_ACROSS;
    const int down = (m->tiles + SL_MOSAIC_ACROSS - 1) / SL_MOSAIC_ACROSS;
    const int rows = down * (m->height + m->band), columns = across * (m->width + m->gap);
    m->row = sl_arena_take(&figure->arena, data->features * sizeof *m->row);
    m->image =
        sl_panel_grid(figure, panel, SL_DRAW_IMAGE, (size_t)rows, (size_t)columns, 0, columns, 0, rows);
    m->lines = sl_panel_add(figure, panel, SL_DRAW_TEXTS, NULL, 2 * (size_t)m->tiles);
    if (!m->row || !m->image || !m->lines)
        return false;
    for (size_t i = 0; i < m->image->count; i++)
        m->image->y[i] = NAN; /* white */
    panel->tint = SL_GREYS;
    panel->square = panel->x.none = panel->y.none = panel->no_scale = true;
    panel->z.high = 1;
    m->lines->colour = SL_BLACK;
    m->lines->thin = true;
    return true;
}

/* The mean of the block of pixels that becomes this one. */
static double mosaic_pixel(const sl_mosaic *m, const sl_data *data, int y, int x)
{
    double sum = 0;
    int count = 0;
    for (int i = y * m->shrink; i < (y + 1) * m->shrink && i < data->shape.dim[0]; i++)
        for (int j = x * m->shrink; j < (x + 1) * m->shrink && j < data->shape.dim[1]; j++)
            for (int c = 0; c < m->channels; c++, count++)
                sum += (double)m->row[(i * data->shape.dim[1] + j) * m->channels + c];
    return sum / count;
}

static int mosaic_left(const sl_mosaic *m, int tile)
{
    return tile % SL_MOSAIC_ACROSS * (m->width + m->gap) + m->gap / 2;
}

/* The row of the image, from the bottom, that the picture's lowest line is in. */
static int mosaic_bottom(const sl_mosaic *m, int tile)
{
    return (int)m->image->rows - (tile / SL_MOSAIC_ACROSS) * (m->height + m->band) - m->height;
}

void sl_mosaic_put(sl_mosaic *m, int tile, const sl_data *data, size_t row)
{
    if (sl_data_row(data, row, m->row, NULL))
        return;
    const int left = mosaic_left(m, tile), bottom = mosaic_bottom(m, tile);
    for (int y = 0; y < m->height; y++)
        for (int x = 0; x < m->width; x++) {
            const double value = mosaic_pixel(m, data, y, x);
            m->image->y[(size_t)(bottom + m->height - 1 - y) * m->image->columns + (size_t)(left + x)] =
                value;
            m->low = value < m->low ? value : m->low;
            m->high = value > m->high ? value : m->high;
        }
    if (sl_data_is_bytes(data)) {
        m->low = 0;
        m->high = 255;
    }
}

void sl_mosaic_text(sl_mosaic *m, int tile, int line, const char *text)
{
    const size_t at = 2 * (size_t)tile + (size_t)line;
    m->lines->x[at] = mosaic_left(m, tile) + m->width / 2.0;
    m->lines->y[at] = mosaic_bottom(m, tile) - m->band * (line ? 0.68 : 0.28);
    m->lines->texts[at] = text;
}

void sl_mosaic_end(sl_mosaic *m)
{
    const double range = m->high > m->low ? m->high - m->low : 1;
    for (size_t i = 0; i < m->image->count; i++)
        m->image->y[i] = (m->image->y[i] - m->low) / range;
}
