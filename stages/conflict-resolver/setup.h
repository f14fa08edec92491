/* setup: all that the activity sync takes from the config, replaced as a whole
 * at a reload. */
#ifndef CONFLICT_RESOLVER_SETUP_H
#define CONFLICT_RESOLVER_SETUP_H

#include "common/backoff.h"
#include "common/org.h"
#include "common/stage.h"
#include "stages/conflict-resolver/activity_decide.h"

struct setup {
    bool is_on; /* a kind is; else nothing below is opened */
    struct activity_rules rules[ACTIVITY_COUNT];
    struct services services;
    struct org org;
    struct backoff backoff;
    int64_t search_lag_ms;                  /* [hubspot] */
    char ical_field[MAPPING_NAME_MAX + 1];  /* [salesforce]; "": none */
    char external_id[MAPPING_NAME_MAX + 1]; /* [salesforce] external_id_field */
};

/* Credentials are asked for only when a kind is on; connects to nobody yet.
 * `accounts`: where calls are counted and tokens kept, for all processes; NULL:
 * here alone. -1: EX_CONFIG. */
int setup_new(struct stage_ctx *ctx, const struct conf *conf,
              struct store *accounts, struct setup **out, struct error *err);
void setup_free(struct setup *setup);

#endif
