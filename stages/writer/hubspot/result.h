/* result: what became of each input of a batch, by the answer's errors. Pure.
 *
 * A 207 has results, and errors besides: one a row, or one for several rows
 * that it names in its context, or one that names nobody. Every field may be
 * missing (hubspot-api.md, 2.2 and 9). */
#ifndef WRITER_HUBSPOT_RESULT_H
#define WRITER_HUBSPOT_RESULT_H

#include <cJSON.h>
#include <stdbool.h>
#include <stddef.h>

enum hubspot_verdict {
    HUBSPOT_ROW_OK,
    HUBSPOT_ROW_RETRY,   /* nothing came of it for now: again after a pause */
    HUBSPOT_ROW_NEVER,   /* it will not be taken as it is */
    HUBSPOT_ROW_GONE,    /* there is no such record; of a create or an
                            association: one that it is tied to */
    HUBSPOT_ROW_VANISHED /* the answer says nothing of it: an id that was merged
                            away; of a create: look before it is repeated */
};

struct hubspot_result {
    enum hubspot_verdict verdict;
    /* HUBSPOT_ROW_OK of a record: */
    char id[32];
    bool is_new;             /* it was made: create, or `new` of an upsert */
    const cJSON *properties; /* as they are now; borrowed from the answer, NULL:
                                it gave none */
    /* else: */
    char code[64];       /* the service's category, or a name of ours */
    char detail[512];    /* its words, one line */
    char bad_names[256]; /* "a,b": properties that it does not take */
};

/* How an error names an input. */
struct hubspot_naming {
    const char *const *keys; /* of a context, NULL-terminated */
    bool (*names)(const void *inputs, size_t i, const cJSON *error);
    const void *inputs;
};

/* Take one error as the result, whomever it is about. */
void hubspot_result_read(const cJSON *error, struct hubspot_result *out);
/* Put a result in words of ours or of an answer as a whole. */
void hubspot_result_set(struct hubspot_result *out,
                        enum hubspot_verdict verdict, const char *code,
                        const char *detail);
/* Give the errors of an answer to those of out[0..n) that are
 * HUBSPOT_ROW_VANISHED: each to whom it names, the first that names nobody to
 * all that are left. */
void hubspot_result_spread(const cJSON *errors, const struct hubspot_naming *by,
                           struct hubspot_result *out, size_t n);

/* Does an error's context (or that of its own errors) list the value at the
 * key? `value` NULL: any. */
bool hubspot_error_lists(const cJSON *error, const char *key,
                         const char *value);

#endif
