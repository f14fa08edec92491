/* normalizer: makes a common activity of each service's native record, or ends
 * it with the reason why it is none. */
#include "common/stage.h"
#include "stages/normalizer/normalize.h"

#include <stdio.h>

static struct normalize_conf rules;

/* The rules as the config has them; -1: the old ones stay. */
static int
read_conf(struct stage_ctx *ctx, const struct conf *conf, struct error *err)
{
    struct activity_rules activity;
    char own[80];

    if (activity_rules_read(conf, &activity, err) < 0)
        return -1;
    rules.activity = activity;
    snprintf(own, sizeof(own), "stage.%s", stage_name(ctx));
    rules.keep_native = conf_bool(conf, own, "keep_native");
    for (int k = 0; k < KIND_COUNT; k++) {
        const char *section = conf_timeline((enum kind)k);

        normalize_conf_set(&rules, (enum kind)k,
                           conf_str(conf, section, "subject"),
                           conf_str(conf, section, "description"));
    }
    return 0;
}

static int
open_rules(struct stage_ctx *ctx, struct error *err)
{
    normalize_conf_init(&rules);
    return read_conf(ctx, stage_conf(ctx), err);
}

static int
reload_rules(struct stage_ctx *ctx, const struct conf *conf, struct error *err)
{
    return read_conf(ctx, conf, err);
}

static void
close_rules(struct stage_ctx *ctx)
{
    (void)ctx;
    normalize_conf_fini(&rules);
}

static void
normalize(struct stage_ctx *ctx, struct event *ev)
{
    struct error err = {0, ""};
    enum normalize_verdict v = normalize_event(ev, &rules, &err);
    struct outcome o = {.seq = 0};

    if (v == NORMALIZE_OK)
        event_trace(ev, stage_name(ctx), "ok", NULL);
    if (v == NORMALIZE_OK || v == NORMALIZE_AS_IS) {
        stage_pass(ctx, ev);
        return;
    }
    snprintf(o.outcome, sizeof(o.outcome), "%s",
             v == NORMALIZE_BAD_RECORD ? "dead" : "dropped");
    snprintf(o.reason, sizeof(o.reason), "%s", normalize_reason(v));
    snprintf(o.detail, sizeof(o.detail), "%s", err.text);
    stage_end(ctx, ev, &o);
}

int
main(int argc, char **argv)
{
    static const struct stage normalizer = {
        .name = "normalizer",
        .open = open_rules,
        .event = normalize,
        .reload = reload_rules,
        .close = close_rules,
    };

    return stage_main(&normalizer, argc, argv);
}
