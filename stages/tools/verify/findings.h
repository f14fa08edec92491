/* findings: what a sweep has found, to be told and to be asked for. */
#ifndef VERIFY_FINDINGS_H
#define VERIFY_FINDINGS_H

#include "common/event.h"
#include <cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum finding_type {
    FINDING_MISSING_IN_SALESFORCE,
    FINDING_MISSING_IN_HUBSPOT,
    FINDING_DIFFERENT,
    FINDING_DOUBLED,  /* two for one */
    FINDING_ORPHANED, /* it names a pair that no link knows */
    FINDING_NOT_WRITTEN_YET,
    FINDING_COUNT
};

struct finding {
    enum finding_type type;
    char kind[32];
    char key[EVENT_ID_MAX];     /* hubspot:call:512; "": not known */
    char target[96];            /* salesforce:Task:00T...; "": not known */
    char property[128];         /* FINDING_DIFFERENT; "": none */
    char *value[2];             /* by enum side; NULL: none. Ours */
    char detail[200];           /* in words; may be "" */
    char request[EVENT_ID_MAX]; /* key of the record that, sent through the
                                   chain, mends it; "": none can */
};

struct findings {
    struct finding *v;
    size_t n, size;
};

/* "missing-in-salesforce". Borrowed for ever. */
const char *finding_name(enum finding_type type);

/* A new one, zeroed but for its type. Borrowed until the next add. */
struct finding *findings_add(struct findings *f, enum finding_type type);
/* Take the one at i out. */
void findings_drop(struct findings *f, size_t i);
void findings_fini(struct findings *f);

/* [{kind, finding, key, target, property, hubspot, salesforce, detail,
 * mendable}], what is empty left out. */
cJSON *findings_json(const struct findings *f);
/* {NAME: n} of those that occur. */
cJSON *findings_counts(const struct findings *f);
/* A table for people. */
void findings_print(FILE *out, const struct findings *f);

#endif
