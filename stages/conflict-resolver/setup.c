/* setup: see setup.h. */
#include "stages/conflict-resolver/setup.h"

#include <stdio.h>
#include <stdlib.h>

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
setup_new(struct stage_ctx *ctx, const struct conf *conf, struct setup **out,
          struct error *err)
{
    struct setup *s = calloc(1, sizeof(*s));

    if (s == NULL)
        abort();
    s->backoff.min_ms = conf_ms(conf, "delivery", "retry_min");
    s->backoff.max_ms = conf_ms(conf, "delivery", "retry_max");
    if (s->backoff.max_ms < s->backoff.min_ms)
        s->backoff.max_ms = s->backoff.min_ms;
    snprintf(s->external_id, sizeof(s->external_id), "%s",
             conf_str(conf, "salesforce", "external_id_field"));
    if (activity_rules_read(conf, s->rules, err) < 0)
        goto fail;
    for (int a = 0; a < ACTIVITY_COUNT; a++)
        s->is_on = s->is_on || s->rules[a].is_on;
    if (s->is_on && (org_init(&s->org, conf, s->rules, err) < 0 ||
                     services_open(ctx, conf, &s->services, err) < 0))
        goto fail;
    *out = s;
    return 0;
fail:
    setup_free(s);
    return -1;
}
