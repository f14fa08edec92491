/* conflict-resolver: decides what is to be written of an activity, from what
 * was written of it before (the links, read only) and, of activity sync, from
 * what the other side says now. */
#include "common/log.h"
#include "common/stage.h"
#include "common/store.h"
#include "common/tool.h"
#include "stages/conflict-resolver/activity.h"
#include "stages/conflict-resolver/decision.h"

#include <limits.h>
#include <stdio.h>

static struct store *store; /* NULL: there is no state yet, so no link */
static bool deduplicate[KIND_COUNT];
static struct activity_sync *activities;

static void
read_rules(const struct conf *conf)
{
    for (int k = 0; k < KIND_COUNT; k++)
        deduplicate[k] =
            conf_bool(conf, conf_timeline((enum kind)k), "deduplicate");
}

static int
reload(struct stage_ctx *ctx, const struct conf *conf, struct error *err)
{
    (void)ctx;
    if (activity_reload(activities, conf, err) < 0)
        return -1;
    read_rules(conf);
    return 0;
}

/* The writer makes the state; until then there is nothing to look up. */
static int
open_store(struct stage_ctx *ctx, struct error *err)
{
    char url[PATH_MAX + 16];

    if (store != NULL || !tool_state_url(stage_conf(ctx), url, sizeof(url)))
        return 0;
    if (store_open(url, STORE_READ, &store, err) == 0)
        return 0;
    store = NULL;
    /* Being made just now: a moment later it can be read. */
    return err->code == EX_TEMPFAIL || err->code == EX_NOINPUT ? 0 : -1;
}

static int
open_resolver(struct stage_ctx *ctx, struct error *err)
{
    read_rules(stage_conf(ctx));
    if (open_store(ctx, err) < 0)
        return -1;
    if (activity_open(ctx, stage_conf(ctx), &activities, err) == 0)
        return 0;
    store_close(store);
    store = NULL;
    return -1;
}

/* One read transaction for all look-ups of a message. */
static void
begin(struct stage_ctx *ctx)
{
    struct error err;

    if (open_store(ctx, &err) < 0 ||
        (store != NULL && store_begin(store, &err) < 0))
        stage_fail(ctx, &err);
}

static void
end(struct stage_ctx *ctx)
{
    (void)ctx;
    if (store != NULL)
        store_rollback(store); /* nothing was written */
}

/* Does the event repeat what it shares a group with, and is that to count once?
 * Then the group's key to `group`. */
static bool
has_group(const struct event *ev, char *group, size_t size)
{
    struct span kind;
    enum kind k;

    if (!mp_str(ev->field[EVENT_KIND], &kind))
        return false;
    k = kind_parse((const char *)kind.data, kind.len);
    return k != KIND_NONE && deduplicate[k] && decision_group(ev, group, size);
}

static void
resolve_timeline(struct stage_ctx *ctx, struct event *ev)
{
    char key[EVENT_ID_MAX], digest[DECISION_DIGEST_SIZE];
    bool is_group = has_group(ev, key, sizeof(key));
    struct store_link link = {.version = 0};
    struct decision_parents parents;
    enum decision_verdict verdict;
    struct outcome o = {.outcome = "unchanged"};
    struct error err;
    int found = 0;

    if (!is_group)
        event_str(ev, EVENT_KEY, key, sizeof(key));
    if (store != NULL &&
        (found = store_link_get(store, key, &link, &err)) < 0) {
        /* Without the links it would write blindly: the fetcher sends it again
         * when we are back. */
        stage_fail(ctx, &err);
        return;
    }
    decision_parents(ev, &parents);
    decision_digest(ev, &parents, digest);
    verdict = decision_make(ev, found == 1 ? &link : NULL, digest, is_group);
    if (verdict == DECISION_CREATE || verdict == DECISION_UPDATE) {
        decision_put(ev, verdict, link.version, &parents, digest,
                     is_group ? key : NULL);
        event_trace(ev, stage_name(ctx),
                    verdict == DECISION_CREATE ? "create" : "update", NULL);
        stage_pass(ctx, ev);
        return;
    }
    if (verdict == DECISION_DUPLICATE || verdict == DECISION_NOT_LINKED)
        snprintf(o.outcome, sizeof(o.outcome), "dropped");
    if (verdict == DECISION_NOT_LINKED) {
        event_str(ev, EVENT_UNLESS_LINKED, o.reason, sizeof(o.reason));
        event_str(ev, EVENT_UNLESS_DETAIL, o.detail, sizeof(o.detail));
    } else {
        snprintf(o.reason, sizeof(o.reason), "%s", decision_reason(verdict));
    }
    snprintf(o.target, sizeof(o.target), "%.*s", (int)sizeof(o.target) - 1,
             link.target);
    stage_end(ctx, ev, &o);
}

static void
resolve(struct stage_ctx *ctx, struct event *ev)
{
    if (activity_is_one(ev))
        activity_take(activities, ev);
    else
        resolve_timeline(ctx, ev);
}

static int
work(struct stage_ctx *ctx)
{
    struct error err;

    if (open_store(ctx, &err) < 0) {
        stage_fail(ctx, &err);
        return -1;
    }
    return activity_work(activities, store);
}

static bool
drain(struct stage_ctx *ctx)
{
    (void)ctx;
    return activity_drain(activities);
}

static void
stats(struct stage_ctx *ctx, msgpack_packer *pk)
{
    (void)ctx;
    activity_stats(activities, pk);
}

static void
close_resolver(struct stage_ctx *ctx)
{
    (void)ctx;
    activity_close(activities);
    store_close(store);
    store = NULL;
}

int
main(int argc, char **argv)
{
    static const struct stage resolver = {
        .name = "conflict-resolver",
        .open = open_resolver,
        .event = resolve,
        .batch_begin = begin,
        .batch_end = end,
        .work = work,
        .reload = reload,
        .drain = drain,
        .n_stats = ACTIVITY_N_STATS,
        .stats = stats,
        .close = close_resolver,
    };

    return stage_main(&resolver, argc, argv);
}
