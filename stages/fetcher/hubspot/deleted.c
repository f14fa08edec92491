/* deleted: "hubspot.deleted": HubSpot has no feed of what was deleted, so the
 * linked records are looked up, in rounds (round.h).
 *
 * One that is archived is deleted. One that is to be found nowhere (e-mails are
 * deleted for good, and a missing answer is no deletion) is looked for once
 * more in a later poll, by itself then; a row of the state remembers. One that
 * the link knows as deleted and that is there again is given as an ordinary
 * event. */
#include "stages/fetcher/hubspot/deleted.h"

#include "common/batch_read.h"
#include "common/json.h"
#include "stages/fetcher/guard.h"
#include "stages/fetcher/hubspot/engagements.h"
#include "stages/fetcher/hubspot/found.h"
#include "stages/fetcher/hubspot/round.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_MAX 100   /* records a call */
#define PAUSE_MS 60000 /* between two polls, at most */
/* Nobody brings back what was deleted so long ago: HubSpot keeps it 90 days. */
#define GONE_MS (100 * 24 * 3600 * INT64_C(1000))

/* One linked record. */
struct linked {
    char key[EVENT_ID_MAX], target[96];
    const char *id; /* in key */
    struct guard_link link;
};

struct look {
    const struct feed_env *env;
    enum activity activity;
    int64_t now;
    bool has_waiting; /* the state has deletions that wait */
    struct linked linked[LOOK_MAX];
    const char *ids[LOOK_MAX];
    struct found found[LOOK_MAX];
    size_t n;
    size_t n_links; /* with those that need no look */
    char last[EVENT_ID_MAX];
};

static void
wanted_kinds(const struct feed_env *env, bool wanted[ACTIVITY_COUNT])
{
    struct guard_rules rules;

    guard_rules_read(env->conf, &rules);
    for (int a = 0; a < ACTIVITY_COUNT; a++)
        wanted[a] = rules.carries[a][SIDE_HUBSPOT];
}

static bool
is_wanted(const struct feed_env *env, const struct feed *feed)
{
    struct guard_rules rules;

    (void)feed;
    guard_rules_read(env->conf, &rules);
    return guard_rules_any(&rules, SIDE_HUBSPOT);
}

/* ---- the links ---- */

static int
take_link(void *ctx, const struct store_link *link)
{
    struct look *look = ctx;
    struct linked *l = &look->linked[look->n];

    look->n_links++;
    snprintf(look->last, sizeof(look->last), "%s", link->key);
    guard_link_read(link, &l->link);
    snprintf(l->key, sizeof(l->key), "%s", link->key);
    snprintf(l->target, sizeof(l->target), "%s", link->target);
    l->id = strrchr(l->key, ':') + 1;
    if (l->link.activity != look->activity || !hubspot_is_id(l->id) ||
        (l->link.is_gone[SIDE_HUBSPOT] &&
         link->written_at < look->now - GONE_MS))
        return 0;
    look->ids[look->n++] = l->id;
    return 0;
}

/* The next links of the round, of one kind; none: there are none at all. */
static int
next_links(struct look *look, struct round *r,
           const bool wanted[ACTIVITY_COUNT], struct error *err)
{
    char after[EVENT_ID_MAX], before[EVENT_ID_MAX];

    if (!wanted[r->activity])
        round_next_kind(r, wanted);
    for (int i = 0; i <= ACTIVITY_COUNT && look->n_links == 0; i++) {
        look->activity = r->activity;
        round_keys(r, after, before, sizeof(after));
        if (store_pair_each(look->env->store, after, before, LOOK_MAX,
                            take_link, look, err) < 0)
            return -1;
        if (look->n_links == LOOK_MAX)
            snprintf(r->after, sizeof(r->after), "%s", look->last);
        else
            round_next_kind(r, wanted);
    }
    r->left -= (int64_t)look->n_links;
    if (look->n_links == 0)
        r->left = 0;
    return 0;
}

static int64_t
count_links(const struct feed_env *env, const bool wanted[ACTIVITY_COUNT],
            struct error *err)
{
    char after[EVENT_ID_MAX], before[EVENT_ID_MAX];
    struct round r = {.left = 0};
    int64_t total = 0, n;

