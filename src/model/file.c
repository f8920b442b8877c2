/* file.c - a model as a safetensors file: the numbers as tensors, everything else as JSON under the metadata
 * key "slope". Class names are bytes in one tensor and their offsets in another, so that there may be many.
 */
#include "core/os.h"
#include "model/file_views.h"
#include "model/model.h"

#include <string.h>

static void file_put_shape(sl_text *json, sl_shape shape)
{
    sl_text_put(json, "[");
    for (int i = 0; i < shape.rank; i++)
        sl_text_add(json, i ? ", %d" : "%d", shape.dim[i]);
    sl_text_put(json, "]");
}

void sl_model_describe(const sl_model *model, sl_text *json)
{
    bool first = true;
    sl_json_key(json, &first, "format");
    sl_text_add(json, "%d", SL_MODEL_FORMAT);
    sl_json_key(json, &first, "version");
    sl_json_put_string(json, SLOPE_VERSION);
    sl_json_key(json, &first, "input");
    sl_text_put(json, "{\"shape\": ");
    file_put_shape(json, model->input);
    sl_text_put(json, ", \"divisor\": ");
    sl_json_put_real(json, model->divisor);
    sl_text_put(json, ", \"preprocessing\": ");
    sl_json_put_string(json, model->preprocessing);
    if (model->columns) {
        sl_text_put(json, ", \"columns\": ");
        sl_columns_put(model->columns, json);
    }
    if (model->views) {
        sl_text_put(json, ", \"views\": ");
        sl_views_put(model->views, json);
    }
    sl_text_put(json, "}");
    sl_json_key(json, &first, "layers");
    sl_model_put_layers(model, json);
    sl_json_key(json, &first, "init");
    sl_json_put_string(json, model->init);
    if (model->biases_stay) {
        sl_json_key(json, &first, "biases");
        sl_json_put_string(json, "fixed");
    }
    sl_json_key(json, &first, "loss");
    sl_json_put_string(json, model->loss ? model->loss_text : NULL);
    sl_json_key(json, &first, "optimizer");
    sl_optimizer_put(json, &model->optimizer);
    sl_json_key(json, &first, "classes");
    sl_text_add(json, "%d", model->classes);
    sl_model_put_target(model, json, &first);
}

/* Parameters, then running statistics: all that has a place in model->values. */
static const sl_tensor *file_tensor(const sl_model *model, int index, const char **name)
{
    const int behind = index - model->param_count;
    if (behind >= model->running_count)
        return NULL;
    *name = behind < 0 ? model->param_names[index] : model->running_names[behind];
    return behind < 0 ? model->params[index] : model->running[behind];
}

sl_status sl_model_put_values(const sl_model *model, sl_safetensors_writer *writer, const char *prefix,
                              const sl_real *values)
{
    const sl_tensor *t;
    const char *own;
    for (int i = 0; (t = file_tensor(model, i, &own)); i++) {
        sl_text name;
        sl_text_init(&name, model->ctx);
        sl_text_add(&name, "%s%s", prefix, own);
        if (!name.failed)
            sl_safetensors_put(writer, name.bytes, SL_DTYPE_REAL, t->shape, values + (t->v - model->values));
        sl_text_free(&name);
    }
    return model->ctx->status;
}

sl_status sl_model_put(const sl_model *model, sl_safetensors_writer *writer, const sl_real *values,
                       sl_arena *memory)
{
    if (sl_model_put_values(model, writer, "", values) || sl_model_put_columns(model, writer, memory) ||
        (model->views && sl_views_put_tensors(model->views, writer, memory)) || !model->classes)
        return model->ctx->status;
    int64_t *offsets = sl_arena_take(memory, ((size_t)model->classes + 1) * sizeof *offsets);
    size_t length = 0;
    for (int c = 0; c < model->classes; c++)
        length += strlen(model->class_names[c]);
    char *text = offsets ? sl_arena_take(memory, length + 1) : NULL;
    if (!text)
        return model->ctx->status;
    offsets[0] = 0;
    for (int c = 0; c < model->classes; c++) {
        const size_t own = strlen(model->class_names[c]);
        memcpy(text + offsets[c], model->class_names[c], own);
        offsets[c + 1] = offsets[c] + (int64_t)own;
    }
    sl_safetensors_put(writer, "classes.text", SL_U8, (sl_shape){ 1, { (int)length } }, text);
    sl_safetensors_put(writer, "classes.offsets", SL_I64, (sl_shape){ 1, { model->classes + 1 } }, offsets);
    return model->ctx->status;
}

