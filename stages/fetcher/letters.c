/* letters: dead letters: put into the state, bounded, tried again.
 *
 * None is ever thrown away to make room. When there are [delivery]
 * dead_letters_max, an event that would be one more is parked: it has not
 * ended, so its feed's checkpoint stays before it, and it is tried once more
 * when a person has dropped a letter or a retry has succeeded. Two fetchers
 * that put at the same moment may go over the bound by what each has in hand.
 */
#include "common/log.h"
#include "stages/fetcher/engine_private.h"
#include "stages/fetcher/ties.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RETRIES_MAX 256 /* letters taken up at a time; as many may wait */

/* ---- into the state ---- */

int
engine_put_letter(struct engine *e, const struct ended *end, struct error *err)
{
    const struct store_outcome *row = &end->row;
    struct store_dead dead = {.tries = row->o.tries,
                              .at = row->at,
                              .event = {end->item->bytes, end->item->len}};

    snprintf(dead.id, sizeof(dead.id), "%s", row->o.id);
    snprintf(dead.key, sizeof(dead.key), "%s", row->key);
    snprintf(dead.kind, sizeof(dead.kind), "%s", row->kind);
    snprintf(dead.stage, sizeof(dead.stage), "%s", row->o.stage);
    snprintf(dead.reason, sizeof(dead.reason), "%s", row->o.reason);
    snprintf(dead.detail, sizeof(dead.detail), "%s", row->o.detail);
    return store_dead_put(e->env.store, &dead, err);
}

/* ---- room ---- */

/* For how many more than that of the event `id`, should it have one. When the
 * state cannot be read there is some: the commit will tell. */
static size_t
room(struct engine *e, const char *id)
{
    struct error err;
    int64_t n;

    if (store_dead_count(e->env.store, id, &n, &err) < 0)
        return 1;
    n += (int64_t)e->n_dying;
    return n < e->letters_max ? (size_t)(e->letters_max - n) : 0;
}

bool
engine_has_room(struct engine *e, const struct inflight_item *item)
{
    return item->feed == INFLIGHT_LETTER || room(e, item->id) > 0;
}

/* Its words stand nowhere else, so they are logged each time. */
void
engine_park(struct engine *e, struct inflight_item *item,
            const struct outcome *o)
{
    char max[32];

    snprintf(max, sizeof(max), "%" PRId64, e->letters_max);
    if (e->inflight.parked.n == 0)
        log_write(LOG_ERROR,
                  "the dead letters are full: what would be one more waits "
                  "until a person has dropped some or retried them with "
                  "success (./run.sh dead)",
                  "dead_letters_max", max, NULL);
    log_write(LOG_WARN, "an event waits for room among the dead letters", "id",
              item->id, "reason", o->reason, "detail", o->detail, NULL);
    inflight_park(&e->inflight, item);
    e->moved_ms = clock_monotonic_ms();
}

void
engine_unpark(struct engine *e)
{
    size_t n = e->inflight.parked.n > 0 ? room(e, NULL) : 0;

    if (n == 0)
        return;
    inflight_unpark(&e->inflight, n);
    if (e->inflight.parked.n == 0)
        log_write(LOG_INFO, "there is room for dead letters again", NULL);
}

int
engine_need_room(struct engine *e, const char *id, struct error *err)
{
    return room(e, id) > 0 ? 0
                           : error_set(err, EX_TEMPFAIL,
                                       "the dead letters are full ([delivery] "
                                       "dead_letters_max): ./run.sh dead");
}

/* ---- tried again ---- */

/* Letters that a person wants to see tried again. */
struct retries {
    const struct inflight *inflight;
    struct {
        int64_t number;
        uint8_t *bytes;
        size_t len;
    } letter[RETRIES_MAX];
    int n;
};

static int
collect(void *ctx, const struct store_dead *dead)
{
    struct retries *r = ctx;
    uint8_t *bytes;

    if (inflight_find_id(r->inflight, dead->id) != NULL)
        return 0;
    bytes = malloc(dead->event.len > 0 ? dead->event.len : 1);
    if (bytes == NULL)
        abort();
    if (dead->event.len > 0)
        memcpy(bytes, dead->event.data, dead->event.len);
    r->letter[r->n].number = dead->number;
    r->letter[r->n].bytes = bytes;
    r->letter[r->n].len = dead->event.len;
    return ++r->n == RETRIES_MAX;
}

/* The contact may be tied by now. */
static void
refresh_contact(struct engine *e, struct event *ev)
{
    struct store_contact c;
    struct error err;
    char id[24] = "";

    if (ev->field[EVENT_CONTACT].data == NULL)
        return;
    mp_get_str(ev->field[EVENT_CONTACT], "hubspot_id", id, sizeof(id));
    if (id[0] == '\0' || store_contact_get(e->env.store, id, &c, &err) != 1)
        return;
    ties_set_contact(&e->env, ev, &c);
}

/* false: it cannot be read. */
static bool
retry(struct engine *e, int64_t number, struct span letter)
{
    uint64_t seq = e->next_seq++;
    char id[EVENT_ID_MAX];
    msgpack_sbuffer bytes;
    struct event ev;
    struct error err;
    bool ok;

    if (event_parse(&ev, letter.data, letter.len, &err) < 0)
        return false;
    event_str(&ev, EVENT_ID, id, sizeof(id));
    refresh_contact(e, &ev);
    event_drop(&ev, EVENT_TRACE);
    event_set_i64(&ev, EVENT_SEQ, (int64_t)seq);
    msgpack_sbuffer_init(&bytes);
    ok = event_encode(&ev, &bytes, &err) == 0;
    if (ok)
        engine_unlist(e, inflight_add(&e->inflight, seq, id,
                                      (struct span){(const uint8_t *)bytes.data,
                                                    bytes.size},
                                      INFLIGHT_LETTER, (uint64_t)number));
    msgpack_sbuffer_destroy(&bytes);
    event_fini(&ev);
    return ok;
}

static int
n_letters(const struct inflight_queue *queue)
{
    int n = 0;

    for (const struct inflight_item *i = queue->head; i != NULL; i = i->next)
        n += i->feed == INFLIGHT_LETTER;
    return n;
}

bool
engine_retry_dead(struct engine *e)
{
    const struct store_dead_filter wanted = {.source = e->options.source,
                                             .retrying_only = true};
    struct retries *r;
    struct error err;
    int n_sent = 0;
    bool has_more;

    if (n_letters(&e->inflight.waiting) + n_letters(&e->inflight.unlisted) >=
        RETRIES_MAX)
        return true;
    r = calloc(1, sizeof(*r));
    if (r == NULL)
        abort();
    r->inflight = &e->inflight;
    if (store_dead_each(e->env.store, &wanted, collect, r, &err) < 0)
        log_write(LOG_WARN, "dead letters cannot be read", "reason", err.text,
                  NULL);
    for (int i = 0; i < r->n; i++) {
        n_sent += retry(e, r->letter[i].number,
                        (struct span){r->letter[i].bytes, r->letter[i].len});
        free(r->letter[i].bytes);
    }
    /* Those that cannot be read would come again and again. */
    has_more = r->n == RETRIES_MAX && n_sent > 0;
    free(r);
    return has_more;
}
