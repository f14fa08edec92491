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

/* For `stats`: as outage_pack(), of these outages (n <= SERVICES_OUTAGES), and
 * of calls that have been without an answer for long. Either client may be
 * NULL. */
#define SERVICES_OUTAGES 2
void services_pack_waits(const struct services *s,
                         const struct outage *const *outages, size_t n,
                         msgpack_packer *pk);

#endif
