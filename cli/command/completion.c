/* completion.c - slope completion: what the shells need to know, from the option tables. */
#include <stddef.h>
#include <string.h>

#include "../cli.h"
#include "../help.h"
#include "../workload.h"

typedef struct {
    const char *shell;
} completion_settings;

static const cli_option completion_operands[] = {
    { .name = "SHELL",
      .kind = CLI_CHOICE,
      .words = "bash|zsh|fish",
      .at = offsetof(completion_settings, shell),
      .help = "the shell to write for" },
    { 0 },
};

static const cli_option completion_options[] = { { 0 } };

static const cli_example completion_examples[] = {
    { "eval \"$(slope completion bash)\"", "for this shell; put it into ~/.bashrc for every one" },
    { "slope completion zsh > ~/.zfunc/_slope", "where ~/.zfunc is in fpath, before compinit" },
    { "slope completion fish > ~/.config/fish/completions/slope.fish", "fish finds it there" },
    { 0 },
};

/* The words an option or operand can have, with blanks between them; nothing where they are not known. */
static bool completion_words(const cli_option *option)
{
    sl_word word;
    if (option->kind == CLI_CHOICE) {
        for (const char *at = option->words; *at; at++)
            putchar(*at == '|' ? ' ' : *at);
        return true;
    }
    if (!option->words)
        return false;
    if (option->kind == CLI_WHOLE) { /* the word beside its numbers */
        fputs(option->words, stdout);
        return true;
    }
    const char *kind = option->words[0] == '=' ? option->words + 1 : NULL;
    for (int i = 0; kind && sl_catalogue(kind, i, &word); i++)
        printf("%s%s", i ? " " : "", word.name);
    if (strcmp(option->words, "data") == 0) {
        for (int i = 0; sl_catalogue("data", i, &word); i++)
            printf("%sbuiltin:%s", i ? " " : "", word.name);
    }
    if (strcmp(option->words, "figure") == 0) {
        for (int i = 0; sl_catalogue("figure", i, &word); i++)
            printf("%s%s", i ? " " : "", word.name);
    }
    if (strcmp(option->words, "balanced") == 0)
        fputs("balanced", stdout);
    if (strcmp(option->words, "word") == 0) {
        sl_word_kind words;
        for (int k = 0; sl_catalogue_kind(k, &words); k++)
            for (int i = 0; sl_catalogue(words.name, i, &word); i++)
                printf("%s%s", k || i ? " " : "", word.name);
    }
    if (strcmp(option->words, "workload") == 0) {
        for (int i = 0; workload_at(i); i++)
            printf("%s ", workload_at(i)->name);
        fputs("all peak gemm", stdout);
    }
    if (strcmp(option->words, "kind") == 0) {
        sl_word_kind words;
        for (int i = 0; sl_catalogue_kind(i, &words); i++)
            printf("%s%s", i ? " " : "", words.name);
    }
    if (strcmp(option->words, "topic") == 0) {
        for (int i = 0; cli_command_at(i); i++)
            printf("%s%s", i ? " " : "", cli_command_at(i)->name);
        for (int i = 0; cli_topic_at(i); i++)
            printf(" %s", cli_topic_at(i)->name);
    }
    return true;
}

/* "d" folders, "f" files and folders, "" neither. */
static const char *completion_files(const cli_option *option)
{
    if (!option->words || option->kind == CLI_CHOICE)
        return "";
    if (strcmp(option->words, "data") == 0 || strcmp(option->words, "file") == 0 ||
        strcmp(option->words, "figure") == 0)
        return "f";
    return strcmp(option->words, "run") == 0 ? "f" : "";
}

/* --- bash ----------------------------------------------------------------------------------------- */

static void completion_bash_case(const cli_command *command)
{
    for (const cli_option *option = command->options; option->name; option++) {
        if (option->kind == CLI_FLAG)
            continue;
        printf("    %s:--%s", command->name, option->name);
        if (option->letter)
            printf("|%s:-%c", command->name, option->letter);
        fputs(") words='", stdout);
        completion_words(option);
        printf("' files='%s' ;;\n", completion_files(option));
    }
}

static void completion_bash_command(const cli_command *command)
{
    printf("    %s)\n        options='", command->name);
    for (const cli_option *option = command->options; option->name; option++)
        printf("--%s ", option->name);
    for (int i = 0; cli_option_common(command, i); i++)
        printf(i ? " --%s" : "--%s", cli_option_common(command, i)->name);
    fputs("'\n        words='", stdout);
    const char *files = "";
    for (const cli_option *operand = command->operands; operand->name; operand++) {
        if (operand != command->operands)
            putchar(' ');
        completion_words(operand);
        files = *completion_files(operand) ? completion_files(operand) : files;
    }
    printf("'\n        files='%s' ;;\n", files);
}

