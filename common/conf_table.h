/* conf_table: every section and key of pipeline.conf, in one place. Internal to
 * conf; the shipped file is generated from it (conf_print). */
#ifndef COMMON_CONF_TABLE_H
#define COMMON_CONF_TABLE_H

#include "common/activity.h"
#include "common/error.h"
#include "common/kind.h"
#include <stdint.h>
#include <stdio.h>

enum conf_type {
    CONF_STR,
    CONF_LINES,   /* may go on in further lines that begin with a blank */
    CONF_SUBJECT, /* template of one line, not empty (placeholder.h) */
    CONF_TEXT,    /* template of lines, as CONF_LINES; may be empty */
    CONF_BOOL,    /* on | off */
    CONF_INT,     /* min..max */
    CONF_MS,      /* 500ms 5s 10m 2h 30d; min..max in ms */
    CONF_SIZE,    /* 4096 64KB 256MB 1GB; min..max in bytes */
    CONF_CHOICE,  /* one of `choices`, separated by '|' */
    CONF_SECRET,  /* env:NAME | file:PATH | literal */
    CONF_URL,     /* https://, or http:// on loopback */
    CONF_STATE,   /* sqlite:PATH */
    CONF_VERSION_HUBSPOT,
    CONF_VERSION_SALESFORCE,
    CONF_FIELD,   /* a Salesforce field name; empty if the default is */
    CONF_MAPPING, /* FIELD[, direction[, transform]]; empty: not mapped */
    CONF_ONLY,    /* only.h; in lines as CONF_LINES, each of whole terms */
    CONF_WIRE     /* ipc:// tcp:// file: - null: */
};

struct conf_row {
    const char *section; /* "timeline.*", "stage.*", "activity.*" and
                            "activity.*.mapping" stand for many */
    const char *key;     /* "*": any name of a HubSpot property */
    enum conf_type type;
    const char *standard; /* default */
    const char *choices;
    int64_t min, max;
    const char *help; /* one line */
};

extern const struct conf_row conf_rows[];
extern const size_t conf_n_rows;

/* What differs from kind to kind in [timeline.KIND]. */
struct conf_kind {
    const char *lookback;
    const char *event_types; /* NULL: the kind has no such key */
    const char *subject;
    const char *description;
};
extern const struct conf_kind conf_kinds[KIND_COUNT];

/* A shipped line of [activity.KIND.mapping]. */
struct conf_mapped {
    enum activity activity;
    const char *key, *value;
};
extern const struct conf_mapped conf_mapped[];
extern const size_t conf_n_mapped;

/* The built-in chain; conf_chain[i].next names the stage behind it. */
struct conf_chain {
    const char *name;
    const char *command;
    const char *next; /* NULL: the last one */
    int is_source;
};
extern const struct conf_chain conf_chain[];
extern const size_t conf_n_chain;

/* The row for a key of a section of the file; NULL when there is none. */
const struct conf_row *conf_row_find(const char *section, const char *key);
/* Is it a section that the table knows (kinds and stage names included)? */
int conf_section_known(const char *section);
/* The default of a row in a section ("timeline.call" has its own look-back). */
const char *conf_row_standard(const struct conf_row *row, const char *section);
/* The nearest section / key of that section; borrowed for ever. */
const char *conf_nearest_section(const char *section);
const char *conf_nearest_key(const char *section, const char *key);

/* Check a value; -1 with what is wrong (no file and line). */
int conf_value_check(const struct conf_row *row, const char *section,
                     const char *key, const char *value, struct error *err);
/* The number in a valid value of CONF_INT, CONF_MS or CONF_SIZE. */
int conf_value_number(const struct conf_row *row, const char *value,
                      int64_t *out);

/* Write the shipped pipeline.conf. */
void conf_print(FILE *out);

#endif
