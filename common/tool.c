/* tool: see tool.h. */
#include "common/tool.h"

#include "common/path.h"
#include "common/text.h"
#include "common/timetext.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TRIES_MAX 3 /* of a call that reads */

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

const char *
tool_verb(const struct tool *tool, const char *const *verbs)
{
    const char *word = tool->n_words > 0 ? tool->words[0] : verbs[0];
    struct text all;

    text_init(&all);
    for (size_t i = 0; verbs[i] != NULL; i++) {
        if (strcmp(verbs[i], word) == 0) {
            text_fini(&all);
            return verbs[i];
        }
        text_printf(&all, "%s%s",
                    i == 0                 ? ""
                    : verbs[i + 1] == NULL ? " and "
                                           : ", ",
                    verbs[i]);
    }
    tool_misuse(tool, "%s is none of %.*s", word, (int)all.len, all.data);
    text_fini(&all);
    return NULL;
}

bool
tool_number(const char *word, int64_t *out)
{
    if (word[strspn(word, "0123456789")] != '\0')
        return false;
    *out = strtoll(word, NULL, 10);
    return *out > 0;
}

/* A year alone would be taken for ms since 1970. */
bool
tool_date(const char *word, int64_t *ms)
{
    size_t len = strlen(word);

    return len >= 10 && word[4] == '-' && timetext_parse(word, len, ms) == 0;
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
    return store_is_there(buf);
}

static bool
again(void *ctx, int tries)
{
    (void)ctx;
    return tries < TRIES_MAX;
}

const struct around tool_around = {.again = again};

int
tool_fail(const struct tool *tool, const struct error *err)
{
    fprintf(stderr, "%s: %s\n", tool->name, err->text);
    return err->code != 0 ? err->code : EX_SOFTWARE;
}

bool
tool_can_ask(void)
{
    return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

bool
tool_hears_yes(void)
{
    char line[16];

    return fgets(line, sizeof(line), stdin) != NULL &&
           (line[0] == 'y' || line[0] == 'Y');
}