static void completion_bash(void)
{
    /* bash cuts words at = and :, which option values and builtin: names contain: the line is read instead,
     * and what stands before the last colon is taken off the answers again */
    fputs("# bash completion for slope; made by `slope completion bash`\n"
          "_slope() {\n"
          "    local line=\"${COMP_LINE:0:COMP_POINT}\" command=\"${COMP_WORDS[1]}\" options='' words='' "
          "files=''\n"
          "    local current=\"${line##*[[:space:]]}\"\n"
          "    local before=\"${line%\"$current\"}\"\n"
          "    before=\"${before%\"${before##*[![:space:]]}\"}\"\n"
          "    local previous=\"${before##*[[:space:]]}\"\n"
          "    case \"$current\" in\n"
          "    --*=*) previous=\"${current%%=*}\" current=\"${current#*=}\" ;;\n"
          "    esac\n"
          "    COMPREPLY=()\n"
          "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
          "        COMPREPLY=($(compgen -W '",
          stdout);
    for (int i = 0; cli_command_at(i); i++)
        printf("%s ", cli_command_at(i)->name);
    fputs("--help --version' -- \"$current\"))\n"
          "        return\n"
          "    fi\n"
          "    case \"$command:$previous\" in\n",
          stdout);
    for (int i = 0; cli_command_at(i); i++)
        completion_bash_case(cli_command_at(i));
    fputs("    *) case \"$command\" in\n", stdout);
    for (int i = 0; cli_command_at(i); i++)
        completion_bash_command(cli_command_at(i));
    fputs("    esac ;;\n"
          "    esac\n"
          "    case \"$current\" in\n"
          "    -*) COMPREPLY=($(compgen -W \"$options\" -- \"$current\")); return ;;\n"
          "    esac\n"
          "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
          "    if [ \"$files\" = f ]; then\n"
          "        local IFS=$'\\n'\n"
          "        local found=($(compgen -f -- \"$current\"))\n"
          "        [ ${#found[@]} -gt 0 ] && compopt -o filenames 2>/dev/null\n"
          "        COMPREPLY+=(\"${found[@]}\")\n"
          "    fi\n"
          "    case \"$current\" in\n"
          "    *:*) COMPREPLY=(\"${COMPREPLY[@]#\"${current%\"${current##*:}\"}\"}\") ;;\n"
          "    esac\n"
          "}\n"
          "complete -F _slope slope\n",
          stdout);
}

/* --- zsh ------------------------------------------------------------------------------------------ */

/* Text inside '...' of an _arguments spec: brackets and colons are its own signs. */
static void completion_zsh_text(const char *text)
{
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\''", stdout);
        else if (strchr("[]:\\", *text))
            printf("\\%c", *text);
        else
            putchar(*text);
    }
}

static void completion_zsh_action(const cli_option *option)
{
    const bool files = *completion_files(option) != 0, data = option->words && !strcmp(option->words, "data");
    if (data)
        fputs("_slope_data", stdout);
    else if (option->words && strcmp(option->words, "figure") == 0)
        fputs("_slope_figure", stdout);
    else if (files)
        fputs("_files", stdout);
    else if (option->words) {
        putchar('(');
        completion_words(option);
        putchar(')');
    } else
        putchar(' ');
}

static void completion_zsh_command(const cli_command *command)
{
    printf("        %s)\n            _arguments -s -S", command->name);
    for (const cli_option *option = command->options; option->name; option++) {
        const bool flag = option->kind == CLI_FLAG;
        if (option->letter)
            printf(" \\\n                '(-%c --%s)'{-%c,--%s%s}'[", option->letter, option->name,
                   option->letter, option->name, flag ? "" : "=");
        else
            printf(" \\\n                '--%s%s[", option->name, flag ? "" : "=");
        completion_zsh_text(option->help);
        putchar(']');
        if (!flag) {
            putchar(':');
            completion_zsh_text(option->value);
            putchar(':');
            completion_zsh_action(option);
        }
        putchar('\'');
    }
    for (int i = 0; cli_option_common(command, i); i++) {
        const cli_option *option = cli_option_common(command, i);
        if (option->letter) /* --help: nothing else matters then */
            printf(" \\\n                '(- *)'{-%c,--%s}'[", option->letter, option->name);
        else
            printf(" \\\n                '--%s[", option->name);
        completion_zsh_text(option->help);
        fputs("]'", stdout);
    }
    for (const cli_option *operand = command->operands; operand->name; operand++) {
        printf(" \\\n                '%s%s:",
               operand->repeats  ? "*:"
               : operand->normal ? "::"
                                 : ":",
               operand->name);
        completion_zsh_action(operand);
        putchar('\'');
    }
    fputs("\n            ;;\n", stdout);
}