    for (int a = 0; a < ACTIVITY_COUNT; a++) {
        if (!wanted[a])
            continue;
        r.activity = (enum activity)a;
        round_keys(&r, after, before, sizeof(after));
        n = store_pair_count(env->store, after, before, err);
        if (n < 0)
            return -1;
        total += n;
    }
    return total;
}

/* ---- asking HubSpot ---- */

static cJSON *
body_of(const char *const *ids, size_t n)
{
    static const char *const properties[] = {FOUND_CHANGED, FOUND_MERGED, NULL};

    return batch_read_body(NULL, properties, ids, n);
}

static int
ask(const struct look *look, bool archived, const char *const *ids, size_t n,
    struct found *out, struct error *err)
{
    cJSON *body, *answer = NULL;
    char tail[64];
    int rv;

    if (n == 0)
        return 0;
    body = body_of(ids, n);
    snprintf(tail, sizeof(tail), "/%s/batch/read?archived=%s",
             activity_facts(look->activity)->collection,
             archived ? "true" : "false");
    rv = hubspot_read(look->env->hubspot, HUBSPOT_OBJECTS, tail, body, &answer,
                      err);
    if (rv == 0)
        found_read(answer, ids, n, out);
    cJSON_Delete(answer);
    cJSON_Delete(body);
    return rv;
}

