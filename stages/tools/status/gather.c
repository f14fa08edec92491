/* gather: see gather.h. */
#include "stages/tools/status/gather.h"
#include "common/clock.h"
#include "common/ctl.h"
#include "common/dead_class.h"
#include "common/json.h"
#include "common/store.h"
#include "common/summary.h"
#include "common/tool.h"
#include "stages/tools/status/calls.h"
#include "stages/tools/status/trouble.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#define ANSWER_MS 1500

/* What a process says of itself; NULL: nothing. Does it *answer at all? */
static cJSON *
ask_stats(void *zmq, const struct conf *conf, const char *name, bool *answers)
{
    struct span reply;
    struct error err;
    struct ctl *ctl;
    cJSON *stats = NULL;

    *answers = false;
    if (ctl_open(zmq, conf_run_dir(conf), name, &ctl, &err) < 0)
        return NULL;
    if (ctl_ask(ctl, "stats", NULL, ANSWER_MS, &reply, &err) == 0)
        stats = json_from_mp(reply);
    /* A replaced one may know no figures. */
    *answers = stats != NULL ||
               ctl_ask(ctl, "ping", NULL, ANSWER_MS, &reply, &err) == 0;
    ctl_close(ctl);
    return stats;
}

/* Add the stage's own figures to what the supervisor knows of it. */
static void
add_own(cJSON *stage, cJSON *own)
{
    cJSON *item;

    cJSON_DeleteItemFromObjectCaseSensitive(own, "ok");
    cJSON_DeleteItemFromObjectCaseSensitive(own, "stage");
    while ((item = own->child) != NULL) {
        cJSON_DetachItemViaPointer(own, item);
        if (cJSON_GetObjectItemCaseSensitive(stage, item->string) == NULL)
            cJSON_AddItemToObject(stage, item->string, item);
        else
            cJSON_Delete(item);
    }
}

/* What the stage waits for stands beside what the others wait for. */
static void
take_waits(cJSON *waits, const char *name, cJSON *own)
{
    cJSON *list = cJSON_DetachItemFromObjectCaseSensitive(own, "waits");
    cJSON *item;

    while (list != NULL && (item = list->child) != NULL) {
        cJSON_DetachItemViaPointer(list, item);
        cJSON_AddStringToObject(item, "stage", name);
        cJSON_AddItemToArray(waits, item);
    }
    cJSON_Delete(list);
}

static void
gather_stages(cJSON *doc, const struct conf *conf)
{
    void *zmq = zmq_ctx_new();
    bool answers;
    cJSON *supervisor = access(conf_run_dir(conf), X_OK) == 0
                            ? ask_stats(zmq, conf, "supervisor", &answers)
                            : NULL;
    cJSON *waits = cJSON_AddArrayToObject(doc, "waits");
    cJSON *stages, *stage, *own;

    cJSON_AddBoolToObject(doc, "running", supervisor != NULL);
    if (supervisor == NULL) {
        cJSON_AddNullToObject(doc, "pid");
        cJSON_AddObjectToObject(doc, "stages");
        zmq_ctx_term(zmq);
        return;
    }
    cJSON_AddNumberToObject(doc, "pid",
                            (double)summary_number(supervisor, "pid"));
    stages = cJSON_DetachItemFromObjectCaseSensitive(supervisor, "stages");
    cJSON_AddItemToObject(doc, "stages", stages);
    cJSON_ArrayForEach(stage, stages)
    {
        bool runs = strcmp(json_str(stage, "state"), "running") == 0;

        own = runs ? ask_stats(zmq, conf, stage->string, &answers) : NULL;
        if (runs)
            cJSON_AddBoolToObject(stage, "answers", answers);
        if (own != NULL)
            take_waits(waits, stage->string, own);
        if (own != NULL)
            add_own(stage, own);
        cJSON_Delete(own);
    }
    cJSON_Delete(supervisor);
    zmq_ctx_term(zmq);
}

