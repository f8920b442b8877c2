/* gallery.c - slope gallery */
#define _XOPEN_SOURCE 700
#include "../gallery.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../html.h"
#include "../outfile.h"
#include "../picture.h"
#include "../svg.h"
#include "../system.h"

typedef struct {
    const char *out, *only;
    bool list, quiet;
} gallery_settings;

#define GALLERY_AT(field) .at = offsetof(gallery_settings, field)
enum { GALLERY_WORDS = 64, GALLERY_TEXT = 2048, GALLERY_COMMANDS = 512, GALLERY_SELF = 4096 };

static const cli_option gallery_operands[] = { { 0 } };

static const cli_option gallery_options[] = {
    { .name = "out",
      .letter = 'o',
      .kind = CLI_TEXT,
      .value = "DIR",
      .words = "file",
      .group = "result",
      GALLERY_AT(out),
      .help = "the folder: an index page, the pictures, their runs" },
    { .name = "only",
      .kind = CLI_TEXT,
      .value = "NAME[,NAME]",
      .group = "what",
      GALLERY_AT(only),
      .normal = "all",
      .help = "these pictures alone" },
    { .name = "list",
      .kind = CLI_FLAG,
      .group = "what",
      GALLERY_AT(list),
      .help = "print the names of the pictures, and make none" },
    { .name = "quiet",
      .letter = 'q',
      .kind = CLI_FLAG,
      .group = "running",
      GALLERY_AT(quiet),
      .help = "no progress" },
    { 0 },
};

static const cli_example gallery_examples[] = {
    { "slope gallery -o gallery", "gallery/index.html: every picture, with its commands" },
    { "slope gallery -o one --only quartic_start", "a single one" },
    { 0 },
};

typedef struct {
    const gallery_settings *settings;
    char self[GALLERY_SELF];            /* from wherever the gallery's folder is */
    const char *done[GALLERY_COMMANDS]; /* commands that ran */
    int count, made;
    cli_outfile page, digests;
    const char *part; /* headline at hand */
} gallery_job;

/* Is name one of the list's? */
static bool gallery_named(const char *list, const char *name)
{
    const size_t length = strlen(name);
    for (const char *at = list; *at; at += strcspn(at, ","), at += *at == ',')
        if (strcspn(at, ",") == length && memcmp(at, name, length) == 0)
            return true;
    return false;
}

/* Words between blanks; one in single quotes may have some. They lie in text. */
static int gallery_split(const char *command, char text[GALLERY_TEXT], const char *words[GALLERY_WORDS])
{
    int count = 0;
    snprintf(text, GALLERY_TEXT, "%s", command);
    for (char *at = text + strspn(text, " "); *at && count < GALLERY_WORDS - 4;) {
        const bool quoted = *at == '\'';
        words[count++] = at += quoted;
        at += strcspn(at, quoted ? "'" : " ");
        if (*at)
            *at++ = 0;
        at += strspn(at, " ");
    }
    return count;
}

/* Runs `slope WORDS EXTRA`; what it says on failure is passed on. */
static bool gallery_run(gallery_job *job, const char *command, const char *extra, cli_bytes *output)
{
    char text[GALLERY_TEXT];
    const char *argv[GALLERY_WORDS + 2] = { job->self };
    const int count = gallery_split(command, text, argv + 1) + 1;
    argv[count] = extra;
    argv[count + 1] = NULL;
    cli_program program;
    const bool ran = cli_program_run(&program, argv, "", 0), done = ran && program.status == 0;
    if (ran && program.complaints.bytes) /* its first line is a sentence of this one */
        program.complaints.bytes[strcspn(program.complaints.bytes, "\n")] = 0;
    if (!done)
        cli_say("gallery", "slope %s %s: %s", command, extra ? extra : "",
                ran ? program.complaints.bytes ? program.complaints.bytes : "it failed" : strerror(errno));
    if (done && output) {
        *output = program.output;
        program.output = (cli_bytes){ 0 };
    }
    cli_program_free(&program);
    return done;
}

static bool gallery_known(const gallery_job *job, const char *command)
{
    for (int i = 0; i < job->count; i++)
        if (strcmp(job->done[i], command) == 0)
            return true;
    return false;
}

