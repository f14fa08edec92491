/* services: see services.h. */
#include "common/services.h"
#include "common/clock.h"

#include <assert.h>

#include <string.h>

int
services_open(const struct conf *conf, struct store *store,
              bool (*breathe)(void *ctx), void *ctx, struct services *out,
              struct error *err)
{
    memset(out, 0, sizeof(*out));
    if (hubspot_open(conf, store, breathe, ctx, &out->hubspot, err) < 0)
        return -1;
    if (salesforce_open(conf, store, breathe, ctx, &out->salesforce, err) < 0) {
        services_close(out);
        return -1;
    }
    return 0;
}

void
services_around(struct services *s, const struct around *around)
{
    hubspot_around(s->hubspot, around);
    salesforce_around(s->salesforce, around);
}

void
services_close(struct services *s)
{
    hubspot_close(s->hubspot);
    salesforce_close(s->salesforce);
    memset(s, 0, sizeof(*s));
}

void
services_pack_waits(const struct services *s,
                    const struct outage *const *outages, size_t n,
                    msgpack_packer *pk)
{
    const struct outage *all[SERVICES_OUTAGES + 2];
    struct outage slow[2];

    assert(n <= SERVICES_OUTAGES);
    for (size_t i = 0; i < n; i++)
        all[i] = outages[i];
    if (s->hubspot != NULL && hubspot_is_slow(s->hubspot, &slow[0]))
        all[n++] = &slow[0];
    if (s->salesforce != NULL && salesforce_is_slow(s->salesforce, &slow[1]))
        all[n++] = &slow[1];
    outage_pack(pk, all, n, clock_monotonic_ms(), clock_now_ms());
}
