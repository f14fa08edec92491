/* replay: a source that reads a captured file. Started by the supervisor:
 * `./run.sh replay FILE`. Each event gets a number of this run, is sent again
 * until its outcome is back, and how it ended is kept in the state. */
#include "common/json.h"
#include "common/log.h"
#include "common/stage.h"
#include "common/store.h"
#include "common/summary.h"
#include "common/tool.h"
#include "common/wire.h"
#include "stages/tools/replay/inbox.h"
#include "stages/tools/replay/window.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOOK_MS   2   /* for outcomes while some are missing */
#define RESEND_MS 100 /* between two looks for what is to be sent again */

struct replay {
    struct wire_in *file;
    int64_t file_size, bytes_read;
    bool is_end, is_done;
    struct error bad; /* the file is damaged: told when all else has ended */
    struct inbox *inbox;
    struct window window;
    struct store *store; /* NULL: a dry run */
    cJSON *sum;
    int64_t n_read, n_resent;
    int64_t resend_after_ms, timeout_ms;
    int64_t looked_ms, moved_ms; /* monotonic; moved: an event has ended */
    msgpack_sbuffer scratch;
};

static int
open_file(struct replay *r, const char *file, struct error *err)
{
    char uri[4200];
    struct stat st;

    if (file == NULL)
        return error_set(err, EX_USAGE, "--file is missing");
    snprintf(uri, sizeof(uri), "file:%s", file);
    r->file_size = stat(file, &st) == 0 ? (int64_t)st.st_size : 0;
    return wire_in_open(uri, NULL, &r->file, err);
}

static void
count(struct replay *r, const struct outcome *o)
{
    summary_count(r->sum, o->outcome, o->reason);
    if (strcmp(o->outcome, "dead") == 0)
        log_write(LOG_WARN, "an event was given up", "id", o->id, "reason",
                  o->reason, "detail", o->detail, NULL);
}

/* Keep how it ended, so that `explain` tells of this run. */
static int
remember(struct replay *r, const struct outcome *o, struct window_slot *slot,
         struct error *err)
{
    struct span bytes = {slot->bytes, slot->len};
    struct store_outcome row = {.o = *o, .at = clock_now_ms()};

    if (r->store == NULL)
        return 0;
    mp_get_str(bytes, event_field_name(EVENT_KEY), row.key, sizeof(row.key));
    mp_get_str(bytes, event_field_name(EVENT_KIND), row.kind, sizeof(row.kind));
    event_whom_of(bytes, row.contact);
    row.occurred_at = mp_get_i64(bytes, event_field_name(EVENT_OCCURRED_AT), 0);
    return store_outcome_put(r->store, &row, err);
}

static void
send_again(struct replay *r, int64_t since_ms)
{
    for (uint64_t i = 0; i < r->window.size; i++)
        if (r->window.slots[i].sent_ms < since_ms)
            r->window.slots[i].sent_ms = 0;
    r->looked_ms = 0;
}

/* Which contact lists its contacts are in only a fetcher can ask: what the file
 * does not say of that is dropped. */
static bool
is_to_be_sent_again(struct outcome *o)
{
    if (strcmp(o->outcome, "again") != 0)
        return false;
    if (strcmp(o->reason, "list-unknown") != 0)
        return true;
    snprintf(o->outcome, sizeof(o->outcome), "dropped");
    return false;
}

static int
take_outcomes(struct replay *r, struct error *err)
{
    struct outcome o;
    bool in_batch = false;
    int rv = 0;

    while (rv == 0 && inbox_next(r->inbox, &o)) {
        struct window_slot *slot;

        if (strcmp(o.outcome, "started") == 0) {
            send_again(r, o.seq != 0 ? (int64_t)o.seq : INT64_MAX);
            continue;
        }
        slot = window_find(&r->window, o.seq);
        if (slot == NULL)
            continue;
        if (is_to_be_sent_again(&o)) {
            slot->sent_ms = 0; /* it goes with the resends */
            continue;
        }
        if (!in_batch && r->store != NULL)
            rv = store_begin(r->store, err);
        in_batch = rv == 0;
        if (rv == 0)
            rv = remember(r, &o, slot, err);
        count(r, &o);
        window_take(&r->window, slot);
        r->moved_ms = clock_monotonic_ms();
    }
    if (in_batch && r->store != NULL && rv == 0)
        rv = store_commit(r->store, err);
    return rv;
}

