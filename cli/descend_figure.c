/* descend_figure.c - figures of walks: see descend.h. */
#include "descend.h"
#include "picture.h"
#include "terminal.h"

int cli_descend_figure(const char *command, sl_ctx *ctx, sl_figure *figure, const char *path)
{
    const cli_terminal terminal = cli_terminal_of(stdout);
    const char *format = path ? cli_picture_format(command, path) : NULL;
    if (path && !format)
        return CLI_WRONG;
    const char *text = !figure ? NULL
                       : path
                           ? sl_figure_script(figure, format, 0, 0, -1)
                           : sl_figure_text(figure, terminal.width, 0, cli_unicode(), *terminal.plain != 0);
    int status = CLI_DONE;
    if (!text) {
        status = cli_exit_status(sl_error(ctx));
        cli_say(command, "%s", sl_message(ctx));
    } else if (path) {
        status = cli_picture_write(command, text, false, path);
    } else {
        printf("\n%s", text);
    }
    sl_figure_free(figure);
    return status;
}
