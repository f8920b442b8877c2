/* playground.c - slope playground */
#define _XOPEN_SOURCE 700
#include "../playground.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "../outfile.h"
#include "../program.h"
#include "../system.h"

typedef struct {
    const char *out;
    bool quiet;
} playground_settings;

#define PLAYGROUND_AT(field) .at = offsetof(playground_settings, field)
enum { PLAYGROUND_PATH = 4096 };

static const cli_option playground_operands[] = { { 0 } };

static const cli_option playground_options[] = {
    { .name = "out",
      .letter = 'o',
      .kind = CLI_TEXT,
      .value = "FILE.html",
      .words = "file",
      .group = "result",
      PLAYGROUND_AT(out),
      .normal = "a file in the user's cache, which is opened",
      .help = "write the page here, and open nothing" },
    { .name = "quiet",
      .letter = 'q',
      .kind = CLI_FLAG,
      .group = "running",
      PLAYGROUND_AT(quiet),
      .help = "no remark where the page is" },
    { 0 },
};

static const cli_example playground_examples[] = {
    { "slope playground", "opens it in the browser" },
    { "slope playground -o playground.html", "one file, to be put on a page or sent to somebody" },
    { 0 },
};

static bool playground_write(cli_outfile *out)
{
    for (const char *const *piece = cli_playground_page; *piece; piece++)
        fputs(*piece, out->stream);
    return cli_outfile_close(out);
}

static bool playground_folder(char path[PLAYGROUND_PATH], const char *parent, const char *name)
{
    const int length = snprintf(path, PLAYGROUND_PATH, "%s/%s", parent, name);
    return length > 0 && length < PLAYGROUND_PATH - 32 && cli_system_make_folder(path, true);
}

/* Always the same place, so that what a browser remembers of the page stays with it: slope/playground.html in
 * the user's cache; where there is none, in a new folder for temporary files. */
static bool playground_place(char path[PLAYGROUND_PATH])
{
#if defined(_WIN32)
    const char *cache = getenv("LOCALAPPDATA"), *home = NULL;
#else
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
#endif
    char own[PLAYGROUND_PATH];
    bool there = cache && cli_system_absolute(cache) && playground_folder(path, cache, "slope");
    if (!there && home && cli_system_absolute(home) && playground_folder(own, home, ".cache"))
        there = playground_folder(path, own, "slope");
    if (!there)
        there = cli_system_temporary_folder("slope", path, PLAYGROUND_PATH - 32);
    if (there)
        strcat(path, "/playground.html");
    else
        cli_say("playground", "there is no folder to put the page into (%s): say where, with -o FILE.html",
                strerror(errno));
    return there;
}

/* In the browser that is set up. false: there is none, or nothing to show it on. */
static bool playground_show(const char *path)
{
    const char *const openers[][4] = {
#if defined(__APPLE__)
        { "open", path, NULL },
#elif defined(_WIN32)
        { "rundll32", "url.dll,FileProtocolHandler", path, NULL },
#endif
        { "xdg-open", path, NULL },
        { "gio", "open", path, NULL },
        { "sensible-browser", path, NULL },
        { "wslview", path, NULL },
    };
#if !defined(__APPLE__) && !defined(_WIN32)
    static const char *const screens[] = { "DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME" };
    bool screen = false;
    for (size_t i = 0; i < sizeof screens / sizeof *screens; i++) {
        const char *name = getenv(screens[i]);
        screen = screen || (name && *name);
    }
    if (!screen) /* else a browser for terminals would take over this one */
        return false;
#endif
    for (size_t i = 0; i < sizeof openers / sizeof *openers; i++)
        if (cli_program_leave(openers[i]))
            return true;
    return false;
}

static int playground_run(const cli_call *call)
{
    const playground_settings *s = call->settings;
    char path[PLAYGROUND_PATH];
    cli_outfile out;
    if (*cli_playground_none) {
        cli_say("playground", "this build of slope has no playground: %s", cli_playground_none);
        return CLI_FAILED;
    }
    if (s->out) {
        if (!cli_outfile_open(&out, "playground", s->out))
            return CLI_WRONG;
        if (!playground_write(&out))
            return CLI_FAILED;
        if (!s->quiet)
            cli_say(NULL, "%s is written", s->out);
        return CLI_DONE;
    }
    if (!playground_place(path) || !cli_outfile_open(&out, "playground", path) || !playground_write(&out))
        return CLI_FAILED;
    puts(path);
    const bool shown = cli_flush("playground", CLI_DONE) == CLI_DONE && playground_show(path);
    if (!shown && !s->quiet)
        cli_say("playground", "no browser can be started from here: open the file by hand");
    return cli_flush("playground", CLI_DONE);
}

const cli_command cli_command_playground = {
    .name = "playground",
    .summary = "the same engine in the browser: nets to play with, on one page",
    .usage = "playground [-o FILE.html]",
    .about =
        "Writes the playground, one HTML file that holds everything, and opens it in the browser; with -o it "
        "only writes. The page is this program's library as WebAssembly: the same settings and seed give the "
        "same weights, to the bit. It works without a network, asks nothing of any host, and what is dropped "
        "on it stays there.\n\n"
        "Without -o the file is slope/playground.html in the user's cache ($XDG_CACHE_HOME, else ~/.cache), "
        "always the same one, and its name is printed. Where no browser can be started, that is all.",
    .examples = playground_examples,
    .operands = playground_operands,
    .options = playground_options,
    .size = sizeof(playground_settings),
    .run = playground_run,
    .place = 9,
};
