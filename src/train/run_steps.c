/* run_steps.c - steps.csv: the losses of the steps. Rows are added as they come; when the stride has doubled,
 * the file is written anew, with half of them. */
#include "train/run.h"

static void run_put_steps_row(sl_text *text, uint64_t step, const sl_steps_row *row)
{
    const float numbers[] = { row->loss, row->low, row->high, row->lr };
    char number[32] = "";
    sl_text_add(text, "%llu", (unsigned long long)step);
    for (int i = 0; i < 4; i++) {
        sl_text_put(text, ",");
        if (i == 0 || numbers[i] != numbers[i - 1]) /* of one step three are the same */
            sl_number_text_float(number, numbers[i]);
        if (numbers[i] - numbers[i] == 0)
            sl_text_put(text, number);
    }
    sl_text_put(text, "\n");
}

sl_status sl_run_write_steps(sl_run *run)
{
    const sl_trainer *t = run->trainer;
    const sl_steps *s = &t->losses;
    const bool anew = run->steps_stride != s->stride, ends = t->finished && s->count && !run->steps_ended;
    sl_text text;
    if (!anew && s->rows == run->steps_written && !ends)
        return SL_OK;
    sl_text_init(&text, run->ctx);
    if (anew)
        sl_text_put(&text, "step,loss,lowest,highest,lr\n");
    for (size_t i = anew ? 0 : run->steps_written; i < s->rows; i++)
        run_put_steps_row(&text, s->first + (i + 1) * s->stride, &s->row[i]);
    if (ends) {
        const sl_steps_row last = sl_steps_part(s, sl_trainer_rate(t));
        run_put_steps_row(&text, t->steps, &last);
    }
    char *path = text.failed || anew ? NULL : sl_run_path(run, "steps.csv");
    if (anew && !sl_run_put_file(run, "steps.csv", &text, false))
        run->steps_whole = text.length;
    else if (path)
        sl_file_append(run->ctx, path, text.bytes, text.length, &run->steps_whole);
    sl_free(run->ctx, path);
    sl_text_free(&text);
    if (run->ctx->status)
        return run->ctx->status; /* the rows are still in memory */
    run->steps_written = s->rows;
    run->steps_stride = s->stride;
    run->steps_ended = ends;
    return SL_OK;
}

sl_status sl_run_begin_steps(sl_run *run)
{
    run->steps_stride = 0;
    return sl_run_write_steps(run);
}
