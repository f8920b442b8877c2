/* os_wasm_files.c - the files of os.h where there is no system: a WebAssembly module keeps them in its own
 * memory, so that whatever reads or writes files works there too, and its host takes them out again. They end
 * with the module. Fuzzers have theirs here too (SL_OS_MEMORY), where a file costs no call of the system. */
#include "core/os.h"

#if defined(__wasm__) || defined(SL_OS_MEMORY)

#    include <stdlib.h>
#    include <string.h>

enum { OS_MEMORY_MISSING = 1, OS_MEMORY_FOLDER, OS_MEMORY_NO_FOLDER, OS_MEMORY_FULL, OS_MEMORY_HANDLE };

typedef struct os_node {
    struct os_node *next;
    char *path; /* from the root, without a leading or double '/'; NULL: has no name any more */
    unsigned char *bytes;
    size_t size, room;
    int64_t changed;
    int opened;
    bool folder;
} os_node;

typedef struct {
    os_node *node; /* NULL: free */
    size_t place;
    bool reads, writes, appends;
} os_handle;

enum { OS_HANDLES = 64 };
static os_node *os_nodes;
static os_handle os_handles[OS_HANDLES];
static int64_t os_changes; /* there is no clock: a change is later than the one before */

const char *sl_os_reason(int error, char *buffer, size_t size)
{
    (void)buffer, (void)size;
    static const char *const reasons[] = { "There are no threads in WebAssembly",
                                           "No such file or folder",
                                           "It is a folder",
                                           "The folder is not there",
                                           "The memory is full",
                                           "Too many open files" };
    return reasons[error >= OS_MEMORY_MISSING && error <= OS_MEMORY_HANDLE ? error : 0];
}

/* A copy without "./", "//" and the '/' at both ends. */
static char *os_path(const char *path)
{
    char *copy = malloc(strlen(path) + 1), *to = copy;
    for (const char *from = path; copy && *from;) {
        const size_t length = strcspn(from, "/");
        if (length && !(length == 1 && *from == '.')) {
            if (to > copy)
                *to++ = '/';
            memcpy(to, from, length);
            to += length;
        }
        from += length + (from[length] == '/');
    }
    if (copy)
        *to = 0;
    return copy;
}

static os_node *os_find(const char *path)
{
    for (os_node *node = os_nodes; node; node = node->next)
        if (node->path && !strcmp(node->path, path))
            return node;
    return NULL;
}

/* Is the folder there that this path lies in? */
static bool os_has_parent(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return true;
    const size_t length = (size_t)(slash - path);
    for (const os_node *node = os_nodes; node; node = node->next)
        if (node->path && node->folder && strlen(node->path) == length && !memcmp(node->path, path, length))
            return true;
    return false;
}

/* Takes the path over. */
static os_node *os_add(char *path, bool folder)
{
    os_node *node = calloc(1, sizeof *node);
    if (!node)
        return NULL;
    *node = (os_node){ .next = os_nodes, .path = path, .folder = folder, .changed = ++os_changes };
    return os_nodes = node;
}

/* Frees what has neither a name nor a handle. */
static void os_sweep(void)
{
    for (os_node **at = &os_nodes; *at;) {
        os_node *node = *at;
        if (node->path || node->opened) {
            at = &node->next;
            continue;
        }
        *at = node->next;
        free(node->bytes);
        free(node);
    }
}

static void os_unname(os_node *node)
{
    free(node->path);
    node->path = NULL;
    os_sweep();
}

sl_path_kind sl_os_path_kind(const char *path)
{
    char *wanted = os_path(path);
    const os_node *node = wanted ? os_find(wanted) : NULL;
    const bool root = wanted && !*wanted && *path;
    free(wanted);
    return root ? SL_PATH_FOLDER : !node ? SL_PATH_NONE : node->folder ? SL_PATH_FOLDER : SL_PATH_FILE;
}

bool sl_os_path_special(const char *path)
{
    (void)path;
    return false;
}

int sl_os_working_folder(char *buffer, size_t size)
{
    if (size < 2)
        return OS_MEMORY_FULL;
    memcpy(buffer, "/", 2);
    return 0;
}