sl_status sl_model_save(const sl_model *model, const char *path)
{
    return sl_model_save_values(model, model ? model->values : NULL, path);
}

sl_status sl_model_save_values(const sl_model *model, const sl_real *values, const char *path)
{
    if (!model || model->ctx->status)
        return model ? model->ctx->status : SL_EINVAL;
    sl_ctx *ctx = model->ctx;
    if (!path)
        return sl_fail(ctx, SL_EINVAL, "sl_model_save: the path is NULL");
    if (!model->built)
        return sl_fail(ctx, SL_EINVAL, "%s: the model has no weights yet: train it first", path);
    sl_safetensors_writer writer;
    sl_text json;
    sl_arena memory;
    sl_text_init(&json, ctx);
    sl_arena_init(&memory, ctx);
    sl_text_put(&json, "{");
    sl_model_describe(model, &json);
    sl_text_put(&json, "}");
    sl_safetensors_begin(&writer, ctx);
    sl_model_put(model, &writer, values, &memory);
    if (!json.failed)
        sl_safetensors_put_metadata(&writer, "slope", sl_text_string(&json));
    sl_safetensors_write(&writer, ctx->status ? NULL : path, true);
    sl_text_free(&json);
    sl_arena_free(&memory);
    return ctx->status;
}

const sl_json *sl_model_description(sl_arena *arena, const sl_safetensors *file)
{
    const char *text = sl_safetensors_metadata(file, "slope");
    if (!text) {
        sl_fail(file->ctx, SL_EFORMAT, "%s: no metadata 'slope': the file was not written by slope",
                file->name);
        return NULL;
    }
    const sl_json *json = sl_json_read(arena, file->name, text, strlen(text));
    const uint64_t format = sl_json_uint64(json, "format", 0);
    if (!json || format == SL_MODEL_FORMAT)
        return json;
    sl_fail(file->ctx, SL_EFORMAT,
            "%s: its format is %llu, written by slope %s; slope %s reads format 1 to %d%s", file->name,
            (unsigned long long)format, sl_json_string(json, "version", "(unknown)"), SLOPE_VERSION,
            SL_MODEL_FORMAT, format > SL_MODEL_FORMAT ? ": take a newer slope" : "");
    return NULL;
}

sl_status sl_model_take_values(const sl_model *model, const sl_safetensors *file, const char *prefix,
                               sl_real *values)
{
    sl_ctx *ctx = model->ctx;
    const sl_tensor *t;
    const char *own;
    for (int i = 0; !ctx->status && (t = file_tensor(model, i, &own)); i++) {
        sl_text name;
        sl_text_init(&name, ctx);
        sl_text_add(&name, "%s%s", prefix, own);
        const sl_safetensor *found = name.failed ? NULL : sl_safetensors_need(file, name.bytes);
        char is[96], wanted[96];
        if (found && !sl_shape_equal(found->shape, t->shape))
            sl_fail(ctx, SL_EFORMAT, "%s: tensor %s has shape %s: the net wants %s", file->name, name.bytes,
                    sl_shape_text(is, found->shape), sl_shape_text(wanted, t->shape));
        if (found && !ctx->status)
            sl_safetensors_copy_reals(found, values + (t->v - model->values), t->count);
        size_t bad;
        if (found && !ctx->status &&
            !sl_all_finite(ctx->isa, values + (t->v - model->values), t->count, &bad))
            sl_fail(ctx, SL_EFORMAT, "%s: number %zu of tensor %s is not finite: no answer could be trusted",
                    file->name, bad, name.bytes);
        sl_text_free(&name);
    }
    return ctx->status;
}