/* Those that are not there may be in the archive. */
static int
ask_archive(struct look *look, struct error *err)
{
    const char *ids[LOOK_MAX];
    size_t at[LOOK_MAX], n = 0;
    struct found found[LOOK_MAX];

    for (size_t i = 0; i < look->n; i++)
        if (look->found[i].state == FOUND_MISSING &&
            !look->linked[i].link.is_gone[SIDE_HUBSPOT]) {
            at[n] = i;
            ids[n++] = look->ids[i];
        }
    if (ask(look, true, ids, n, found, err) < 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        look->found[at[i]] = found[i];
    return 0;
}

/* Alone, a record that was merged is answered with another one, and one that
 * may not be read with a refusal. 1: it is gone; 0: it is not known to be. */
static int
ask_alone(const struct look *look, const char *id, struct error *err)
{
    cJSON *answer = NULL;
    char tail[64];
    int rv;

    snprintf(tail, sizeof(tail), "/%s/%s",
             activity_facts(look->activity)->collection, id);
    rv = hubspot_read(look->env->hubspot, HUBSPOT_OBJECTS, tail, NULL, &answer,
                      err);
    cJSON_Delete(answer);
    if (rv == 0 || err->code == EX_NOPERM)
        return 0;
    return err->code == EX_DATAERR ? 1 : -1;
}

/* ---- what was found ---- */

/* A version that the link has not seen, and no other after the same link. */
static int64_t
version(const struct linked *l, int64_t at)
{
    int64_t seen = l->link.seen[SIDE_HUBSPOT];

    return at > seen ? at : seen + 1;
}

static int
give_deletion(const struct look *look, const struct linked *l, int64_t t,
              struct error *err)
{
    char id[EVENT_ID_MAX];
    struct event ev;
    int rv;

    snprintf(id, sizeof(id), "%.400s@%" PRId64, l->key, t);
    event_init(&ev);
    event_set_str(&ev, EVENT_ID, id);
    event_set_str(&ev, EVENT_KEY, l->key);
    event_set_str(&ev, EVENT_OP, "delete");
    event_set_i64(&ev, EVENT_MODIFIED_AT, t);
    rv = feed_emit(look->env, &ev, err);
    event_fini(&ev);
    return rv < 0 && err->code != EX_DATAERR ? -1 : 0;
}

static int
remember(const struct look *look, const struct linked *l, struct error *err)
{
    struct store_deletion d = {.found_at = look->now, .judged_at = look->now};

    snprintf(d.key, sizeof(d.key), "%s", l->key);
    snprintf(d.source, sizeof(d.source), "%s", side_name(SIDE_HUBSPOT));
    snprintf(d.kind, sizeof(d.kind), "%s",
             activity_facts(look->activity)->name);
    snprintf(d.other, sizeof(d.other), "%s", l->target);
    snprintf(d.verdict, sizeof(d.verdict), "%s", STORE_LOOKED);
    return store_deletion_put(look->env->store, &d, err);
}

static int
take_missing(const struct look *look, const struct linked *l, struct error *err)
{
    struct store *store = look->env->store;
    struct store_deletion d;
    int rv = store_deletion_get(store, l->key, &d, err);

    if (rv == 0)
        return remember(look, l, err);
    if (rv < 0 || strcmp(d.verdict, STORE_LOOKED) != 0)
        return rv < 0 ? -1 : 0;
    rv = ask_alone(look, l->id, err);
    if (rv <= 0)
        return rv;
    if (give_deletion(look, l, version(l, 0), err) < 0)
        return -1;
    /* It may have gone out, or be known already. */
    rv = store_deletion_get(store, l->key, &d, err);
    if (rv == 1 && strcmp(d.verdict, STORE_LOOKED) == 0)
        rv = store_deletion_drop(store, l->key, err);
    return rv < 0 ? -1 : 0;
}

static int
take_all(struct look *look, struct error *err)
{
    struct keyset_record restored[LOOK_MAX];
    size_t n = 0;
    int rv = 0;

    for (size_t i = 0; i < look->n && rv == 0; i++) {
        const struct linked *l = &look->linked[i];
        const struct found *f = &look->found[i];
        bool is_gone = l->link.is_gone[SIDE_HUBSPOT];

        if (f->state == FOUND_ALIVE && is_gone) {
            restored[n].t = version(l, f->at);
            snprintf(restored[n++].id, sizeof(restored[0].id), "%s", l->id);
        } else if (f->state == FOUND_ALIVE && look->has_waiting) {
            rv = feed_is_alive(look->env, l->key, err);
        } else if (f->state == FOUND_ARCHIVED && !is_gone) {
            rv = give_deletion(look, l, version(l, f->at), err);
        } else if (f->state == FOUND_MISSING && !is_gone) {
            rv = take_missing(look, l, err);
        }
    }
    return rv == 0 && n > 0
               ? engagements_give(look->env, look->activity, restored, n, err)
               : rv;
}

static int
look_up(struct look *look, struct error *err)
{
    struct store_deletion_counts c;

    if (store_deletion_count(look->env->store, side_name(SIDE_HUBSPOT), 0, &c,
                             err) < 0 ||
        ask(look, false, look->ids, look->n, look->found, err) < 0 ||
        ask_archive(look, err) < 0)
        return -1;
    look->has_waiting = c.looked + c.pending + c.held + c.to_send > 0;
    return take_all(look, err);
}

static int
poll_deleted(const struct feed_env *env, const struct feed *feed,
             const cJSON *cursor, struct feed_page *page, struct error *err)
{
    int64_t sweep_ms = conf_ms(env->conf, "hubspot", "delete_sweep");
    struct look *look = calloc(1, sizeof(*look));
    bool wanted[ACTIVITY_COUNT];
    struct round r;
    int64_t total = 0;
    int rv;

    (void)feed;
    if (look == NULL)
        abort();
    look->env = env;
    look->now = hubspot_now_ms(env->hubspot);
    wanted_kinds(env, wanted);
    round_read(&r, cursor);
    rv = r.left > 0 || (total = count_links(env, wanted, err)) >= 0 ? 0 : -1;
    if (rv == 0) {
        round_begin(&r, total, look->now, sweep_ms);
        rv = next_links(look, &r, wanted, err);
    }
    if (rv == 0)
        rv = look_up(look, err);
    if (rv == 0) {
        page->cursor = round_write(&r);
        page->more = r.left > 0;
        page->pause_ms = sweep_ms < PAUSE_MS ? sweep_ms : PAUSE_MS;
    }
    free(look);
    return rv;
}

const struct feed deleted_feed = {
    .name = "hubspot.deleted", .wanted = is_wanted, .poll = poll_deleted};
