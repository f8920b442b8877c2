/* bridge.c - the playground's engine as a WebAssembly module; the only file that knows it is one. It imports
 * nothing. Texts come in where slope_room says, and answers go out as a place and a length; the host calls
 * one function at a time. Statuses are those of slope.h; of a call that failed the answer is a sentence. */
#include "lab.h"
#include "core/os.h"

#include <stdlib.h>
#include <string.h>

#define BRIDGE(name) __attribute__((export_name(#name)))

static struct {
    lab lab;
    char *room; /* what the host writes into */
    unsigned char *file;
    size_t file_size;
} bridge;

/* Once, before all else. false: this build must not be used. */
BRIDGE(slope_start) int slope_start(void)
{
    return lab_start(&bridge.lab);
}

/* Where the host writes so many bytes; 0: memory is full. Valid until the next call of it. */
BRIDGE(slope_room) char *slope_room(size_t size)
{
    free(bridge.room);
    return bridge.room = malloc(size ? size : 1);
}

BRIDGE(slope_answer) const char *slope_answer(void)
{
    return sl_text_string(&bridge.lab.answer);
}

BRIDGE(slope_answer_length) size_t slope_answer_length(void)
{
    return bridge.lab.answer.length;
}

BRIDGE(slope_numbers) const float *slope_numbers(void)
{
    return bridge.lab.numbers;
}

BRIDGE(slope_numbers_count) size_t slope_numbers_count(void)
{
    return bridge.lab.count;
}

BRIDGE(slope_open) int slope_open(size_t length)
{
    return (int)lab_open(&bridge.lab, bridge.room, length);
}

BRIDGE(slope_change) int slope_change(size_t length)
{
    return (int)lab_change(&bridge.lab, bridge.room, length);
}

BRIDGE(slope_steps) int slope_steps(int steps)
{
    return (int)lab_steps(&bridge.lab, steps);
}

BRIDGE(slope_describe) int slope_describe(void)
{
    return (int)lab_describe(&bridge.lab);
}

BRIDGE(slope_state) int slope_state(void)
{
    return (int)lab_state(&bridge.lab);
}

BRIDGE(slope_history) int slope_history(int first)
{
    return (int)lab_history(&bridge.lab, first);
}

/* The room holds the part's name, closed by a 0. */
BRIDGE(slope_figures) int slope_figures(void)
{
    return (int)lab_figures(&bridge.lab, bridge.room);
}

BRIDGE(slope_catalogue) int slope_catalogue(void)
{
    return (int)lab_catalogue(&bridge.lab);
}

BRIDGE(slope_words) int slope_words(void)
{
    return (int)lab_words(&bridge.lab);
}

BRIDGE(slope_axes)
int slope_axes(int across, int up, double from_x, double to_x, double from_y, double to_y)
{
    return (int)lab_axes(&bridge.lab, across, up, from_x, to_x, from_y, to_y);
}

BRIDGE(slope_points) int slope_points(void)
{
    return (int)lab_points(&bridge.lab);
}

BRIDGE(slope_picture) int slope_picture(int side)
{
    return (int)lab_picture(&bridge.lab, side);
}

BRIDGE(slope_inputs) int slope_inputs(int side)
{
    return (int)lab_inputs(&bridge.lab, side);
}

BRIDGE(slope_at) int slope_at(double across, double up)
{
    return (int)lab_at(&bridge.lab, across, up);
}

BRIDGE(slope_row) int slope_row(int part, int row)
{
    return (int)lab_row(&bridge.lab, part, row);
}

BRIDGE(slope_units) int slope_units(int side)
{
    return (int)lab_units(&bridge.lab, side);
}

BRIDGE(slope_alive) int slope_alive(void)
{
    return (int)lab_alive(&bridge.lab);
}

BRIDGE(slope_weights) int slope_weights(void)
{
    return (int)lab_weights(&bridge.lab);
}

BRIDGE(slope_set_weight) int slope_set_weight(int index, double value)
{
    return (int)lab_set_weight(&bridge.lab, index, value);
}

/* The room holds "model", "json" or "run". */
BRIDGE(slope_keep) int slope_keep(void)
{
    return (int)lab_keep(&bridge.lab, bridge.room);
}

BRIDGE(slope_diagnose) int slope_diagnose(int epochs, double budget)
{
    return (int)lab_diagnose(&bridge.lab, epochs, budget);
}

BRIDGE(slope_broken) int slope_broken(int index, double seed)
{
    return (int)lab_broken(&bridge.lab, index, seed);
}

/* The room holds the words. */
BRIDGE(slope_explain) int slope_explain(int row, int count, int depth, int digits)
{
    return (int)lab_explain(&bridge.lab, bridge.room, row, count, depth, digits);
}

BRIDGE(slope_collapse) int slope_collapse(int depth, int digits)
{
    return (int)lab_collapse(&bridge.lab, depth, digits);
}

/* The room holds the rows. */
BRIDGE(slope_ask) int slope_ask(int collapsed)
{
    return (int)lab_ask(&bridge.lab, bridge.room, collapsed != 0);
}

BRIDGE(slope_landscape) int slope_landscape(int kind, int seed, int side)
{
    return (int)lab_landscape(&bridge.lab, kind, seed, side);
}

BRIDGE(slope_landscape_some) int slope_landscape_some(int from, int count)
{
    return (int)lab_landscape_some(&bridge.lab, from, count);
}

BRIDGE(slope_landscape_path) int slope_landscape_path(void)
{
    return (int)lab_landscape_path(&bridge.lab);
}

/* --- the files in memory --- */

/* The room holds the path, a 0, and then `size` bytes of content. */
BRIDGE(slope_file_write) int slope_file_write(size_t size)
{
    int handle;
    int error = sl_os_open(bridge.room, 'w', &handle);
    if (!error) {
        error = sl_os_write(handle, bridge.room + strlen(bridge.room) + 1, size);
        sl_os_close(handle);
    }
    return error;
}

/* The room holds the path. Its bytes: at slope_file, slope_file_size of them, until the next call. */
BRIDGE(slope_file_read) int slope_file_read(void)
{
    int handle;
    uint64_t size = 0;
    free(bridge.file);
    bridge.file = NULL;
    bridge.file_size = 0;
    int error = sl_os_open(bridge.room, 'r', &handle);
    if (error)
        return error;
    if (!sl_os_size(handle, &size) && (bridge.file = malloc((size_t)size + 1)))
        error = sl_os_read(handle, bridge.file, (size_t)size, &bridge.file_size);
    sl_os_close(handle);
    return error;
}

BRIDGE(slope_file) const unsigned char *slope_file(void)
{
    return bridge.file;
}

BRIDGE(slope_file_size) size_t slope_file_size(void)
{
    return bridge.file_size;
}

static bool bridge_name(void *user, const char *name)
{
    sl_text *list = user;
    sl_text_put(list, list->length > 1 ? ", " : "");
    sl_json_put_string(list, name);
    return true;
}

/* The room holds a folder; the answer is a JSON array of the names in it. */
BRIDGE(slope_file_list) int slope_file_list(void)
{
    sl_text *list = lab_begin(&bridge.lab);
    sl_text_put(list, "[");
    const int error = sl_os_list(bridge.room, bridge_name, list);
    sl_text_put(list, "]");
    return error;
}

BRIDGE(slope_file_remove) int slope_file_remove(void)
{
    return sl_os_remove_file(bridge.room);
}
