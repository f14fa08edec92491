/* flip: see flip.h. */
#include "stages/tools/conflicts/flip.h"

#include "common/clock.h"
#include "common/event.h"
#include "common/json.h"
#include "common/mapping.h"
#include "common/summary.h"
#include "stages/tools/conflicts/entry.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One conflict on its way. */
struct flip {
    cJSON *row;
    char id[EVENT_ID_MAX]; /* of its event */
    msgpack_sbuffer bytes;
    bool has_ended;
};

static void
settle(struct flip *f, const char *outcome, const char *reason,
       const char *detail)
{
    cJSON_AddBoolToObject(f->row, "ok", strcmp(outcome, "written") == 0);
    cJSON_AddStringToObject(f->row, "outcome", outcome);
    cJSON_AddStringToObject(f->row, "reason", reason);
    cJSON_AddStringToObject(f->row, "detail", detail);
    f->has_ended = true;
}

static void
put_flip(const cJSON *row, struct event *ev)
{
    bool is_back = summary_number(row, "flipped_at") != 0;
    msgpack_packer pk;

    msgpack_packer_init(&pk, event_set(ev, EVENT_FLIP), msgpack_sbuffer_write);
    msgpack_pack_map(&pk, 5);
    mp_pack_kv_i64(&pk, "number", summary_number(row, "number"));
    mp_pack_kv_str(&pk, "property", json_str(row, "property"));
    mp_pack_kv_str(&pk, "from", json_str(row, is_back ? "lost" : "kept"));
    mp_pack_kv_str(&pk, "to", json_str(row, is_back ? "kept" : "lost"));
    mp_pack_str(&pk, "is_back");
    if (is_back)
        msgpack_pack_true(&pk);
    else
        msgpack_pack_false(&pk);
    event_set_done(ev, EVENT_FLIP);
}

/* The event of a conflict, of the record that had lost. */
static int
encode(struct flip *f, struct error *err)
{
    const char *lost = json_str(f->row, "lost_side");
    const char *key = json_str(
        f->row, strcmp(lost, side_name(SIDE_HUBSPOT)) == 0 ? "key" : "target");
    struct event ev;
    int rv;

    snprintf(f->id, sizeof(f->id), "%s@flip-%" PRId64 "-%" PRId64, key,
             summary_number(f->row, "number"), clock_now_ms());
    event_init(&ev);
    event_set_i64(&ev, EVENT_V, EVENT_VERSION);
    event_set_str(&ev, EVENT_ID, f->id);
    event_set_str(&ev, EVENT_KEY, key);
    event_set_str(&ev, EVENT_SOURCE, lost);
    event_set_i64(&ev, EVENT_SEQ, 0);
    event_set_str(&ev, EVENT_OP, "upsert");
    event_set_str(&ev, EVENT_KIND, json_str(f->row, "kind"));
    event_set_str(&ev, EVENT_SYNC, "activity");
    put_flip(f->row, &ev);
    event_trace(&ev, "conflicts", "flip", NULL);
    rv = event_encode(&ev, &f->bytes, err);
    event_fini(&ev);
    return rv;
}

static int
make(struct flip *f, cJSON *row, struct error *err)
{
    memset(f, 0, sizeof(*f));
    f->row = row;
    msgpack_sbuffer_init(&f->bytes);
    if (json_str(row, "property")[0] == '\0')
        settle(f, "dropped", "whole-record", "");
    else if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(row, "is_linked")))
        settle(f, "dropped", "not-linked", "");
    else
        return encode(f, err);
    return 0;
}

/* How many have not ended; -1. */
static int
look(struct store *store, struct flip *flips, int n, struct error *err)
{
    int n_left = 0;

    for (int i = 0; i < n; i++) {
        struct store_outcome row;
        int rv = flips[i].has_ended
                     ? 0
                     : store_outcome_get(store, flips[i].id, &row, err);

        if (rv < 0)
            return -1;
        if (rv == 1)
            settle(&flips[i], row.o.outcome, row.o.reason, row.o.detail);
        n_left += !flips[i].has_ended;
    }
    return n_left;
}

/* Put in what has not ended. */
static int
send_left(struct entry *entry, const struct flip *flips, int n,
          struct error *err)
{
    int rv = entry_begin(entry, err);

    for (int i = 0; i < n && rv == 0; i++)
        if (!flips[i].has_ended)
            rv = entry_put(entry,
                           (struct span){(const uint8_t *)flips[i].bytes.data,
                                         flips[i].bytes.size},
                           err);
    return rv == 0 ? entry_send(entry, err) : -1;
}

/* How many have not ended when it is time to put them in again; -1. */
static int
wait_for_ends(struct entry *entry, struct store *store, struct flip *flips,
              int n, struct error *err)
{
    int64_t again = clock_monotonic_ms() + ENTRY_AGAIN_MS;
    int n_left;

    while ((n_left = look(store, flips, n, err)) > 0 && entry_wait(entry) &&
           clock_monotonic_ms() < again)
        continue;
    return n_left;
}

/* Again and again: an event may be lost with a stage that dies, and to put it
 * in twice does no harm. */
static int
send_all(const struct conf *conf, struct store *store, struct flip *flips,
         int n, struct error *err)
{
    int64_t until =
        clock_monotonic_ms() + conf_ms(conf, "delivery", "sync_timeout");
    int n_left = look(store, flips, n, err);
    struct entry *entry;

    if (n_left <= 0)
        return n_left;
    if (entry_open(conf, &entry, err) < 0)
        return -1;
    while (n_left > 0 && clock_monotonic_ms() < until)
        n_left = send_left(entry, flips, n, err) == 0
                     ? wait_for_ends(entry, store, flips, n, err)
                     : -1;
    entry_close(entry);
    for (int i = 0; i < n && n_left > 0; i++)
        if (!flips[i].has_ended)
            settle(&flips[i], "none", "no-end", "");
    return n_left < 0 ? -1 : 0;
}

int
flip_all(const struct conf *conf, struct store *store, cJSON *rows,
         struct error *err)
{
    int size = cJSON_GetArraySize(rows);
    struct flip *flips = calloc(size > 0 ? (size_t)size : 1, sizeof(*flips));
    int n = 0, rv = 0;
    cJSON *row;

    if (flips == NULL)
        abort();
    cJSON_ArrayForEach(row, rows)
    {
        if (rv == 0)
            rv = make(&flips[n++], row, err);
    }
    if (rv == 0)
        rv = send_all(conf, store, flips, n, err);
    for (int i = 0; i < n; i++)
        msgpack_sbuffer_destroy(&flips[i].bytes);
    free(flips);
    return rv;
}
