/* window-filter: passes on what is in scope, ends the rest with a reason. */
#include "common/stage.h"
#include "stages/window-filter/window.h"

#include <stdio.h>

static struct window_rules rules;

static int
read_rules(struct stage_ctx *ctx, const struct conf *conf, struct error *err)
{
    (void)ctx;
    (void)err;
    for (int k = 0; k < KIND_COUNT; k++) {
        const char *section = conf_timeline((enum kind)k);

        rules.timeline[k].is_on = conf_bool(conf, section, "sync");
        rules.timeline[k].lookback_ms = conf_ms(conf, section, "lookback");
    }
    for (int a = 0; a < ACTIVITY_COUNT; a++)
        rules.activity[a] =
            conf_bool(conf, conf_activity((enum activity)a), "sync");
    return 0;
}

static int
open_rules(struct stage_ctx *ctx, struct error *err)
{
    return read_rules(ctx, stage_conf(ctx), err);
}

static void
filter(struct stage_ctx *ctx, struct event *ev)
{
    struct outcome o = {.outcome = "dead", .reason = "bad-event"};
    struct window_facts facts;
    enum window_verdict verdict;
    struct error err;

    if (window_facts(ev, &facts, &err) < 0) {
        snprintf(o.detail, sizeof(o.detail), "%s", err.text);
        stage_end(ctx, ev, &o);
        return;
    }
    verdict = window_decide(&facts, &rules);
    event_drop(ev, EVENT_UNLESS_LINKED); /* of an earlier time */
    if (window_is_in_if_linked(&facts, verdict)) {
        event_set_str(ev, EVENT_UNLESS_LINKED, window_reason(verdict));
        event_trace(ev, stage_name(ctx), "in-if-linked",
                    window_reason(verdict));
        stage_pass(ctx, ev);
        return;
    }
    if (verdict == WINDOW_IN) {
        event_trace(ev, stage_name(ctx), "in", NULL);
        stage_pass(ctx, ev);
        return;
    }
    snprintf(o.outcome, sizeof(o.outcome), "dropped");
    snprintf(o.reason, sizeof(o.reason), "%s", window_reason(verdict));
    stage_end(ctx, ev, &o);
}

int
main(int argc, char **argv)
{
    static const struct stage window_filter = {
        .name = "window-filter",
        .open = open_rules,
        .event = filter,
        .reload = read_rules,
    };

    return stage_main(&window_filter, argc, argv);
}
