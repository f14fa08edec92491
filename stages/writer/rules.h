/* rules: what the writer takes from the config, as a copy: a reload may come in
 * the middle of a call. */
#ifndef WRITER_RULES_H
#define WRITER_RULES_H

#include "common/backoff.h"
#include "common/conf.h"

struct rules {
    char external_id[128]; /* field of Task */
    char zone[64];         /* "": the org's, to be asked for */
    char task_type[KIND_COUNT][256];
    struct backoff backoff;
    int max_tries;
    int64_t search_lag_ms; /* of HubSpot */
};

/* -1 (EX_CONFIG): FILE:LINE and what is wrong. */
int rules_read(const struct conf *conf, struct rules *out, struct error *err);

#endif
