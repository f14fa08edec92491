/* drive: see drive.h. Finds what goes on without end, a cursor that moves
 * although every answer was a refusal, and a checkpoint that does not stand
 * where the feed stands when all its events have ended. */
#include "tests/fuzz/answers/drive.h"

#include "common/log.h"
#include "stages/fetcher/engine_private.h"
#include "tests/fuzz/answers/chain.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define STEPS        48   /* of a fetcher that no pass ends */
#define STEPS_TO_END 3000 /* of a pass that has got its last answers */
#define FEEDS_MAX    16
#define PROCESSES    16      /* at most, one after the other */
#define BETWEEN_MS   3600000 /* from one to the next */

static struct conf *confs[DRIVE_CONFS];
static struct store *store; /* emptied before each run */
static sqlite3 *eraser;

struct run {
    const struct drive *drive;
    struct input in;
    struct engine_options options;
    const struct feed *feeds[FEEDS_MAX + 1];
    struct feed_env env;
    int stop_after;
};

static void
open_conf(const char *text, struct conf **out)
{
    char path[] = "/tmp/answers_fuzz.XXXXXX";
    struct error err;
    int fd = mkstemp(path);

    check(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    check(conf_load(path, out, &err) == 0);
    close(fd);
    unlink(path);
}

void
drive_open(const struct drive *drive)
{
    struct error err;

    log_set_level(LOG_ERROR);
    for (size_t i = 0; i < DRIVE_CONFS; i++)
        open_conf(drive->confs[i], &confs[i]);
    /* Every database lives in memory, whatever it is called. */
    check(sqlite3_initialize() == SQLITE_OK);
    check(sqlite3_vfs_register(sqlite3_vfs_find("memdb"), 1) == SQLITE_OK);
    check(store_open("sqlite:/dev/null", STORE_WRITE, &store, &err) == 0);
    check(sqlite3_open("/dev/null", &eraser) == SQLITE_OK);
}

/* A new state, without the time that it takes to make one. */
static void
empty_store(void)
{
    static const char all[] =
        "BEGIN; DELETE FROM checkpoint; DELETE FROM feed; DELETE FROM contact;"
        "DELETE FROM contact_email; DELETE FROM company; DELETE FROM person;"
        "DELETE FROM outcome; DELETE FROM dead; DELETE FROM counter;"
        "DELETE FROM api; DELETE FROM token; COMMIT";

    check(sqlite3_exec(eraser, all, NULL, NULL, NULL) == SQLITE_OK);
}

static void
choose_feeds(struct run *r)
{
    size_t n = 0, one = input_byte(&r->in);

    while (r->drive->feeds[n] != NULL)
        n++;
    check(n <= FEEDS_MAX);
    one %= n + 1;
    if (one == 0)
        memcpy(r->feeds, r->drive->feeds, n * sizeof(r->feeds[0]));
    else
        r->feeds[0] = r->drive->feeds[one - 1];
}

static void
open_clients(struct run *r)
{
    struct feed_env *env = &r->env;
    struct error err;
    int rv;

    env->store = store;
    if (strcmp(r->drive->source, "hubspot") == 0)
        rv = hubspot_open(env->conf, env->store, chain_breathe, NULL,
                          &env->hubspot, &err);
    else
        rv = salesforce_open(env->conf, env->store, chain_breathe, NULL,
                             &env->salesforce, &err);
    check(rv == 0);
}

static void
close_clients(struct run *r)
{
    hubspot_close(r->env.hubspot);
    salesforce_close(r->env.salesforce);
}

static char *
print(const cJSON *cursor)
{
    return cursor != NULL ? cJSON_PrintUnformatted(cursor) : NULL;
}

/* The positions within a reading are taken out of a cursor; what is left says
 * up to where all was read. */
static void
strip(cJSON *cursor)
{
    static const char *const positions[] = {
        "offset", "end", "looks", "at",      "next",
        "after",  "top", "again", "refused", "round_at"};
    cJSON *child;

    for (size_t i = 0; i < sizeof(positions) / sizeof(positions[0]); i++)
        cJSON_DeleteItemFromObjectCaseSensitive(cursor, positions[i]);
    cJSON_ArrayForEach(child, cursor) strip(child);
}

/* What was not there before has no place to move from: a type of events that
 * was found in an earlier poll. */
static void
strip_new(const cJSON *was, cJSON *is)
{
    cJSON *child;

    cJSON_ArrayForEach(child, is)
    {
        const cJSON *had = cJSON_GetObjectItemCaseSensitive(was, child->string);
        cJSON *next, *item = cJSON_IsObject(child) ? child->child : NULL;

        for (; item != NULL; item = next) {
            next = item->next;
            if (cJSON_GetObjectItemCaseSensitive(had, item->string) == NULL)
                cJSON_Delete(cJSON_DetachItemViaPointer(child, item));
        }
    }
}

/* A time may go back: then something is read once more. */
static bool
is_no_further(const cJSON *was, const cJSON *is)
{
    const cJSON *child;

    if (cJSON_IsNumber(was) && cJSON_IsNumber(is))
        return is->valuedouble <= was->valuedouble;
    if (!cJSON_IsObject(was) || !cJSON_IsObject(is))
        return cJSON_Compare(was, is, true);
    if (cJSON_GetArraySize(was) != cJSON_GetArraySize(is))
        return false;
    cJSON_ArrayForEach(child, was)
    {
        if (!is_no_further(child,
                           cJSON_GetObjectItemCaseSensitive(is, child->string)))
            return false;
    }
    return true;
}

/* Nothing was answered: all that was read is what was read before. A look-back
 * passes over what is refused (its contacts have nothing there). */
static void
check_unmoved(const struct feed_state *fs, const char *before)
{
    cJSON *was = cJSON_Parse(before), *is = cJSON_Duplicate(fs->cursor, true);

    strip(was);
    strip(is);
    strip_new(was, is);
    if (!is_no_further(was, is) &&
        strcmp(fs->feed->name, "hubspot.lookback") != 0) {
        fprintf(stderr, "%s: %s, then %s\n", fs->feed->name, before,
                print(fs->cursor));
        check(!"the cursor moves, with no answer");
    }
    cJSON_Delete(was);
    cJSON_Delete(is);
}

/* One turn of the fetcher, at most one poll. */
static void
step(struct engine *e)
{
    char *before[ENGINE_FEEDS_MAX];
    int ms;

    for (int i = 0; i < e->n_feeds; i++)
        before[i] = print(e->feeds[i].cursor);
    service_poll();
    ms = engine_work(e);
    for (int i = 0; i < e->n_feeds; i++) {
        if (before[i] != NULL && service_calls() > 0 && service_answers() == 0)
            check_unmoved(&e->feeds[i], before[i]);
        cJSON_free(before[i]);
    }
    check(ms >= 0);
    service_advance(ms);
}

/* What it stands at is what a later process begins with. */
static void
check_checkpoints(struct engine *e)
{
    struct error err;

    for (int i = 0; i < e->n_feeds; i++) {
        struct feed_state *fs = &e->feeds[i];
        char *kept = NULL, *cursor = print(fs->cursor);

        if (checkpoint_pages(&fs->checkpoint) == 0) {
            check(store_checkpoint_get(e->env.store, fs->feed->name, &kept,
                                       &err) == (cursor != NULL));
            check(cursor == NULL || strcmp(cursor, kept) == 0);
        }
        free(kept);
        cJSON_free(cursor);
    }
}

static struct engine *
open_engine(struct run *r)
{
    struct engine *e;
    struct error err;

    check(engine_open(chain_begin(r->drive->source, &r->in, r->stop_after),
                      &r->options, &r->env, &e, &err) == 0);
    return e;
}

/* Before the first process: what the feeds find. */
static void
prepare(struct run *r)
{
    static const struct feed *const none[] = {NULL};
    struct engine *e;
    struct error err;

    r->options.feeds = none;
    e = open_engine(r);
    check(engine_begin(e, &err) == 0);
    r->drive->prepare(&e->env, &r->in);
    check(engine_commit(e, &err) == 0);
    engine_close(e);
    r->options.feeds = r->feeds;
}

/* A process, from its start to its end. */
static void
run_once(struct run *r)
{
    struct engine *e = open_engine(r);
    int steps = 0;
    msgpack_sbuffer stats;
    msgpack_packer pk;

    while (!chain_has_ended() && (r->options.once || steps < STEPS)) {
        step(e);
        /* A turn that only sends what was read before leads to the end. */
        if (service_calls() > 0 || chain_pending() == 0)
            steps = r->options.once && !input_is_over(&r->in) ? 0 : steps + 1;
        check(steps < STEPS_TO_END);
        chain_answer(e, input_is_over(&r->in));
    }
    chain_answer(e, true);
    if (!chain_has_failed())
        check_checkpoints(e);
    msgpack_sbuffer_init(&stats);
    msgpack_packer_init(&pk, &stats, msgpack_sbuffer_write);
    engine_stats(e, &pk);
    msgpack_sbuffer_destroy(&stats);
    engine_close(e);
}

void
drive_run(const struct drive *drive, const uint8_t *bytes, size_t len)
{
    struct run r = {
        .drive = drive,
        .in = input_of(bytes, len),
        .options = {.source = drive->source, .summary = "/dev/null"}};
    uint8_t b;

    service_begin(drive->routes, &r.in);
    choose_feeds(&r);
    b = input_byte(&r.in);
    r.env.conf = confs[b % DRIVE_CONFS];
    r.options.once = b / 4 % 4 != 3;
    empty_store();
    open_clients(&r);
    prepare(&r);
    r.stop_after = b >= 240 ? input_byte(&r.in) : 0;
    /* Each process goes on where the one before has ended. */
    for (int i = 0; i < PROCESSES && !input_is_over(&r.in); i++) {
        run_once(&r);
        r.stop_after = 0;
        service_advance(BETWEEN_MS);
    }
    r.options.once = true;
    run_once(&r);
    if (drive->finish != NULL)
        drive->finish(&r.env);
    close_clients(&r);
}
