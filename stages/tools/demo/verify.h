/* verify: do our own books and the sandbox's store say the same? */
#ifndef DEMO_VERIFY_H
#define DEMO_VERIFY_H

#include "common/error.h"
#include <cJSON.h>
#include <stdbool.h>
#include <stdint.h>

struct verdict {
    int64_t tasks;   /* in Salesforce that bear a HubSpot id */
    int64_t writes;  /* that made them, by our links */
    int64_t strange; /* tasks that our links do not know so */
    cJSON *by_kind;  /* {kind: written}; caller frees with cJSON_Delete() */
    cJSON *not_come; /* [{kind, outcome, reason, n}]; likewise */
    int n_missing;   /* kinds of which nothing was written */
    char missing[400];
};

/* `dump` is the sandbox's {"Task": [...]}. */
int verify(const char *conf_file, const cJSON *dump, struct verdict *out,
           struct error *err);

#endif
