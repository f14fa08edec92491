/* conf_stage: the wiring of a stage, from [stage.NAME] and the built-in chain.
 */
#include "common/conf.h"
#include "common/conf_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OUTCOMES "ipc://var/run/fetcher-{source}.outcomes"

/* A URI of the config with its path made absolute. Caller frees. */
static char *
resolve_uri(const struct conf *conf, const char *uri)
{
    size_t scheme = strncmp(uri, "ipc://", 6) == 0  ? 6
                    : strncmp(uri, "file:", 5) == 0 ? 5
                                                    : 0;
    char *path, *out;
    size_t n;

    if (scheme == 0)
        return strdup(uri);
    path = conf_resolve(conf, uri + scheme);
    n = scheme + strlen(path) + 1;
    out = malloc(n);
    if (out != NULL)
        snprintf(out, n, "%.*s%s", (int)scheme, uri, path);
    free(path);
    return out;
}

static const struct conf_chain *
chain_of(const char *name)
{
    for (size_t i = 0; i < conf_n_chain; i++)
        if (strcmp(conf_chain[i].name, name) == 0)
            return &conf_chain[i];
    return NULL;
}

/* What the file says, or what the built-in chain says. */
static char *
input_of(const struct conf *conf, const char *name)
{
    const struct conf_chain *chain = chain_of(name);
    char section[80];
    char uri[128];
    const char *set;

    snprintf(section, sizeof(section), "stage.%s", name);
    set = conf_str(conf, section, "input");
    if (set[0] != '\0')
        return resolve_uri(conf, set);
    if (chain == NULL || chain->is_source)
        return strdup("");
    snprintf(uri, sizeof(uri), "ipc://var/run/%s.in", name);
    return resolve_uri(conf, uri);
}

/* Outcomes of one fetcher: {source} becomes what its name ends in. */
static char *
own_outcomes(const char *name, const char *pattern)
{
    const char *service = strrchr(name, '-');
    const char *at = strstr(pattern, "{source}");
    char *out;
    size_t n;

    if (at == NULL || service == NULL)
        return strdup(pattern);
    n = strlen(pattern) + strlen(service) + 1;
    out = malloc(n);
    if (out != NULL)
        snprintf(out, n, "%.*s%s%s", (int)(at - pattern), pattern, service + 1,
                 at + strlen("{source}"));
    return out;
}

int
conf_stage(const struct conf *conf, const char *name, struct conf_stage *out,
           struct error *err)
{
    const struct conf_chain *chain = chain_of(name);
    char section[80];
    const char *s;
    char *pattern;

    snprintf(section, sizeof(section), "stage.%s", name);
    if (conf_row_find(section, "command") == NULL)
        return error_set(err, EX_CONFIG,
                         "\"%s\" cannot be the name of a stage (a-z 0-9 - _)",
                         name);
    memset(out, 0, sizeof(*out));
    out->name = chain != NULL ? chain->name : name;
    out->command = conf_str(conf, section, "command");
    if (out->command[0] == '\0' && chain != NULL)
        out->command = chain->command;
    out->input = input_of(conf, name);
    s = conf_str(conf, section, "output");
    if (s[0] != '\0')
        out->output = resolve_uri(conf, s);
    else if (chain != NULL && chain->next != NULL)
        out->output = input_of(conf, chain->next);
    else
        out->output = strdup("");
    s = conf_str(conf, section, "outcomes");
    pattern = resolve_uri(conf, s[0] != '\0' ? s : OUTCOMES);
    if (chain != NULL && chain->is_source) {
        out->outcomes = own_outcomes(name, pattern);
        free(pattern);
    } else {
        out->outcomes = pattern;
    }
    s = conf_str(conf, section, "capture");
    out->capture = s[0] != '\0' ? conf_resolve(conf, s) : strdup("");
    out->capture_max = conf_size(conf, section, "capture_max");
    return 0;
}

void
conf_stage_fini(struct conf_stage *stage)
{
    free(stage->input);
    free(stage->output);
    free(stage->outcomes);
    free(stage->capture);
}
