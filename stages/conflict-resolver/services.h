/* services: the clients of both services, of which this stage only reads. A
 * call is tried once: who waits for an answer is the event, not the stage,
 * which goes on with what needs no answer. */
#ifndef CONFLICT_RESOLVER_SERVICES_H
#define CONFLICT_RESOLVER_SERVICES_H

#include "common/hubspot.h"
#include "common/salesforce.h"
#include "common/stage.h"

struct services {
    struct hubspot *hubspot;
    struct salesforce *salesforce;
};

/* Calls are counted here only: this stage does not write the state (design, 4).
 * -1: EX_CONFIG. */
int services_open(struct stage_ctx *ctx, const struct conf *conf,
                  struct services *out, struct error *err);
void services_close(struct services *s);

#endif