/* An event of the file with a number of this run. -1: it is none. */
static int
renumber(struct replay *r, struct span value, struct error *err)
{
    char source[16];
    struct event ev;
    int rv;

    if (event_parse(&ev, value.data, value.len, err) < 0)
        return -1;
    event_str(&ev, EVENT_SOURCE, source, sizeof(source));
    event_set_i64(&ev, EVENT_SEQ, (int64_t)window_next_seq(&r->window));
    r->scratch.size = 0;
    rv = event_encode(&ev, &r->scratch, err);
    event_fini(&ev);
    if (rv == 0 && strcmp(source, "hubspot") != 0 &&
        strcmp(source, "salesforce") != 0)
        rv = error_set(err, EX_DATAERR, "source \"%s\" is not known", source);
    return rv;
}

static void
refuse(struct replay *r, const struct error *why)
{
    struct outcome o = {.outcome = "dead", .reason = "bad-event"};

    snprintf(o.detail, sizeof(o.detail), "%s", why->text);
    count(r, &o);
}

static bool
send_slot(struct stage_ctx *ctx, struct window_slot *slot)
{
    if (stage_send(ctx, (struct span){slot->bytes, slot->len}) == 0)
        return false;
    slot->sent_ms = clock_monotonic_ms();
    return true;
}

static void
read_on(struct stage_ctx *ctx, struct replay *r)
{
    const char *file = stage_flag(ctx, "--file");
    struct span value;
    struct error err;
    int64_t at;

    while (!r->is_end && !window_is_full(&r->window)) {
        enum wire_status st = wire_in_next(r->file, &value, &err);

        if (st != WIRE_VALUE) {
            r->is_end = true;
            if (st == WIRE_BAD) {
                error_wrap(&err, "%s", file);
                r->bad = err;
            }
            return;
        }
        at = r->bytes_read;
        r->n_read++;
        r->bytes_read += (int64_t)value.len;
        if (renumber(r, value, &err) < 0) {
            error_wrap(&err, "%s: at byte %" PRId64, file, at);
            refuse(r, &err);
            continue;
        }
        value =
            (struct span){(const uint8_t *)r->scratch.data, r->scratch.size};
        /* What is not taken now goes with the resends. */
        if (!send_slot(ctx, window_add(&r->window, value, 0)))
            return;
    }
}

static void
resend(struct stage_ctx *ctx, struct replay *r)
{
    int64_t now = clock_monotonic_ms();

    if (now - r->looked_ms < RESEND_MS)
        return;
    r->looked_ms = now;
    for (uint64_t i = 0; i < r->window.size; i++) {
        struct window_slot *slot = &r->window.slots[i];

        if (slot->seq == 0 ||
            (slot->sent_ms != 0 && now - slot->sent_ms < r->resend_after_ms))
            continue;
        r->n_resent += slot->sent_ms != 0;
        if (!send_slot(ctx, slot))
            return;
    }
}

static int
write_summary(struct replay *r, const char *path, struct error *err)
{
    summary_set(r->sum, "fetched", r->n_read);
    return summary_write(r->sum, path, err);
}

static void
finish(struct stage_ctx *ctx, struct replay *r)
{
    struct error err;

    r->is_done = true;
    if (write_summary(r, stage_flag(ctx, "--summary"), &err) < 0)
        stage_fail(ctx, &err);
    else if (r->bad.code != 0)
        stage_fail(ctx, &r->bad);
    else
        raise(SIGTERM); /* the skeleton's way to end */
}

