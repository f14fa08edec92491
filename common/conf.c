/* conf: see conf.h. libinih does the reading; its reader callback counts the
 * lines, so that every message can name one. */
#include "common/conf.h"
#include "common/conf_table.h"

#include <assert.h>
#include <errno.h>
#include <ini.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_STAGES 64

struct entry {
    char *section, *key, *value;
    int line;
    struct entry *next;
};

struct conf {
    char *path, *dir, *state_dir, *run_dir;
    struct entry *entries; /* newest first */
    const char *stages[MAX_STAGES + 1];
};

/* What the callbacks of libinih share. */
struct reading {
    struct conf *conf;
    FILE *file;
    int line;
    bool is_indented; /* the line goes on with the value above */
    bool failed;
    struct error *err;
};

static char *
copy(const char *s)
{
    char *p = strdup(s);

    if (p == NULL)
        abort();
    return p;
}

static char *
join(const char *a, const char *sep, const char *b)
{
    size_t n = strlen(a) + strlen(sep) + strlen(b) + 1;
    char *p = malloc(n);

    if (p == NULL)
        abort();
    snprintf(p, n, "%s%s%s", a, sep, b);
    return p;
}

static int
fail(struct reading *r, const char *what)
{
    if (!r->failed)
        error_set(r->err, EX_CONFIG, "%s:%d: %s", r->conf->path, r->line, what);
    r->failed = true;
    return 0; /* libinih's word for an error */
}

/* A ';' behind a blank begins a comment. libinih has it so for the line of the
 * key; for those that go on below it that depends on its version. */
static void
cut_comment(char *line)
{
    for (char *p = line; (p = strchr(p, ';')) != NULL; p++) {
        if (p > line && (p[-1] == ' ' || p[-1] == '\t')) {
            strcpy(p, "\n");
            return;
        }
    }
}

/* fgets() for libinih: counts lines and refuses what it would cut silently. */
static char *
read_line(char *buf, int size, void *stream)
{
    struct reading *r = stream;

    if (r->failed || fgets(buf, size, r->file) == NULL)
        return NULL;
    r->line++;
    r->is_indented = buf[0] == ' ' || buf[0] == '\t';
    if (strchr(buf, '\n') == NULL && !feof(r->file)) {
        fail(r,
             "line is too long (199 bytes); a description, a command, "
             "only and event types may go on in lines that begin with a blank");
        return NULL;
    }
    if (r->is_indented)
        cut_comment(buf);
    return buf;
}

static struct entry *
find(const struct conf *conf, const char *section, const char *key)
{
    for (struct entry *e = conf->entries; e != NULL; e = e->next)
        if (strcmp(e->section, section) == 0 && strcmp(e->key, key) == 0)
            return e;
    return NULL;
}

static int
bad_value(struct reading *r, const char *key, const struct error *why)
{
    char what[600];

    snprintf(what, sizeof(what), "%s: %s", key, why->text);
    return fail(r, what);
}

/* A value that goes on in an indented line. */
static int
append(struct reading *r, const struct conf_row *row, struct entry *e,
       const char *line)
{
    struct error why;
    char *longer;

    if (row->type != CONF_LINES && row->type != CONF_TEXT &&
        row->type != CONF_ONLY) {
        error_set(&why, EX_CONFIG,
                  "its value is one line, and this indented one would go on "
                  "with it; remove the blank at its start");
        return bad_value(r, e->key, &why);
    }
    if (conf_value_check(row, e->section, e->key, line, &why) < 0)
        return bad_value(r, e->key, &why);
    if (strlen(e->value) + strlen(line) > 32768)
        return fail(r, "value is longer than 32 KB");
    longer = join(e->value, e->value[0] != '\0' ? "\n" : "", line);
    free(e->value);
    e->value = longer;
    return 1;
}

static int
unknown(struct reading *r, const char *section, const char *key)
{
    char what[400];

    if (!conf_section_known(section))
        snprintf(what, sizeof(what),
                 "unknown section [%.80s]; the nearest known one is [%s]",
                 section, conf_nearest_section(section));
    else
        snprintf(what, sizeof(what),
                 "unknown key \"%.80s\" in [%.80s]; the nearest known one is "
                 "\"%s\"",
                 key, section, conf_nearest_key(section, key));
    return fail(r, what);
}

