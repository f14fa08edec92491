/* services: see services.h. */
#include "common/services.h"

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
