/* held: see held.h. */
#include "stages/writer/held.h"

#include "stages/writer/record.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROW_SIZE 1024 /* bytes of a row without its long texts, generously */

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
    char *copied = strdup(text);

    if (copied == NULL)
        abort();
    return copied;
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

/* What the row will take in the body of a call. */
static size_t
row_size(const struct event *ev)
{
    struct span props = ev->field[EVENT_PROPS], s;
    size_t size = ROW_SIZE;

    if (decision_is_activity(ev))
        return size + ev->field[EVENT_DECISION].len;
    if (props.data != NULL && mp_str(mp_get(props, "description"), &s))
        size += s.len + s.len / 16; /* line ends are escaped */
    return size;
}

/* The bytes that are still needed: a native record or a list of further
 * contacts may be large. */
static void
keep_bytes(struct held *h, const struct event *ev)
{
    struct event small = *ev;
    msgpack_sbuffer out;
    struct error err;

    event_drop(&small, EVENT_NATIVE);
    event_drop(&small, EVENT_CONTACTS);
    event_drop(&small, EVENT_COMPANIES);
    msgpack_sbuffer_init(&out);
    /* It came as an event and is not longer now. */
    if (event_encode(&small, &out, &err) < 0)
        abort();
    h->len = out.size;
    h->bytes = (uint8_t *)msgpack_sbuffer_release(&out);
}

void
held_turn(struct held *h, enum held_phase phase, const struct write *next)
{
    static const char *const doing[] = {
        [HELD_WRITE] = "", [HELD_LOOK] = " look", [HELD_TIES] = " tie"};

    h->phase = phase;
    h->item.due_at = 0;
    h->item.group = h->group;
    h->item.lane = next != NULL ? (int)next->side : BATCH_NO_SERVICE;
    if (next == NULL)
        snprintf(h->group, sizeof(h->group), "state");
    else
        snprintf(h->group, sizeof(h->group), "%s%s %s %s",
                 side_name(next->side), doing[phase],
                 write_verb_name(write_makes(next) ? WRITE_CREATE : next->verb),
                 next->object);
}

/* What is wrong with a decision is said when it is its turn. */
static void
take_decision(struct held *h, const struct event *ev)
{
    struct decision d;
    struct error err;
    char kind[32];

    event_str(ev, EVENT_KIND, kind, sizeof(kind));
    h->activity = activity_parse(kind, strlen(kind));
    h->is_activity = true;
    if (decision_read(ev, &d, &err) == 0 && d.n_writes > 0)
        held_turn(h, HELD_WRITE, &d.writes[0]);
    else
        held_turn(h, HELD_WRITE, NULL);
}

static struct held *
held_new(const struct event *ev)
{
    struct held *h = calloc(1, sizeof(*h));
    char id[EVENT_ID_MAX], key[EVENT_ID_MAX];

    if (h == NULL)
        abort();
    if (decision_is_activity(ev))
        decision_key(ev, key, sizeof(key));
    else
        record_key(ev, key, sizeof(key));
    h->id = copy(event_str(ev, EVENT_ID, id, sizeof(id)));
    h->key = copy(key);
    h->id_hash = batch_hash(h->id);
    h->item.key = h->key;
    h->item.group = "timeline Task";
    h->item.lane = SIDE_SALESFORCE;
    h->item.hash = batch_hash(h->key);
    h->item.modified_at = event_i64(ev, EVENT_MODIFIED_AT, 0);
    h->item.size = row_size(ev);
    h->good_seen = -1;
    if (decision_is_activity(ev))
        take_decision(h, ev);
    keep_bytes(h, ev);
    return h;
}

static void
held_free(struct held *h)
{
    free(h->id);
    free(h->key);
    free(h->bytes);
    free(h->came_as);
    free(h->seqs);
    free(h);
}

static struct held *
find_id(const struct hand *hand, const char *id)
{
    uint64_t hash = batch_hash(id);

    for (size_t i = 0; i < hand->n; i++)
        if (hand->held[i]->id_hash == hash &&
            strcmp(hand->held[i]->id, id) == 0)
            return hand->held[i];
    return NULL;
}

void
hand_take(struct hand *hand, const struct event *ev)
{
    char id[EVENT_ID_MAX];
    struct held *h = find_id(hand, event_str(ev, EVENT_ID, id, sizeof(id)));

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

bool
hand_has_made(const struct hand *hand, const struct held *but,
              enum activity activity, const char *id)
{
    for (size_t i = 0; i < hand->n; i++) {
        const struct held *h = hand->held[i];

        if (h != but && h->n_seqs > 0 && h->activity == activity &&
            strcmp(h->made.id[SIDE_HUBSPOT], id) == 0)
            return true;
    }
    return false;
}

void
held_event(const struct held *h, struct event *ev)
{
    struct error err;

    if (event_parse(ev, h->bytes, h->len, &err) < 0)
        abort(); /* it was one when we took it */
}

bool
held_made_before(struct held *h, struct span decision, const char *id)
{
    msgpack_packer pk;
    struct decision d;
    struct event ev;
    struct error err;
    bool ok;

    held_event(h, &ev);
    msgpack_packer_init(&pk, event_set(&ev, EVENT_DECISION),
                        msgpack_sbuffer_write);
    mp_pack_span(&pk, decision);
    event_set_done(&ev, EVENT_DECISION);
    ok = decision_is_activity(&ev) && decision_read(&ev, &d, &err) == 0 &&
         d.n_writes == 1;
    if (ok) {
        free(h->came_as);
        h->came_as = h->bytes;
        keep_bytes(h, &ev);
        snprintf(h->made.id[d.writes[0].side], sizeof(h->made.id[0]), "%s", id);
        h->next = d.writes[0].side == SIDE_SALESFORCE;
        if (h->next == 0)
            held_turn(h, HELD_TIES, &d.writes[0]);
        else
            held_turn(h, HELD_WRITE, NULL);
    }
    event_fini(&ev);
    return ok;
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
    o->tries = h->asked;
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
hand_to_back(struct hand *hand, const size_t *chosen, size_t n)
{
    struct held **moved = grown(NULL, (n > 0 ? n : 1) * sizeof(*moved));
    size_t to = 0, at = 0;

    for (size_t i = 0; i < hand->n; i++) {
        if (at < n && chosen[at] == i)
            moved[at++] = hand->held[i];
        else
            hand->held[to++] = hand->held[i];
    }
    memcpy(hand->held + to, moved, at * sizeof(*moved));
    free(moved);
}

void
hand_fini(struct hand *hand)
{
    for (size_t i = 0; i < hand->n; i++)
        held_free(hand->held[i]);
    free(hand->held);
    memset(hand, 0, sizeof(*hand));
}