static void
strip_slashes(char *url)
{
    size_t n = strlen(url);

    while (n > 0 && url[n - 1] == '/')
        url[--n] = '\0';
}

static int
on_value(void *ctx, const char *section, const char *key, const char *value)
{
    struct reading *r = ctx;
    const struct conf_row *row = conf_row_find(section, key);
    struct entry *e = find(r->conf, section, key);
    struct error why;
    char what[120];

    if (row == NULL)
        return unknown(r, section, key);
    if (e != NULL && r->is_indented)
        return append(r, row, e, value);
    if (e != NULL) {
        snprintf(what, sizeof(what), "%s is set twice (first in line %d)", key,
                 e->line);
        return fail(r, what);
    }
    if (conf_value_check(row, section, key, value, &why) < 0)
        return bad_value(r, key, &why);
    e = calloc(1, sizeof(*e));
    if (e == NULL)
        abort();
    e->section = copy(section);
    e->key = copy(key);
    e->value = copy(value);
    e->line = r->line;
    if (row->type == CONF_URL)
        strip_slashes(e->value);
    e->next = r->conf->entries;
    r->conf->entries = e;
    return 1;
}

static int
read_file(struct conf *conf, struct error *err)
{
    struct reading r = {.conf = conf, .err = err};
    int rv;

    r.file = fopen(conf->path, "re");
    if (r.file == NULL)
        return error_set(err, EX_CONFIG, "%s: cannot be read: %s", conf->path,
                         strerror(errno));
    rv = ini_parse_stream(read_line, &r, on_value, &r);
    if (ferror(r.file) && !r.failed) {
        r.failed = true;
        error_set(err, EX_CONFIG, "%s: cannot be read: %s", conf->path,
                  strerror(errno));
    }
    fclose(r.file);
    if (r.failed)
        return -1;
    if (rv != 0)
        return error_set(err, EX_CONFIG,
                         "%s:%d: neither [section], key = value nor ; comment",
                         conf->path, rv);
    return 0;
}

/* Cut the last component off an absolute path. */
static char *
folder_of(const char *path)
{
    char *dir = copy(path);
    char *slash = strrchr(dir, '/');

    if (slash == dir)
        slash++;
    *slash = '\0';
    return dir;
}

static void
list_stages(struct conf *conf)
{
    size_t n = 0;

    for (size_t i = 0; i < conf_n_chain; i++)
        conf->stages[n++] = conf_chain[i].name;
    for (struct entry *e = conf->entries; e != NULL; e = e->next) {
        bool seen = strncmp(e->section, "stage.", 6) != 0;

        for (size_t i = 0; i < n && !seen; i++)
            seen = strcmp(conf->stages[i], e->section + 6) == 0;
        if (!seen && n < MAX_STAGES)
            conf->stages[n++] = e->section + 6;
    }
    conf->stages[n] = NULL;
}

int
conf_load(const char *path, struct conf **out, struct error *err)
{
    struct conf *conf = calloc(1, sizeof(*conf));
    const char *url;
    char real[PATH_MAX];

    if (conf == NULL)
        abort();
    if (realpath(path, real) == NULL) {
        free(conf);
        return error_set(err, EX_CONFIG, "%s: cannot be read: %s", path,
                         strerror(errno));
    }
    conf->path = copy(real);
    conf->dir = folder_of(real);
    if (read_file(conf, err) < 0) {
        conf_free(conf);
        return -1;
    }
    url = conf_str(conf, "state", "url") + strlen("sqlite:");
    if (url[0] == '/') {
        conf->state_dir = folder_of(url);
    } else {
        char *file = join(conf->dir, "/", url);

        conf->state_dir = folder_of(file);
        free(file);
    }
    conf->run_dir = join(conf->state_dir, "/", "run");
    list_stages(conf);
    *out = conf;
    return 0;
}

void
conf_free(struct conf *conf)
{
    if (conf == NULL)
        return;
    while (conf->entries != NULL) {
        struct entry *e = conf->entries;

        conf->entries = e->next;
        free(e->section);
        free(e->key);
        free(e->value);
        free(e);
    }
    free(conf->path);
    free(conf->dir);
    free(conf->state_dir);
    free(conf->run_dir);
    free(conf);
}