static void completion_zsh(void)
{
    sl_word word;
    fputs("#compdef slope\n# zsh completion for slope; made by `slope completion zsh`\n\n"
          "_slope_data() {\n    local -a sets\n    sets=(",
          stdout);
    for (int i = 0; sl_catalogue("data", i, &word); i++)
        printf("%s'builtin:%s'", i ? " " : "", word.name);
    fputs(")\n    compadd -- $sets\n    _files\n}\n\n_slope_figure() {\n    local -a figures\n    figures=(",
          stdout);
    for (int i = 0; sl_catalogue("figure", i, &word); i++)
        printf("%s%s", i ? " " : "", word.name);
    fputs(")\n    compadd -- $figures\n    _files\n}\n\n_slope() {\n    local -a commands\n    commands=(\n",
          stdout);
    for (int i = 0; cli_command_at(i); i++) {
        printf("        '%s:", cli_command_at(i)->name);
        completion_zsh_text(cli_command_at(i)->summary);
        fputs("'\n", stdout);
    }
    fputs("    )\n    if (( CURRENT == 2 )); then\n"
          "        _describe command commands\n"
          "        compadd -- --help --version\n"
          "        return\n    fi\n"
          "    local command=$words[2]\n    shift words\n    (( CURRENT-- ))\n    case $command in\n",
          stdout);
    for (int i = 0; cli_command_at(i); i++)
        completion_zsh_command(cli_command_at(i));
    fputs("    esac\n}\n\n"
          "if [ \"$funcstack[1]\" = _slope ]; then\n    _slope \"$@\"\nelse\n    compdef _slope slope\nfi\n",
          stdout);
}

/* --- fish ----------------------------------------------------------------------------------------- */

static void completion_fish_text(const char *text)
{
    for (; *text; text++) {
        if (*text == '\'' || *text == '\\')
            putchar('\\');
        putchar(*text);
    }
}

static void completion_fish_command(const cli_command *command)
{
    printf("complete -c slope -f -n __fish_use_subcommand -a %s -d '", command->name);
    completion_fish_text(command->summary);
    fputs("'\n", stdout);
    for (const cli_option *option = command->options; option->name; option++) {
        printf("complete -c slope -n '__fish_seen_subcommand_from %s' -l %s", command->name, option->name);
        if (option->letter)
            printf(" -s %c", option->letter);
        fputs(" -d '", stdout);
        completion_fish_text(option->help);
        putchar('\'');
        if (option->kind != CLI_FLAG) {
            printf(" -r%s", *completion_files(option) ? "" : " -f");
            if (option->words) {
                fputs(" -a '", stdout);
                completion_words(option);
                putchar('\'');
            }
        }
        putchar('\n');
    }
    for (const cli_option *operand = command->operands; operand->name; operand++) {
        printf("complete -c slope -n '__fish_seen_subcommand_from %s'%s -a '", command->name,
               *completion_files(operand) ? "" : " -f");
        completion_words(operand);
        fputs("'\n", stdout);
    }
    for (int i = 0; cli_option_common(command, i); i++) {
        const cli_option *option = cli_option_common(command, i);
        printf("complete -c slope -n '__fish_seen_subcommand_from %s' ", command->name);
        if (option->letter)
            printf("-s %c ", option->letter);
        printf("-l %s -d '", option->name);
        completion_fish_text(option->help);
        fputs("'\n", stdout);
    }
}

static void completion_fish(void)
{
    fputs("# fish completion for slope; made by `slope completion fish`\n"
          "complete -c slope -f -n __fish_use_subcommand -l help -d 'what slope can do'\n"
          "complete -c slope -f -n __fish_use_subcommand -l version -d 'print the version'\n",
          stdout);
    for (int i = 0; cli_command_at(i); i++)
        completion_fish_command(cli_command_at(i));
}

static int completion_run(const cli_call *call)
{
    const completion_settings *settings = call->settings;
    if (strcmp(settings->shell, "bash") == 0)
        completion_bash();
    else if (strcmp(settings->shell, "zsh") == 0)
        completion_zsh();
    else
        completion_fish();
    return CLI_DONE;
}

const cli_command cli_command_completion = {
    .name = "completion",
    .summary = "print a script that teaches a shell to complete slope's commands and options",
    .usage = "completion bash|zsh|fish",
    .about = "The script is made from the same option tables as --help.",
    .examples = completion_examples,
    .operands = completion_operands,
    .options = completion_options,
    .size = sizeof(completion_settings),
    .run = completion_run,
    .place = 2001,
};
