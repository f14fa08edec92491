/* services: see services.h. */
#include "stages/conflict-resolver/services.h"

#include <string.h>

/* A file's end is no reason to hurry: nobody sends its events again. */
static bool
breathe(void *ctx)
{
    return stage_breathe(ctx) || !stage_is_live(ctx);
}

static bool
never_again(void *ctx, int tries)
{
    (void)ctx;
    (void)tries;
    return false;
}

int
services_open(struct stage_ctx *ctx, const struct conf *conf,
              struct services *out, struct error *err)
{
    const struct around around = {.again = never_again};

    memset(out, 0, sizeof(*out));
    if (hubspot_open(conf, NULL, breathe, ctx, &out->hubspot, err) < 0)
        return -1;
    if (salesforce_open(conf, NULL, breathe, ctx, &out->salesforce, err) < 0) {
        services_close(out);
        return -1;
    }
    hubspot_around(out->hubspot, &around);
    salesforce_around(out->salesforce, &around);
    return 0;
}

void
services_close(struct services *s)
{
    hubspot_close(s->hubspot);
    salesforce_close(s->salesforce);
    memset(s, 0, sizeof(*s));
}