/* The digest of the picture's numbers that the command prints; else FNV-1a 64 of its line of JSON, which then
 * has the numbers themselves. */
static uint64_t gallery_digest(const cli_bytes *json)
{
    char text[64];
    if (json->bytes && cli_json_find(json->bytes, "digest", text, sizeof text))
        return strtoull(text, NULL, 16);
    uint64_t digest = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < json->length; i++)
        digest = (digest ^ (unsigned char)json->bytes[i]) * UINT64_C(0x100000001b3);
    return digest;
}

static void gallery_put(gallery_job *job, const cli_gallery_picture *picture, cli_bytes *svg)
{
    FILE *page = job->page.stream;
    if (!job->part || strcmp(job->part, picture->part) != 0) {
        if (job->part)
            fputs("</div>\n", page);
        cli_html_section(page, job->part = picture->part);
        fputs("<div class=\"figures gallery\">\n", page);
    }
    fprintf(page, "<figure id=\"%s\"><h3>", picture->name);
    cli_html_text(page, picture->title);
    fputs("</h3>\n", page);
    char prefix[24];
    snprintf(prefix, sizeof prefix, "g%d-", job->made);
    fprintf(page, "<a href=\"%s.svg\">", picture->name); /* on a phone: the picture alone, to be zoomed */
    if (cli_svg_tidy(svg, picture->title, prefix))
        fwrite(svg->bytes, 1, svg->length, page);
    fputs("</a>\n", page);
    fputs("<figcaption><p>", page);
    cli_html_text(page, picture->text);
    fputs("</p>\n", page);
    for (int i = 0; i < CLI_GALLERY_COMMANDS && picture->commands[i]; i++) {
        fputs("<p><code>slope ", page);
        cli_html_text(page, picture->commands[i]);
        fputs("</code></p>\n", page);
    }
    fputs("</figcaption></figure>\n", page);
}

static bool gallery_make(gallery_job *job, const cli_gallery_picture *picture)
{
    char path[96];
    cli_bytes numbers = { 0 }, svg = { 0 };
    bool done = true;
    for (int i = 0; done && i < CLI_GALLERY_COMMANDS && picture->commands[i]; i++) {
        const char *command = picture->commands[i];
        const bool last = i == CLI_GALLERY_COMMANDS - 1 || !picture->commands[i + 1];
        if (!last && gallery_known(job, command))
            continue;
        const bool trains = strncmp(command, "train ", 6) == 0;
        done = gallery_run(job, command, last ? "--json" : trains ? "--quiet" : NULL, last ? &numbers : NULL);
        if (done && job->count < GALLERY_COMMANDS)
            job->done[job->count++] = command;
    }
    snprintf(path, sizeof path, "%s.svg", picture->name);
    FILE *file = done ? fopen(path, "rb") : NULL;
    if (file) {
        size_t got = 0;
        svg.room = 1 << 24;
        svg.bytes = malloc(svg.room + 1);
        got = svg.bytes ? fread(svg.bytes, 1, svg.room, file) : 0;
        svg.length = got;
        if (svg.bytes)
            svg.bytes[got] = 0;
        fclose(file);
    } else if (done) {
        cli_say("gallery", "%s: its commands did not write %s", picture->name, path);
    }
    done = done && file && svg.bytes;
    if (done) {
        job->made++;
        gallery_put(job, picture, &svg);
        fprintf(job->digests.stream, "%s %016llx\n", picture->name,
                (unsigned long long)gallery_digest(&numbers));
    }
    free(svg.bytes);
    free(numbers.bytes);
    return done;
}