int sl_os_make_folder(const char *path)
{
    char *wanted = os_path(path);
    const os_node *node = wanted ? os_find(wanted) : NULL;
    const int error = !wanted                              ? OS_MEMORY_FULL
                      : !*wanted || (node && node->folder) ? 0
                      : node                               ? OS_MEMORY_NO_FOLDER
                      : !os_has_parent(wanted)             ? OS_MEMORY_NO_FOLDER
                      : os_add(wanted, true)               ? -1
                                                           : OS_MEMORY_FULL;
    if (error >= 0)
        free(wanted);
    return error < 0 ? 0 : error;
}

int sl_os_remove_file(const char *path)
{
    char *wanted = os_path(path);
    os_node *node = wanted ? os_find(wanted) : NULL;
    free(wanted);
    if (node && node->folder)
        return OS_MEMORY_FOLDER;
    if (node)
        os_unname(node);
    return 0;
}

int sl_os_rename(const char *from, const char *to)
{
    char *source = os_path(from), *target = os_path(to);
    os_node *node = source && target ? os_find(source) : NULL;
    free(source);
    const int error = !node                    ? OS_MEMORY_MISSING
                      : node->folder           ? OS_MEMORY_FOLDER
                      : !os_has_parent(target) ? OS_MEMORY_NO_FOLDER
                                               : 0;
    if (error) {
        free(target);
        return error;
    }
    os_node *old = os_find(target);
    if (old == node) {
        free(target);
        return 0;
    }
    free(node->path);
    node->path = target;
    if (old)
        os_unname(old);
    return 0;
}

int sl_os_list(const char *path, bool (*take)(void *user, const char *name), void *user)
{
    char *folder = os_path(path);
    if (!folder)
        return OS_MEMORY_FULL;
    const size_t length = strlen(folder);
    const os_node *there = os_find(folder);
    int error = length && !there ? OS_MEMORY_MISSING : there && !there->folder ? OS_MEMORY_NO_FOLDER : 0;
    for (const os_node *node = os_nodes; node && !error; node = node->next) {
        const char *name = node->path;
        if (!name || strncmp(name, folder, length) != 0 || (length && name[length] != '/'))
            continue;
        name += length ? length + 1 : 0;
        if (*name && !strchr(name, '/') && !take(user, name))
            break;
    }
    free(folder);
    return error;
}

int sl_os_folder_writable(const char *path)
{
    return sl_os_path_kind(path) == SL_PATH_FOLDER ? 0 : OS_MEMORY_NO_FOLDER;
}

static int os_take_handle(os_node *node, int *handle)
{
    for (int i = 1; i < OS_HANDLES; i++) /* 0 is standard input, which is empty */
        if (!os_handles[i].node) {
            os_handles[i] = (os_handle){ .node = node };
            node->opened++;
            *handle = i;
            return 0;
        }
    return OS_MEMORY_HANDLE;
}

int sl_os_open(const char *path, char mode, int *handle)
{
    *handle = -1;
    char *wanted = os_path(path);
    os_node *node = wanted ? os_find(wanted) : NULL;
    int error = !wanted ? OS_MEMORY_FULL : 0;
    if (!error && (node ? node->folder : !*wanted))
        error = OS_MEMORY_FOLDER;
    else if (!error && !node && mode == 'r')
        error = OS_MEMORY_MISSING;
    else if (!error && !node && !os_has_parent(wanted))
        error = OS_MEMORY_NO_FOLDER;
    else if (!error && !node) {
        node = os_add(wanted, false);
        error = node ? 0 : OS_MEMORY_FULL;
        wanted = node ? NULL : wanted;
    }
    free(wanted);
    if (error || (error = os_take_handle(node, handle)))
        return error;
    os_handle *h = &os_handles[*handle];
    h->reads = mode == 'r' || mode == 'u';
    h->writes = mode != 'r';
    h->appends = mode == 'a';
    if (mode == 'w' || mode == 'u') {
        node->size = 0;
        node->changed = ++os_changes;
    }
    return 0;
}

int sl_os_temporary(const char *folder, int *handle)
{
    (void)folder;
    *handle = -1;
    os_node *node = os_add(NULL, false);
    if (!node)
        return OS_MEMORY_FULL;
    const int error = os_take_handle(node, handle);
    if (error)
        os_sweep();
    else
        os_handles[*handle].reads = os_handles[*handle].writes = true;
    return error;
}

