/* tool: what the programs that a person runs have in common: a command line of
 * flags and words, --help, errors in words. */
#ifndef COMMON_TOOL_H
#define COMMON_TOOL_H

#include "common/around.h"
#include "common/conf.h"
#include "common/error.h"
#include "common/store.h"
#include <stdbool.h>

#define TOOL_WORDS_MAX 256
#define TOOL_MANY_MAX  16

struct tool_flag {
    const char *name;   /* "--at" */
    const char **value; /* the flag has a value; or */
    bool *is_set;       /* it has none */
};

struct tool {
    const char *name;           /* "show" */
    const char *usage;          /* all of the help, ending in a newline */
    struct tool_flag flags[16]; /* ended by a NULL name */
    const char *many_name;      /* a flag with a value that may stand several
                                   times; NULL: there is none */
    const char *many[TOOL_MANY_MAX]; /* its values */
    int n_many;
    const char *conf; /* of --conf, which every tool takes; NULL: not given */
    const char
        *words[TOOL_WORDS_MAX + 1]; /* what is no flag, NULL-terminated */
    int n_words;
};

/* Read the command line. true: go on; false: exit with *code (help was asked
 * for, or something is wrong and was said). */
bool tool_parse(struct tool *tool, int argc, char **argv, int *code);
/* Load the config of --conf: pipeline.conf here, else the installed one. */
int tool_conf(const struct tool *tool, struct conf **out, struct error *err);
/* The URL of the state as store_open() wants it, path absolute; true when the
 * state is there already, or was (store_is_there()). */
bool tool_state_url(const struct conf *conf, char *buf, size_t size);
/* Of the calls of a tool: few tries, since a person waits. */
extern const struct around tool_around;
/* Is a person there who can be asked? */
bool tool_can_ask(void);
/* The answer to a question that stands on standard error: is it yes? */
bool tool_hears_yes(void);
/* Say what went wrong on standard error; returns the exit code. */
int tool_fail(const struct tool *tool, const struct error *err);
/* The first word, which has to be one of `verbs` (ended by NULL; without a word
 * the first of them). NULL: it is none, which was said. */
const char *tool_verb(const struct tool *tool, const char *const *verbs);
/* Is a word a number above 0? */
bool tool_number(const char *word, int64_t *out);
/* A day or a moment, 2025-01-31 or 2025-01-31T08:00:00Z, in ms since 1970 UTC;
 * false: it is none. */
bool tool_date(const char *word, int64_t *ms);
/* Wrong usage, in words; returns EX_USAGE. */
int tool_misuse(const struct tool *tool, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