static sl_status file_take_classes(sl_model *model, const sl_safetensors *file, uint64_t classes)
{
    sl_ctx *ctx = model->ctx;
    const sl_safetensor *text = sl_safetensors_need(file, "classes.text");
    const sl_safetensor *places = sl_safetensors_need(file, "classes.offsets");
    if (!text || !places)
        return ctx->status;
    if (text->dtype != SL_U8 || places->count != classes + 1)
        return sl_fail(ctx, SL_EFORMAT,
                       "%s: %llu classes, and %zu offsets of their names: wants one more than classes",
                       file->name, (unsigned long long)classes, places->count);
    int64_t *offset = sl_alloc_array(ctx, places->count, sizeof *offset);
    char **names = sl_alloc_array(ctx, places->count, sizeof *names);
    if (offset && names && !sl_safetensors_copy_integers(places, offset, places->count))
        for (size_t c = 0; c < classes && !ctx->status; c++) {
            if (offset[c] < 0 || offset[c + 1] < offset[c] || (uint64_t)offset[c + 1] > text->size)
                sl_fail(ctx, SL_EFORMAT, "%s: the offsets of class name %zu do not lie in the text",
                        file->name, c);
            else
                names[c] = sl_strndup(ctx, (const char *)text->bytes + offset[c],
                                      (size_t)(offset[c + 1] - offset[c]));
        }
    if (!ctx->status)
        sl_model_set_classes(model, (int)classes, (const char *const *)names);
    for (size_t c = 0; names && c < classes; c++)
        sl_free(ctx, names[c]);
    sl_free(ctx, names);
    sl_free(ctx, offset);
    return ctx->status;
}

/* As many names as the output tells classes apart: else a name is missing, or never answered. */
static sl_status file_check_classes(const sl_model *model, const sl_safetensors *file, uint64_t classes)
{
    const int wanted = model->loss ? sl_loss_kinds(model->loss, sl_model_outputs(model)) : 0;
    if (!wanted || classes == (uint64_t)wanted)
        return SL_OK;
    return sl_fail(model->ctx, SL_EFORMAT, "%s: it has names for %llu classes: the output tells %d apart",
                   file->name, (unsigned long long)classes, wanted);
}

static bool file_take_shape(const sl_json *list, sl_shape *shape)
{
    size_t count;
    *shape = (sl_shape){ 0 };
    if (!list || list->kind != SL_JSON_ARRAY || list->count > SL_MAX_DIMS)
        return false;
    for (const sl_json *e = list->first; e; e = e->next) {
        uint64_t dim;
        if (!sl_json_whole(e, &dim) || dim > 1u << 30)
            return false;
        shape->dim[shape->rank++] = (int)dim;
    }
    return sl_shape_count(*shape, &count);
}

/* The description promises so many numbers; the file must hold them, before memory is taken for them. */
static sl_status file_check_promise(sl_model *model, const sl_safetensors *file)
{
    sl_ctx *ctx = model->ctx;
    for (int i = 0; i < model->count; i++)
        for (int w = 0; w < model->layers[i].wants + model->layers[i].runs && model->layers[i].shares < 0;
             w++) {
            const sl_wanted *wanted = &model->layers[i].wanted[w];
            sl_text name;
            sl_text_init(&name, ctx);
            sl_text_add(&name, "%s.%s", model->layers[i].name, wanted->name);
            const sl_safetensor *t = name.failed ? NULL : sl_safetensors_need(file, name.bytes);
            char is[96], wants[96];
            if (t && !sl_shape_equal(t->shape, wanted->shape))
                sl_fail(ctx, SL_EFORMAT, "%s: tensor %s has shape %s: the net wants %s", file->name,
                        name.bytes, sl_shape_text(is, t->shape), sl_shape_text(wants, wanted->shape));
            sl_text_free(&name);
            if (ctx->status)
                return ctx->status;
        }
    return SL_OK;
}

/* What a layer says of its own words and shapes does not know of the file that they stand in. */
static void file_name_first(sl_ctx *ctx, const sl_safetensors *file)
{
    if ((ctx->status == SL_EINVAL || ctx->status == SL_ESHAPE) &&
        strncmp(ctx->message, file->name, strlen(file->name)) != 0)
        sl_fail_at(ctx, file->name);
}