static const char *
value_of(const struct conf *conf, const char *section, const char *key,
         const struct conf_row **row)
{
    struct entry *e = find(conf, section, key);

    *row = conf_row_find(section, key);
    assert(*row != NULL);
    return e != NULL ? e->value : conf_row_standard(*row, section);
}

const char *
conf_str(const struct conf *conf, const char *section, const char *key)
{
    const struct conf_row *row;

    return value_of(conf, section, key, &row);
}

const char *
conf_default(const char *section, const char *key)
{
    const struct conf_row *row = conf_row_find(section, key);

    assert(row != NULL);
    return conf_row_standard(row, section);
}

bool
conf_bool(const struct conf *conf, const char *section, const char *key)
{
    const struct conf_row *row;
    const char *value = value_of(conf, section, key, &row);

    assert(row->type == CONF_BOOL);
    return strcmp(value, "on") == 0;
}

static int64_t
number(const struct conf *conf, const char *section, const char *key,
       enum conf_type type)
{
    const struct conf_row *row;
    const char *value = value_of(conf, section, key, &row);
    int64_t n = 0;

    assert(row->type == type);
    (void)type;
    conf_value_number(row, value, &n);
    return n;
}

int64_t
conf_int(const struct conf *conf, const char *section, const char *key)
{
    return number(conf, section, key, CONF_INT);
}

int64_t
conf_ms(const struct conf *conf, const char *section, const char *key)
{
    return number(conf, section, key, CONF_MS);
}

int64_t
conf_size(const struct conf *conf, const char *section, const char *key)
{
    return number(conf, section, key, CONF_SIZE);
}

const char *
conf_timeline(enum kind kind)
{
    static char names[KIND_COUNT][40];

    assert(kind >= 0 && kind < KIND_COUNT);
    if (names[kind][0] == '\0')
        snprintf(names[kind], sizeof(names[kind]), "timeline.%s",
                 kind_name(kind));
    return names[kind];
}

const char *
conf_activity(enum activity activity)
{
    static char names[ACTIVITY_COUNT][40];

    if (names[activity][0] == '\0')
        snprintf(names[activity], sizeof(names[activity]), "activity.%s",
                 activity_facts(activity)->name);
    return names[activity];
}

bool
conf_any_activity(const struct conf *conf)
{
    for (int a = 0; a < ACTIVITY_COUNT; a++)
        if (conf_bool(conf, conf_activity((enum activity)a), "sync"))
            return true;
    return false;
}

const char *
conf_mapping(enum activity activity)
{
    static char names[ACTIVITY_COUNT][40];

    if (names[activity][0] == '\0')
        snprintf(names[activity], sizeof(names[activity]),
                 "activity.%s.mapping", activity_facts(activity)->name);
    return names[activity];
}

void
conf_each(const struct conf *conf, const char *section,
          void (*fn)(void *ctx, const char *key, const char *value), void *ctx)
{
    const struct entry *last = NULL;

    /* The newest stands first. */
    while (conf->entries != last) {
        const struct entry *e = conf->entries;

        while (e->next != last)
            e = e->next;
        if (strcmp(e->section, section) == 0)
            fn(ctx, e->key, e->value);
        last = e;
    }
}

const char *
conf_where(const struct conf *conf, const char *section, const char *key,
           char *buf, size_t size)
{
    const struct entry *e = find(conf, section, key);

    if (e != NULL)
        snprintf(buf, size, "%s:%d", conf->path, e->line);
    else
        snprintf(buf, size, "%s (default)", conf->path);
    return buf;
}

const char *
conf_path(const struct conf *conf)
{
    return conf->path;
}

const char *
conf_state_dir(const struct conf *conf)
{
    return conf->state_dir;
}

const char *
conf_run_dir(const struct conf *conf)
{
    return conf->run_dir;
}

char *
conf_resolve(const struct conf *conf, const char *path)
{
    if (path[0] == '/')
        return copy(path);
    if (strncmp(path, "var/", 4) == 0)
        return join(conf->state_dir, "/", path + 4);
    return join(conf->dir, "/", path);
}

const char *const *
conf_stages(const struct conf *conf)
{
    return conf->stages;
}
