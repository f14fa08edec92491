/* held: see held.h. */
#include "stages/conflict-resolver/held.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Out of memory ends the process: the fetcher sends again. */
static void *
grown(void *p, size_t size)
{
    p = realloc(p, size);
    if (p == NULL)
        abort();
    return p;
}

static char *
copy(const char *text)
{
    size_t size = strlen(text) + 1;

    return memcpy(grown(NULL, size), text, size);
}

/* FNV-1a, 64 bits. */
static uint64_t
hash(const char *text)
{
    uint64_t h = 0xcbf29ce484222325u;

    for (; *text != '\0'; text++)
        h = (h ^ (unsigned char)*text) * 0x100000001b3u;
    return h;
}

static void
add_seq(struct held *h, uint64_t seq)
{
    if (h->n_seqs == h->seqs_size) {
        h->seqs_size = h->seqs_size > 0 ? 2 * h->seqs_size : 1;
        h->seqs = grown(h->seqs, h->seqs_size * sizeof(*h->seqs));
    }
    h->seqs[h->n_seqs++] = seq;
}

static struct held *
held_new(const struct event *ev)
{
    struct held *h = grown(NULL, sizeof(*h));
    char text[EVENT_ID_MAX];
    msgpack_sbuffer out;
    struct error err;

    memset(h, 0, sizeof(*h));
    h->id = copy(event_str(ev, EVENT_ID, text, sizeof(text)));
    h->key = copy(event_str(ev, EVENT_KEY, text, sizeof(text)));
    h->id_hash = hash(h->id);
    h->key_hash = hash(h->key);
    msgpack_sbuffer_init(&out);
    /* It came as an event and is not longer now. */
    if (event_encode(ev, &out, &err) < 0)
        abort();
    h->len = out.size;
    h->bytes = (uint8_t *)msgpack_sbuffer_release(&out);
    return h;
}

static void
held_free(struct held *h)
{
    free(h->id);
    free(h->key);
    free(h->bytes);
    free(h->seqs);
    free(h);
}

static struct held *
find(const struct hand *hand, const char *id)
{
    uint64_t want = hash(id);

    for (size_t i = 0; i < hand->n; i++)
        if (hand->held[i]->id_hash == want &&
            strcmp(hand->held[i]->id, id) == 0)
            return hand->held[i];
    return NULL;
}

void
hand_take(struct hand *hand, const struct event *ev)
{
    char id[EVENT_ID_MAX];
    struct held *h = find(hand, event_str(ev, EVENT_ID, id, sizeof(id)));

    if (h == NULL) {
        h = held_new(ev);
        if (hand->n == hand->size) {
            hand->size = hand->size > 0 ? 2 * hand->size : 256;
            hand->held = grown(hand->held, hand->size * sizeof(*hand->held));
        }
        hand->held[hand->n++] = h;
    }
    add_seq(h, (uint64_t)event_i64(ev, EVENT_SEQ, 0));
}

/* Is it the first of its record? `seen` has `size` places, a power of two, of
 * which at most half are taken; 0 is a free one. */
static bool
is_first(uint64_t *seen, size_t size, uint64_t key_hash)
{
    uint64_t mark = key_hash | 1;
    size_t at = (size_t)(key_hash >> 1) & (size - 1);

    while (seen[at] != 0 && seen[at] != mark)
        at = (at + 1) & (size - 1);
    if (seen[at] == mark)
        return false;
    seen[at] = mark;
    return true;
}

size_t
hand_choose(struct hand *hand, int64_t now, struct held **chosen, size_t max,
            int64_t *next_due)
{
    size_t size = 64, n = 0;
    uint64_t *seen;

    while (size < 2 * hand->n)
        size *= 2;
    seen = grown(NULL, size * sizeof(*seen));
    memset(seen, 0, size * sizeof(*seen));
    *next_due = -1;
    for (size_t i = 0; i < hand->n && n < max; i++) {
        struct held *h = hand->held[i];

        if (!is_first(seen, size, h->key_hash))
            continue;
        if (h->due_at <= now)
            chosen[n++] = h;
        else if (*next_due < 0 || h->due_at < *next_due)
            *next_due = h->due_at;
    }
    free(seen);
    return n;
}

void
held_event(const struct held *h, struct event *ev)
{
    struct error err;

    if (event_parse(ev, h->bytes, h->len, &err) < 0)
        abort(); /* it was one when we took it */
}

void
held_pass(struct stage_ctx *ctx, struct held *h, struct event *ev)
{
    assert(h->n_seqs > 0);
    for (size_t i = 0; i < h->n_seqs; i++) {
        event_set_i64(ev, EVENT_SEQ, (int64_t)h->seqs[i]);
        stage_pass_later(ctx, ev);
    }
    h->n_seqs = 0;
}

void
held_end(struct stage_ctx *ctx, struct held *h, struct outcome *o)
{
    struct event ev;

    assert(h->n_seqs > 0);
    held_event(h, &ev);
    event_trace(&ev, stage_name(ctx), o->outcome,
                o->reason[0] != '\0' ? o->reason : NULL);
    event_str(&ev, EVENT_SOURCE, o->source, sizeof(o->source));
    event_str(&ev, EVENT_KIND, o->kind, sizeof(o->kind));
    o->occurred_at = event_i64(&ev, EVENT_OCCURRED_AT, 0);
    snprintf(o->id, sizeof(o->id), "%s", h->id);
    o->trace = ev.field[EVENT_TRACE];
    for (size_t i = 0; i < h->n_seqs; i++) {
        o->seq = h->seqs[i];
        stage_end_later(ctx, o);
    }
    h->n_seqs = 0;
    event_fini(&ev);
}

void
hand_sweep(struct hand *hand)
{
    size_t to = 0;

    for (size_t i = 0; i < hand->n; i++) {
        if (hand->held[i]->n_seqs == 0)
            held_free(hand->held[i]);
        else
            hand->held[to++] = hand->held[i];
    }
    hand->n = to;
}

void
hand_fini(struct hand *hand)
{
    for (size_t i = 0; i < hand->n; i++)
        held_free(hand->held[i]);
    free(hand->held);
    memset(hand, 0, sizeof(*hand));
}