static int
work(struct stage_ctx *ctx)
{
    struct replay *r = stage_data(ctx);
    struct error err;

    if (r->is_done)
        return LOOK_MS;
    if (take_outcomes(r, &err) < 0) {
        stage_fail(ctx, &err);
        return LOOK_MS;
    }
    resend(ctx, r);
    if (!stage_is_draining(ctx))
        read_on(ctx, r);
    if (r->is_end && r->window.n_used == 0) {
        finish(ctx, r);
    } else if (clock_monotonic_ms() - r->moved_ms > r->timeout_ms) {
        error_set(&err, EX_TEMPFAIL,
                  "no event has ended for a long time ([delivery] "
                  "sync_timeout); %d have no outcome",
                  (int)r->window.n_used);
        stage_fail(ctx, &err);
    }
    return LOOK_MS;
}

static void
close_replay(struct stage_ctx *ctx)
{
    struct replay *r = stage_data(ctx);

    wire_in_close(r->file);
    inbox_close(r->inbox);
    store_close(r->store);
    window_fini(&r->window);
    msgpack_sbuffer_destroy(&r->scratch);
    cJSON_Delete(r->sum);
    free(r);
}

static int
open_wires(struct stage_ctx *ctx, struct replay *r, struct error *err)
{
    const struct conf *conf = stage_conf(ctx);
    char url[4200];

    if (open_file(r, stage_flag(ctx, "--file"), err) < 0 ||
        inbox_open(conf, &r->inbox, err) < 0)
        return -1;
    if (stage_flag(ctx, "--dry-run") != NULL)
        return 0;
    tool_state_url(conf, url, sizeof(url));
    return store_open(url, STORE_WRITE, &r->store, err);
}

static int
open_replay(struct stage_ctx *ctx, struct error *err)
{
    const struct conf *conf = stage_conf(ctx);
    struct replay *r = calloc(1, sizeof(*r));

    if (r == NULL)
        abort();
    stage_set_data(ctx, r);
    r->sum = summary_new();
    msgpack_sbuffer_init(&r->scratch);
    window_init(&r->window,
                (uint64_t)conf_int(conf, "delivery", "max_in_flight"));
    r->resend_after_ms = conf_ms(conf, "delivery", "resend_after");
    r->timeout_ms = conf_ms(conf, "delivery", "sync_timeout");
    r->moved_ms = clock_monotonic_ms();
    if (open_wires(ctx, r, err) == 0)
        return 0;
    close_replay(ctx);
    return -1;
}

static bool
drain(struct stage_ctx *ctx)
{
    struct replay *r = stage_data(ctx);

    return r->is_done || r->window.n_used == 0;
}

static void
stats(struct stage_ctx *ctx, msgpack_packer *pk)
{
    const struct replay *r = stage_data(ctx);
    int64_t expected = r->n_read;

    if (r->bytes_read > 0)
        expected = (int64_t)((double)r->n_read * (double)r->file_size /
                             (double)r->bytes_read);
    mp_pack_kv_i64(pk, "expected", expected);
    mp_pack_kv_i64(pk, "fetched", r->n_read);
    mp_pack_kv_i64(pk, "in_flight", (int64_t)r->window.n_used);
    mp_pack_kv_i64(pk, "resent", r->n_resent);
}

int
main(int argc, char **argv)
{
    static const struct stage_flag flags[] = {
        {"--file", true, "the captured file"},
        {"--summary", true, "where to write the figures"},
        {"--dry-run", false, "keep nothing in the state"},
        {NULL, false, NULL}};
    static const struct stage replay = {.name = "replay",
                                        .flags = flags,
                                        .is_source = true,
                                        .open = open_replay,
                                        .work = work,
                                        .drain = drain,
                                        .n_stats = 4,
                                        .stats = stats,
                                        .close = close_replay};

    return stage_main(&replay, argc, argv);
}
