/* tool: see tool.h. */
#include "common/tool.h"
#include "common/path.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int
tool_misuse(const struct tool *tool, const char *fmt, ...)
{
    va_list ap;

    fprintf(stderr, "%s: ", tool->name);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fprintf(stderr, "\n%s", tool->usage);
    return EX_USAGE;
}

static const struct tool_flag *
find_flag(const struct tool *tool, const char *word)
{
    for (const struct tool_flag *f = tool->flags; f->name != NULL; f++)
        if (strcmp(f->name, word) == 0)
            return f;
    return NULL;
}

/* Where the value of a flag goes; NULL: it has none, or no place is left. */
static const char **
place_of(struct tool *tool, const char *word, const struct tool_flag *f)
{
    if (strcmp(word, "--conf") == 0)
        return &tool->conf;
    if (tool->many_name != NULL && strcmp(word, tool->many_name) == 0)
        return tool->n_many < TOOL_MANY_MAX ? &tool->many[tool->n_many++]
                                            : NULL;
    return f != NULL ? f->value : NULL;
}

/* Take the flag at argv[*i]; false: it is none, or lacks its value. */
static bool
take_flag(struct tool *tool, int argc, char **argv, int *i)
{
    const struct tool_flag *f = find_flag(tool, argv[*i]);
    const char **value = place_of(tool, argv[*i], f);

    if (value == NULL) {
        if (f != NULL)
            *f->is_set = true;
        return f != NULL;
    }
    if (*i + 1 >= argc)
        return false;
    *value = argv[++*i];
    return true;
}

bool
tool_parse(struct tool *tool, int argc, char **argv, int *code)
{
    bool only_words = false;

    for (int i = 1; i < argc; i++) {
        if (!only_words && strcmp(argv[i], "--") == 0) {
            only_words = true;
        } else if (!only_words && strcmp(argv[i], "--help") == 0) {
            fputs(tool->usage, stdout);
            *code = EX_OK;
            return false;
        } else if (only_words || argv[i][0] != '-' || argv[i][1] == '\0') {
            if (tool->n_words == TOOL_WORDS_MAX) {
                *code = tool_misuse(tool, "too many arguments");
                return false;
            }
            tool->words[tool->n_words++] = argv[i];
        } else if (!take_flag(tool, argc, argv, &i)) {
            *code = tool_misuse(tool, "unknown or incomplete argument: %s",
                                argv[i]);
            return false;
        }
    }
    return true;
}

int
tool_conf(const struct tool *tool, struct conf **out, struct error *err)
{
    char installed[PATH_MAX];

    if (tool->conf != NULL)
        return conf_load(tool->conf, out, err);
    if (access("pipeline.conf", F_OK) == 0)
        return conf_load("pipeline.conf", out, err);
    snprintf(installed, sizeof(installed), "%s/pipeline.conf", path_root());
    return conf_load(installed, out, err);
}

bool
tool_state_url(const struct conf *conf, char *buf, size_t size)
{
    const char *url = conf_str(conf, "state", "url");
    const char *path = strchr(url, ':') + 1;
    const char *slash = strrchr(path, '/');

    snprintf(buf, size, "%.*s%s/%s", (int)(path - url), url,
             conf_state_dir(conf), slash != NULL ? slash + 1 : path);
    return access(buf + (path - url), F_OK) == 0;
}

int
tool_fail(const struct tool *tool, const struct error *err)
{
    fprintf(stderr, "%s: %s\n", tool->name, err->text);
    return err->code != 0 ? err->code : EX_SOFTWARE;
}