static int
add_feed(void *ctx, const struct store_feed *feed)
{
    cJSON *f = cJSON_CreateObject();

    cJSON_AddStringToObject(f, "feed", feed->feed);
    cJSON_AddStringToObject(f, "status", feed->status);
    cJSON_AddStringToObject(f, "detail", feed->detail);
    cJSON_AddNumberToObject(f, "since", (double)feed->since);
    if (feed->ok_at > 0)
        cJSON_AddNumberToObject(f, "ok_at", (double)feed->ok_at);
    else
        cJSON_AddNullToObject(f, "ok_at");
    cJSON_AddItemToArray(ctx, f);
    return 0;
}

static int
count_dead(void *ctx, const struct store_dead *dead)
{
    int64_t *n = ctx;

    n[dead_reason_of(dead->reason, dead->detail)->class]++;
    return 0;
}

/* How many there are, by class, and how many there may be. */
static int
gather_dead(cJSON *doc, const struct conf *conf, struct store *store,
            struct error *err)
{
    const struct store_dead_filter all = {.without_event = true};
    int64_t n[DEAD_CLASSES] = {0}, sum = 0;
    int64_t max = conf_int(conf, "delivery", "dead_letters_max");
    cJSON *by_class = cJSON_CreateObject();

    if (store != NULL && store_dead_each(store, &all, count_dead, n, err) < 0) {
        cJSON_Delete(by_class);
        return -1;
    }
    for (int class = 0; class < DEAD_CLASSES; class ++) {
        cJSON_AddNumberToObject(by_class,
                                dead_class_name((enum dead_class) class),
                                (double)n[class]);
        sum += n[class];
    }
    cJSON_AddNumberToObject(doc, "dead", (double)sum);
    cJSON_AddItemToObject(doc, "dead_by_class", by_class);
    cJSON_AddNumberToObject(doc, "dead_max", (double)max);
    cJSON_AddBoolToObject(doc, "dead_full", sum >= max);
    return 0;
}

static int
gather_state(cJSON *doc, const struct conf *conf, struct store *store,
             struct error *err)
{
    cJSON *feeds = cJSON_AddArrayToObject(doc, "feeds");
    struct store_deletion_counts deletions = {0};
    int rv = 0;

    if (store != NULL)
        rv = store_feed_each(store, add_feed, feeds, err);
    if (rv >= 0)
        rv = gather_dead(doc, conf, store, err);
    /* Who only reads may find a state from before there were any. */
    if (store != NULL && rv >= 0)
        store_deletion_count(store, NULL, 0, &deletions, NULL);
    cJSON_AddNumberToObject(doc, "held_deletes", (double)deletions.held);
    if (rv >= 0)
        rv = calls_gather(doc, conf, store, err);
    return rv < 0 ? -1 : 0;
}

static bool
has(const cJSON *list, const char *key, const char *value)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, list)
    {
        if (strcmp(json_str(item, key), value) == 0)
            return true;
    }
    return false;
}

static bool
is_ok(const cJSON *doc)
{
    return !has(cJSON_GetObjectItemCaseSensitive(doc, "stages"), "state",
                "failed") &&
           !has(cJSON_GetObjectItemCaseSensitive(doc, "feeds"), "status",
                "failing") &&
           cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(doc, "waits")) ==
               0 &&
           !cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(doc, "dead_full")) &&
           !trouble_is_serious(doc);
}

/* Of what the state says; how the stages are is known without it. */
static int
read_state(cJSON *doc, const struct conf *conf, struct error *err)
{
    struct store *store = NULL;
    char url[PATH_MAX + 16];
    int rv = 0;

    if (tool_state_url(conf, url, sizeof(url)))
        rv = store_open(url, STORE_READ, &store, err);
    if (rv == 0)
        rv = gather_state(doc, conf, store, err);
    store_close(store);
    return rv;
}

cJSON *
gather(const struct conf *conf, struct error *err)
{
    cJSON *doc = cJSON_CreateObject();
    int rv;

    gather_stages(doc, conf);
    rv = read_state(doc, conf, err);
    trouble_gather(doc, rv < 0 ? err->text : NULL);
    cJSON_AddBoolToObject(doc, "ok", rv == 0 && is_ok(doc));
    return doc;
}
