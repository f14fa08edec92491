/* setup: see setup.h. */
#include "stages/conflict-resolver/setup.h"

#include <stdio.h>
#include <stdlib.h>

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

/* A call is tried once: who waits for an answer is the event, not the stage,
 * which goes on with what needs no answer. */
static int
open_services(struct stage_ctx *ctx, const struct conf *conf,
              struct store *accounts, struct services *out, struct error *err)
{
    const struct around around = {.again = never_again};

    if (services_open(conf, accounts, breathe, ctx, out, err) < 0)
        return -1;
    services_around(out, &around);
    return 0;
}

void
setup_free(struct setup *setup)
{
    if (setup == NULL)
        return;
    org_fini(&setup->org);
    services_close(&setup->services);
    free(setup);
}

int
setup_new(struct stage_ctx *ctx, const struct conf *conf,
          struct store *accounts, struct setup **out, struct error *err)
{
    struct setup *s = calloc(1, sizeof(*s));

    if (s == NULL)
        abort();
    s->backoff.min_ms = conf_ms(conf, "delivery", "retry_min");
    s->backoff.max_ms = conf_ms(conf, "delivery", "retry_max");
    if (s->backoff.max_ms < s->backoff.min_ms)
        s->backoff.max_ms = s->backoff.min_ms;
    s->search_lag_ms = conf_ms(conf, "hubspot", "search_lag");
    snprintf(s->ical_field, sizeof(s->ical_field), "%s",
             conf_str(conf, "salesforce", "ical_uid_field"));
    snprintf(s->external_id, sizeof(s->external_id), "%s",
             conf_str(conf, "salesforce", "external_id_field"));
    if (activity_rules_read(conf, s->rules, err) < 0)
        goto fail;
    for (int a = 0; a < ACTIVITY_COUNT; a++)
        s->is_on = s->is_on || s->rules[a].is_on;
    if (s->is_on && (org_init(&s->org, conf, err) < 0 ||
                     open_services(ctx, conf, accounts, &s->services, err) < 0))
        goto fail;
    *out = s;
    return 0;
fail:
    setup_free(s);
    return -1;
}
