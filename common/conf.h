/* conf: pipeline.conf, read with libinih and checked against one table.
 *
 * The table (conf_table.c) names every section and key with its type, default,
 * range and one line of help; parsing, "did you mean", the shipped file and its
 * test come from it. An unknown section or key or a bad value is an error
 * `FILE:LINE: what (nearest known name)`, code EX_CONFIG.
 *
 * Paths. A relative path is meant from the folder of the config file; one that
 * begins with `var/` lies in the state folder (the folder of the state
 * database), so that two configs with different state folders share nothing.
 * A `command` is looked for from the config's folder, then from the place where
 * crmpipe is installed. */
#ifndef COMMON_CONF_H
#define COMMON_CONF_H

#include "common/activity.h"
#include "common/error.h"
#include "common/kind.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct conf;

/* Read and check FILE. On success the caller frees *out with conf_free().
 * Secrets are not read here (see secret.h), but their form is checked. */
int conf_load(const char *path, struct conf **out, struct error *err);
void conf_free(struct conf *conf);

/* The value of a key of the table, or its default. Asserts that the table has
 * the key with that type. Strings are borrowed: valid until conf_free(). */
const char *conf_str(const struct conf *conf, const char *section,
                     const char *key);
bool conf_bool(const struct conf *conf, const char *section, const char *key);
int64_t conf_int(const struct conf *conf, const char *section, const char *key);
/* Durations in ms. */
int64_t conf_ms(const struct conf *conf, const char *section, const char *key);
/* A duration as it stands in the config, "5s" or "30d". 0, or -1: it is none.
 */
int conf_duration(const char *text, int64_t *ms);
/* Sizes in bytes. */
int64_t conf_size(const struct conf *conf, const char *section,
                  const char *key);

/* What the key has when the file does not set it; borrowed for ever. */
const char *conf_default(const char *section, const char *key);

/* The section of a kind, "timeline.call"; borrowed for ever. */
const char *conf_timeline(enum kind kind);

/* Of a kind of activity: "activity.call" and "activity.call.mapping". */
const char *conf_activity(enum activity activity);
/* Is any kind of activity sync on? */
bool conf_any_activity(const struct conf *conf);
const char *conf_mapping(enum activity activity);

/* Give each key that the file sets in a section, in the order of the file. */
void conf_each(const struct conf *conf, const char *section,
               void (*fn)(void *ctx, const char *key, const char *value),
               void *ctx);

/* Where in the file a key was set, "FILE:LINE", or "FILE (default)". */
const char *conf_where(const struct conf *conf, const char *section,
                       const char *key, char *buf, size_t size);

const char *conf_path(const struct conf *conf);      /* absolute */
const char *conf_state_dir(const struct conf *conf); /* absolute */
const char *conf_run_dir(const struct conf *conf);   /* state dir + "/run" */

/* A path of the config made absolute by the rule above. Caller frees. */
char *conf_resolve(const struct conf *conf, const char *path);

/* The wiring of one stage, from [stage.NAME] or the built-in chain. */
struct conf_stage {
    const char *name;
    const char *command; /* as written */
    char *input;         /* URI, paths absolute; "" for a fetcher */
    char *output;        /* URI or "" */
    char *outcomes;      /* URI, may hold {source}; or "" */
    char *capture;       /* absolute path or "" */
    int64_t capture_max; /* bytes */
};

/* Fill `out` for stage NAME; -1 (EX_CONFIG) when there is no such stage.
 * Caller frees with conf_stage_fini(). */
int conf_stage(const struct conf *conf, const char *name,
               struct conf_stage *out, struct error *err);
void conf_stage_fini(struct conf_stage *stage);

/* The names of all stages, the built-in chain first and in its order (writer
 * last), then stages that only the file names; NULL-terminated, borrowed. */
const char *const *conf_stages(const struct conf *conf);

#endif