static int gallery_all(gallery_job *job)
{
    const cli_gallery_picture *picture;
    bool done = true;
    cli_html_begin(job->page.stream, "Pictures of training neural networks");
    fputs("<p class=\"lead\">Every picture comes from slope itself, with fixed seeds: the commands below it "
          "make it "
          "again, to the byte.</p>\n",
          job->page.stream);
    for (int i = 0; done && (picture = cli_gallery_at(i)); i++) {
        if (job->settings->only && !gallery_named(job->settings->only, picture->name))
            continue;
        if (!job->settings->quiet)
            fprintf(stderr, "%s\n", picture->name);
        done = gallery_make(job, picture);
    }
    if (job->part)
        fputs("</div>\n", job->page.stream);
    cli_html_end(job->page.stream);
    if (!done) {
        cli_outfile_discard(&job->page);
        cli_outfile_discard(&job->digests);
        return CLI_FAILED;
    }
    const bool page = cli_outfile_close(&job->page), digests = cli_outfile_close(&job->digests);
    return page && digests ? CLI_DONE : CLI_FAILED;
}

static int gallery_check(const gallery_settings *s)
{
    const cli_gallery_picture *picture;
    for (const char *at = s->only ? s->only : ""; *at; at += strcspn(at, ","), at += *at == ',') {
        char name[96];
        bool known = false;
        cli_nearest nearest = { .word = name };
        snprintf(name, sizeof name, "%.*s", (int)strcspn(at, ","), at);
        for (int i = 0; (picture = cli_gallery_at(i)); i++) {
            known = known || strcmp(picture->name, name) == 0;
            cli_nearest_try(&nearest, picture->name);
        }
        if (!known)
            return cli_wrong("gallery", "there is no picture '%s'%s%s; --list has their names", name,
                             nearest.best ? ": did you mean " : "", nearest.best ? nearest.best : "");
    }
    if (s->list && (s->out || s->only))
        return cli_wrong("gallery", "--list makes no pictures: leave out %s", s->out ? "--out" : "--only");
    for (int i = 0; s->list && (picture = cli_gallery_at(i)); i++)
        printf("%-28s %s\n", picture->name, picture->title);
    if (s->list)
        return CLI_DONE;
    if (!s->out)
        return cli_wrong("gallery", "where to? slope gallery -o DIR");
    return CLI_GO_ON;
}

static int gallery_start(const cli_call *call)
{
    const gallery_settings *s = call->settings;
    gallery_job job = { .settings = s };
    int status = gallery_check(s);
    if (status != CLI_GO_ON)
        return cli_flush("gallery", status);
    cli_program program; /* before anything is trained */
    static const char *const tools[][3] = { { "gnuplot", "--version", NULL }, { "dot", "-V", NULL } };
    for (int i = 0; i < 2; i++) {
        const bool there = cli_program_run(&program, tools[i], "", 0);
        cli_program_free(&program);
        if (!there)
            return cli_wrong("gallery", "%s is not installed, and draws these pictures: apt install %s",
                             tools[i][0], i ? "graphviz" : "gnuplot-nox");
    }
    cli_system_self(job.self, sizeof job.self);
    if (!cli_system_make_folder(s->out, false) || chdir(s->out) != 0)
        return cli_wrong("gallery", "cannot make the folder %s: %s", s->out, cli_outfile_reason(errno));
    if (!cli_outfile_open(&job.page, "gallery", "index.html"))
        return CLI_WRONG;
    if (!cli_outfile_open(&job.digests, "gallery", "digests.txt")) {
        cli_outfile_discard(&job.page);
        return CLI_WRONG;
    }
    status = gallery_all(&job);
    if (status == CLI_DONE && !s->quiet)
        cli_say(NULL, "%d picture%s: %s/index.html", job.made, job.made == 1 ? "" : "s", s->out);
    return status;
}

const cli_command cli_command_gallery = {
    .name = "gallery",
    .summary = "every picture of a course on neural networks, from real runs with fixed seeds",
    .usage = "gallery -o DIR [--only NAME,..]\ngallery --list",
    .about =
        "Trains small nets and draws what lectures on neural networks show: activations beside their "
        "derivatives, descent on curves and bowls, learning curves good and bad, decision regions, gradients "
        "that vanish, landscapes. The index page has the commands under each picture; digests.txt names the "
        "numbers behind them, which are the same on every machine. Takes a minute or two.",
    .examples = gallery_examples,
    .operands = gallery_operands,
    .options = gallery_options,
    .size = sizeof(gallery_settings),
    .run = gallery_start,
    .place = 20,
};
