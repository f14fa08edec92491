/* services: the clients of both services, for who compares the two. */
#ifndef COMMON_SERVICES_H
#define COMMON_SERVICES_H

#include "common/hubspot.h"
#include "common/salesforce.h"

struct services {
    struct hubspot *hubspot;
    struct salesforce *salesforce;
};

/* `store` and `breathe` as of both (hubspot.h). Connects to nobody yet. -1:
 * EX_CONFIG; nothing is open then. */
int services_open(const struct conf *conf, struct store *store,
                  bool (*breathe)(void *ctx), void *ctx, struct services *out,
                  struct error *err);
/* What is asked around the calls of both; copied. */
void services_around(struct services *s, const struct around *around);
void services_close(struct services *s);

#endif