sl_model *sl_model_take(sl_ctx *ctx, const sl_safetensors *file, const sl_json *description)
{
    const sl_json *input = sl_json_get(description, "input");
    sl_shape shape;
    sl_model *model = sl_model_take_layers(ctx, file->name, sl_json_get(description, "layers"));
    if (!model) {
        file_name_first(ctx, file);
        return NULL;
    }
    model->blank = true;
    const sl_json *views = sl_json_get(input, "views");
    const double divisor = sl_json_number(input, "divisor", 0);
    const uint64_t classes = sl_json_uint64(description, "classes", 0);
    if (!file_take_shape(sl_json_get(input, "shape"), &shape)) {
        sl_fail(ctx, SL_EFORMAT,
                "%s: the description's input has no shape that can be: wants a list of at most %d sizes, "
                "whose product a computer can count to",
                file->name, SL_MAX_DIMS);
    } else if (!(divisor >= 0)) {
        sl_fail(ctx, SL_EFORMAT, "%s: the description's input has the divisor %g: wants 0 or more",
                file->name, divisor);
    } else if (classes > 1u << 24) {
        sl_fail(ctx, SL_EFORMAT, "%s: the description has %llu classes: wants at most %u", file->name,
                (unsigned long long)classes, 1u << 24);
    } else if (!(views && !(model->views = sl_views_take(ctx, file, views))) &&
               !sl_model_shapes(model, shape) && !file_check_promise(model, file) &&
               !sl_model_build(model, shape) && !sl_model_take_values(model, file, "", model->values)) {
        const char *loss = sl_json_string(description, "loss", NULL);
        const sl_plan plan = { .loss = loss,
                               .optimizer = sl_optimizer_take(sl_json_get(description, "optimizer")) };
        if (loss)
            sl_model_compile(model, &plan);
        model->version = sl_strdup(ctx, sl_json_string(description, "version", NULL));
        model->init = sl_strdup(ctx, sl_json_string(description, "init", NULL));
        const char *biases = sl_json_string(description, "biases", NULL);
        if (biases && !strcmp(biases, "fixed"))
            sl_model_hold_biases(model);
        sl_model_set_preprocessing(model, (sl_real)divisor, sl_json_string(input, "preprocessing", "none"));
        if (classes && !ctx->status && !file_check_classes(model, file, classes))
            file_take_classes(model, file, classes);
        if (sl_json_get(input, "columns") && !ctx->status)
            sl_model_take_columns(model, file, sl_json_get(input, "columns"));
        if (!ctx->status)
            sl_model_take_target(model, file->name, description);
        sl_json_fits(ctx, description, file->name);
    }
    if (!ctx->status)
        return model;
    file_name_first(ctx, file);
    sl_model_free(model);
    return NULL;
}

sl_model *sl_model_load(sl_ctx *ctx, const char *path)
{
    if (!path)
        sl_fail(ctx, SL_EINVAL, "sl_model_load: the path is NULL: wants the name of a file or folder");
    if (!ctx || ctx->status)
        return NULL;
    char *inside =
        sl_os_path_kind(path) == SL_PATH_FOLDER ? sl_path_join(ctx, path, "model.safetensors") : NULL;
    if (inside && sl_os_path_kind(inside) == SL_PATH_NONE) {
        char *fold = sl_path_join(ctx, path, "fold-1/run.json");
        if (fold && sl_os_path_kind(fold) == SL_PATH_FILE)
            sl_fail(ctx, SL_EFILE, "%s: holds the runs of folds: name one of them, such as %s/fold-1", path,
                    path);
        else if (fold)
            sl_fail(ctx, SL_EFILE,
                    "%s: there is no model.safetensors in this folder: wants a run folder with a finished "
                    "epoch, or a model file",
                    path);
        sl_free(ctx, fold);
        sl_free(ctx, inside);
        return NULL;
    }
    const char *name = inside ? inside : path;
    unsigned char *bytes = NULL;
    size_t size;
    sl_arena arena;
    sl_arena_init(&arena, ctx);
    sl_model *model = NULL;
    if (!ctx->status && !sl_file_read(ctx, name, &bytes, &size)) {
        const sl_safetensors *file = sl_safetensors_read(&arena, name, bytes, size);
        const sl_json *description = file ? sl_model_description(&arena, file) : NULL;
        if (description)
            model = sl_model_take(ctx, file, description);
    }
    sl_arena_free(&arena);
    sl_free(ctx, bytes);
    sl_free(ctx, inside);
    return model;
}
