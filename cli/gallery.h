/* gallery.h - the pictures of the gallery: each a few slope commands with fixed seeds. */
#ifndef CLI_GALLERY_H
#define CLI_GALLERY_H

enum { CLI_GALLERY_COMMANDS = 16 };

typedef struct {
    const char *name; /* of its file: NAME.svg, where the last command has -o NAME.svg             */
    const char *part; /* headline of the page under which it stands                                */
    const char *title;
    const char *text; /* what to look for                                                          */
    const char *rows; /* what of docs or lectures it shows, for the tests: "S36 S40"                */
    const char *commands[CLI_GALLERY_COMMANDS]; /* without "slope"; words in single quotes may have blanks.
                                                   What an earlier picture has trained is not trained again */
} cli_gallery_picture;

const cli_gallery_picture *cli_gallery_at(int index); /* NULL behind the last */

#endif
