/* safetensors.h - the container of model files: named tensors and texts
 * (https://github.com/huggingface/safetensors, "Format"). A file is 8 bytes with the header's length, little
 * endian; the header, JSON; then the tensors' bytes, row-major and little endian, without a gap.          */
#ifndef SL_MODEL_SAFETENSORS_H
#define SL_MODEL_SAFETENSORS_H

#include "core/arena.h"
#include "core/file.h"
#include "core/json.h"

typedef enum {
    SL_F64,
    SL_F32,
    SL_F16,
    SL_BF16,
    SL_I64,
    SL_I32,
    SL_I16,
    SL_I8,
    SL_U8,
    SL_BOOL,
    SL_DTYPE_COUNT
} sl_dtype;
#ifdef SL_REAL_DOUBLE
#    define SL_DTYPE_REAL SL_F64 /* what an sl_real is in a file */
#else
#    define SL_DTYPE_REAL SL_F32
#endif
size_t sl_dtype_size(sl_dtype dtype);      /* bytes of an element */
const char *sl_dtype_name(sl_dtype dtype); /* "F32" */

/* --- reading ---------------------------------------------------------------------------------------- */

typedef struct sl_safetensors sl_safetensors;
typedef struct {
    const char *name;
    const sl_safetensors *file;
    sl_dtype dtype;
    sl_shape shape;
    size_t count;               /* elements */
    const unsigned char *bytes; /* inside what was read, numbers in the machine's order of bytes; at any
                                   address: copy, do not cast */
    size_t size;
} sl_safetensor;

struct sl_safetensors {
    sl_ctx *ctx;
    const char *name;        /* of the file, for messages */
    const sl_json *metadata; /* an object of strings, or NULL */
    sl_safetensor *tensors;  /* in the order of their bytes */
    size_t count;
};

/* Checks everything about bytes[0..size), which stay borrowed with `name` as long as the result is used; the
 * rest is made in the arena. NULL and SL_EFORMAT with a sentence that names the file.                    */
sl_safetensors *sl_safetensors_read(sl_arena *arena, const char *name, const unsigned char *bytes,
                                    size_t size);
const sl_safetensor *sl_safetensors_find(const sl_safetensors *file, const char *name); /* NULL: none */
const sl_safetensor *sl_safetensors_need(const sl_safetensors *file, const char *name); /* none: SL_EFORMAT */
const char *sl_safetensors_metadata(const sl_safetensors *file, const char *key);       /* NULL: none */

/* All `count` elements. SL_ESHAPE when the tensor has another number of them, SL_EFORMAT when its dtype is
 * not of that kind (F64 F32 F16 BF16; I64 I32 I16 I8 U8 BOOL). A number too large for an sl_real becomes an
 * infinity. t NULL: SL_EINVAL.                                                                        */
sl_status sl_safetensors_copy_reals(const sl_safetensor *t, sl_real *out, size_t count);
sl_status sl_safetensors_copy_integers(const sl_safetensor *t, int64_t *out, size_t count);

/* --- writing ---------------------------------------------------------------------------------------- */

typedef struct {
    sl_ctx *ctx;
    sl_text metadata, header;
    sl_piece *pieces;  /* [0], [1]: length and header; then the tensors */
    uint64_t *digests; /* of the names, to refuse one given twice */
    size_t count, capacity, offset;
    sl_status status; /* not SL_OK: the context has the error, further additions do nothing */
} sl_safetensors_writer;

/* begin, then metadata and put in any order, then write: it gives all memory back, whatever happens. The
 * bytes stay borrowed until then, texts are copied. The same calls give the same file, tensors in that order.
 */
void sl_safetensors_begin(sl_safetensors_writer *writer, sl_ctx *ctx);
void sl_safetensors_put_metadata(sl_safetensors_writer *writer, const char *key, const char *value);
void sl_safetensors_put(sl_safetensors_writer *writer, const char *name, sl_dtype dtype, sl_shape shape,
                        const void *bytes);
/* path NULL: only gives the memory back. */
sl_status sl_safetensors_write(sl_safetensors_writer *writer, const char *path, bool sync);

/* Elements of a shape times `size` bytes; false: rank, a dimension or the product is out of range. */
bool sl_safetensors_size(sl_shape shape, size_t size, size_t *bytes);

#endif
