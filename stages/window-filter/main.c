/* window-filter: passes on what is in scope, ends the rest with a reason. What
 * its kind's `only` does not choose is marked, and so is an activity that is
 * out of scope: it goes on if it has come over before, which the
 * conflict-resolver knows. */
#include "common/stage.h"
#include "stages/window-filter/chosen.h"
#include "stages/window-filter/window.h"

#include <stdio.h>

static struct window_rules rules;
/* The config's, which lives as long as its values are used. */
static const char *only_timeline[KIND_COUNT];
static const char *only_activity[ACTIVITY_COUNT];

static int
read_rules(struct stage_ctx *ctx, const struct conf *conf, struct error *err)
{
    (void)ctx;
    (void)err;
    for (int k = 0; k < KIND_COUNT; k++) {
        const char *section = conf_timeline((enum kind)k);

        rules.timeline[k].is_on = conf_bool(conf, section, "sync");
        rules.timeline[k].lookback_ms = conf_ms(conf, section, "lookback");
        only_timeline[k] = conf_str(conf, section, "only");
    }
    for (int a = 0; a < ACTIVITY_COUNT; a++) {
        const char *section = conf_activity((enum activity)a);

        rules.activity[a] = conf_bool(conf, section, "sync");
        only_activity[a] = conf_str(conf, section, "only");
    }
    return 0;
}

static int
open_rules(struct stage_ctx *ctx, struct error *err)
{
    return read_rules(ctx, stage_conf(ctx), err);
}

/* A deletion concerns only what has come over. */
static enum chosen
choose(const struct event *ev, const struct window_facts *facts,
       struct only_term *missed)
{
    const char *only = facts->is_activity ? only_activity[facts->activity]
                                          : only_timeline[facts->kind];

    return facts->is_delete ? CHOSEN : chosen(ev, only, missed);
}

static void
pass_if_linked(struct stage_ctx *ctx, struct event *ev, const char *reason)
{
    event_set_str(ev, EVENT_UNLESS_LINKED, reason);
    event_trace(ev, stage_name(ctx), "in-if-linked", reason);
    stage_pass(ctx, ev);
}

/* It goes back to its fetcher, which asks now what it has not asked. */
static void
send_back(struct stage_ctx *ctx, struct event *ev)
{
    struct outcome o = {.outcome = "again", .reason = "list-unknown"};

    stage_end(ctx, ev, &o);
}

static void
filter_in(struct stage_ctx *ctx, struct event *ev,
          const struct window_facts *facts)
{
    /* Nobody sends again what a person has put in, or what a file has. */
    bool has_fetcher = event_i64(ev, EVENT_SEQ, 0) != 0 && stage_is_live(ctx);
    struct only_term missed;
    enum chosen is_chosen = choose(ev, facts, &missed);
    char term[sizeof(((struct outcome *)0)->detail)];

    if (is_chosen == CHOSEN) {
        event_trace(ev, stage_name(ctx), "in", NULL);
        stage_pass(ctx, ev);
    } else if (is_chosen == CHOSEN_UNKNOWN && has_fetcher) {
        send_back(ctx, ev);
    } else {
        snprintf(term, sizeof(term), "%.*s", (int)missed.len, missed.s);
        event_set_str(ev, EVENT_UNLESS_DETAIL, term);
        pass_if_linked(ctx, ev,
                       is_chosen == CHOSEN_NOT ? "filtered" : "list-unknown");
    }
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
    event_drop(ev, EVENT_UNLESS_DETAIL);
    if (window_is_in_if_linked(&facts, verdict)) {
        pass_if_linked(ctx, ev, window_reason(verdict));
        return;
    }
    if (verdict == WINDOW_IN) {
        filter_in(ctx, ev, &facts);
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