static os_handle *os_handle_at(int handle)
{
    return handle > 0 && handle < OS_HANDLES && os_handles[handle].node ? &os_handles[handle] : NULL;
}

int sl_os_size(int handle, uint64_t *size)
{
    const os_handle *h = os_handle_at(handle);
    *size = h ? h->node->size : 0;
    return h || handle == SL_OS_INPUT ? 0 : OS_MEMORY_HANDLE;
}

int sl_os_modified(int handle, int64_t *when)
{
    const os_handle *h = os_handle_at(handle);
    *when = h ? h->node->changed : 0;
    return h || handle == SL_OS_INPUT ? 0 : OS_MEMORY_HANDLE;
}

int sl_os_read_at(int handle, uint64_t offset, void *bytes, size_t size, size_t *got)
{
    const os_handle *h = os_handle_at(handle);
    *got = 0;
    if (!h)
        return handle == SL_OS_INPUT ? 0 : OS_MEMORY_HANDLE;
    if (!h->reads)
        return OS_MEMORY_HANDLE;
    if (offset < h->node->size) {
        const size_t rest = h->node->size - (size_t)offset;
        *got = size < rest ? size : rest;
        if (*got)
            memcpy(bytes, h->node->bytes + offset, *got);
    }
    return 0;
}

int sl_os_read(int handle, void *bytes, size_t size, size_t *got)
{
    os_handle *h = os_handle_at(handle);
    const int error = sl_os_read_at(handle, h ? h->place : 0, bytes, size, got);
    if (h)
        h->place += *got;
    return error;
}

int sl_os_write_at(int handle, uint64_t offset, const void *bytes, size_t size)
{
    os_handle *h = os_handle_at(handle);
    if (!h || !h->writes)
        return OS_MEMORY_HANDLE;
    os_node *node = h->node;
    if (offset > SIZE_MAX / 4 || size > SIZE_MAX / 4)
        return OS_MEMORY_FULL;
    const size_t end = (size_t)offset + size;
    if (end > node->room) {
        const size_t room = end + end / 2 + 256;
        unsigned char *grown = realloc(node->bytes, room);
        if (!grown)
            return OS_MEMORY_FULL;
        node->bytes = grown;
        node->room = room;
    }
    if (offset > node->size)
        memset(node->bytes + node->size, 0, (size_t)offset - node->size);
    if (size)
        memcpy(node->bytes + offset, bytes, size);
    node->size = end > node->size ? end : node->size;
    node->changed = ++os_changes;
    return 0;
}

int sl_os_write(int handle, const void *bytes, size_t size)
{
    os_handle *h = os_handle_at(handle);
    if (!h)
        return OS_MEMORY_HANDLE;
    const size_t place = h->appends ? h->node->size : h->place;
    const int error = sl_os_write_at(handle, place, bytes, size);
    if (!error)
        h->place = place + size;
    return error;
}

int sl_os_cut(int handle, uint64_t size)
{
    os_handle *h = os_handle_at(handle);
    if (!h || !h->writes)
        return OS_MEMORY_HANDLE;
    if (size < h->node->size)
        h->node->size = (size_t)size;
    h->node->changed = ++os_changes;
    return 0;
}

int sl_os_sync(int handle)
{
    return os_handle_at(handle) ? 0 : OS_MEMORY_HANDLE;
}

int sl_os_close(int handle)
{
    os_handle *h = os_handle_at(handle);
    if (!h)
        return handle == SL_OS_INPUT ? 0 : OS_MEMORY_HANDLE;
    h->node->opened--;
    h->node = NULL;
    os_sweep();
    return 0;
}

int sl_os_sync_folder(const char *path)
{
    return sl_os_path_kind(path) == SL_PATH_FOLDER ? 0 : OS_MEMORY_MISSING;
}

int sl_os_lock_folder(const char *path, int *handle, bool *busy)
{
    *busy = false;
    *handle = SL_OS_INPUT; /* nobody else is here, and closing it does nothing */
    return sl_os_path_kind(path) == SL_PATH_FOLDER ? 0 : OS_MEMORY_MISSING;
}

#else
typedef int os_wasm_files_unused; /* ISO C wants a declaration */
#endif
