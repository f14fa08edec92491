/* inflight: see inflight.h. */
#include "stages/fetcher/inflight.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS_MIN 1024

static void *
must(void *p)
{
    if (p == NULL)
        abort();
    return p;
}

void
inflight_init(struct inflight *f, size_t max)
{
    *f = (struct inflight){.max = max, .n_buckets = BUCKETS_MIN};
    while (f->n_buckets < 2 * max)
        f->n_buckets *= 2;
    f->seqs = must(calloc(f->n_buckets, sizeof(struct inflight_item *)));
    f->ids = must(calloc(f->n_buckets, sizeof(struct inflight_item *)));
}

void
inflight_free(struct inflight_item *item)
{
    if (item == NULL)
        return;
    free(item->id);
    free(item->bytes);
    free(item);
}

static void
free_queue(struct inflight_queue *q)
{
    while (q->head != NULL) {
        struct inflight_item *item = q->head;

        q->head = item->next;
        inflight_free(item);
    }
}

void
inflight_fini(struct inflight *f)
{
    free_queue(&f->waiting);
    free_queue(&f->sent);
    free_queue(&f->parked);
    free_queue(&f->unlisted);
    free(f->seqs);
    free(f->ids);
    *f = (struct inflight){0};
}

static struct inflight_item **
seq_bucket(const struct inflight *f, uint64_t seq)
{
    return &f->seqs[seq & (f->n_buckets - 1)];
}

/* FNV-1a */
static struct inflight_item **
id_bucket(const struct inflight *f, const char *id)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (; *id != '\0'; id++)
        hash = (hash ^ (unsigned char)*id) * 0x100000001b3u;
    return &f->ids[(hash ^ hash >> 32) & (f->n_buckets - 1)];
}

static void
append(struct inflight_queue *q, struct inflight_item *item)
{
    item->prev = q->tail;
    item->next = NULL;
    if (q->tail != NULL)
        q->tail->next = item;
    else
        q->head = item;
    q->tail = item;
    q->n++;
}

static void
unlink_item(struct inflight_queue *q, struct inflight_item *item)
{
    if (item->prev != NULL)
        item->prev->next = item->next;
    else
        q->head = item->next;
    if (item->next != NULL)
        item->next->prev = item->prev;
    else
        q->tail = item->prev;
    q->n--;
}

/* Before all others. */
static void
push(struct inflight_queue *q, struct inflight_item *item)
{
    item->prev = NULL;
    item->next = q->head;
    if (q->head != NULL)
        q->head->prev = item;
    else
        q->tail = item;
    q->head = item;
    q->n++;
}

static struct inflight_queue *
queue_of(struct inflight *f, const struct inflight_item *item)
{
    return item->is_parked     ? &f->parked
           : item->is_unlisted ? &f->unlisted
           : item->was_sent    ? &f->sent
                               : &f->waiting;
}

static void
set_bytes(struct inflight_item *item, struct span event)
{
    free(item->bytes);
    item->bytes = must(malloc(event.len > 0 ? event.len : 1));
    memcpy(item->bytes, event.data, event.len);
    item->len = event.len;
}

struct inflight_item *
inflight_add(struct inflight *f, uint64_t seq, const char *id,
             struct span event, int feed, uint64_t page)
{
    struct inflight_item *item = must(calloc(1, sizeof(*item)));
    struct inflight_item **by_seq = seq_bucket(f, seq);
    struct inflight_item **by_id = id_bucket(f, id);

    item->seq = seq;
    item->id = must(strdup(id));
    set_bytes(item, event);
    item->feed = feed;
    item->page = page;
    item->by_seq = *by_seq;
    *by_seq = item;
    item->by_id = *by_id;
    *by_id = item;
    append(&f->waiting, item);
    return item;
}

struct inflight_item *
inflight_find(const struct inflight *f, uint64_t seq)
{
    struct inflight_item *item = *seq_bucket(f, seq);

    while (item != NULL && item->seq != seq)
        item = item->by_seq;
    return item;
}

struct inflight_item *
inflight_find_id(const struct inflight *f, const char *id)
{
    struct inflight_item *item = *id_bucket(f, id);

    while (item != NULL && strcmp(item->id, id) != 0)
        item = item->by_id;
    return item;
}

static bool
has_key(const struct inflight_queue *queue, const char *key, size_t len)
{
    for (const struct inflight_item *i = queue->head; i != NULL; i = i->next)
        if (strncmp(i->id, key, len) == 0 && i->id[len] == '@')
            return true;
    return false;
}

bool
inflight_has_key(const struct inflight *f, const char *key)
{
    size_t len = strlen(key);

    return has_key(&f->waiting, key, len) || has_key(&f->sent, key, len) ||
           has_key(&f->parked, key, len) || has_key(&f->unlisted, key, len);
}

void
inflight_take(struct inflight *f, struct inflight_item *item)
{
    struct inflight_item **at = seq_bucket(f, item->seq);

    while (*at != item)
        at = &(*at)->by_seq;
    *at = item->by_seq;
    at = id_bucket(f, item->id);
    while (*at != item)
        at = &(*at)->by_id;
    *at = item->by_id;
    unlink_item(queue_of(f, item), item);
}

static int64_t
due_at(const struct inflight_item *item, int64_t resend_after_ms)
{
    return item->sent_ms == INFLIGHT_NOW ? INFLIGHT_NOW
                                         : item->sent_ms + resend_after_ms;
}

struct inflight_item *
inflight_next(const struct inflight *f, int64_t now_ms, int64_t resend_after_ms,
              size_t held)
{
    struct inflight_item *first = f->sent.head;

    if (first != NULL && due_at(first, resend_after_ms) <= now_ms)
        return first;
    if (f->sent.n + held >= f->max)
        return NULL;
    first = f->waiting.head;
    while (first != NULL && f->parked.n >= f->max &&
           first->feed != INFLIGHT_LETTER)
        first = first->next;
    return first;
}

void
inflight_sent(struct inflight *f, struct inflight_item *item, int64_t now_ms)
{
    unlink_item(queue_of(f, item), item);
    if (item->n_sent++ == 0)
        item->first_ms = now_ms;
    item->was_sent = true;
    item->sent_ms = now_ms;
    append(&f->sent, item);
}

void
inflight_back(struct inflight *f, struct inflight_item *item)
{
    if (!item->was_sent || item->is_parked || item->is_unlisted)
        return;
    item->sent_ms = INFLIGHT_NOW;
    unlink_item(&f->sent, item);
    push(&f->sent, item);
}

void
inflight_park(struct inflight *f, struct inflight_item *item)
{
    if (item->is_parked)
        return;
    unlink_item(queue_of(f, item), item);
    item->is_unlisted = false;
    item->is_parked = true;
    append(&f->parked, item);
}

void
inflight_unpark(struct inflight *f, size_t n)
{
    struct inflight_item *item;

    for (; n > 0 && (item = f->parked.head) != NULL; n--) {
        unlink_item(&f->parked, item);
        item->is_parked = false;
        item->was_sent = true;
        item->sent_ms = INFLIGHT_NOW;
        push(&f->sent, item);
    }
}

void
inflight_unlist(struct inflight *f, struct inflight_item *item)
{
    if (item->is_parked || item->is_unlisted)
        return;
    unlink_item(queue_of(f, item), item);
    item->is_unlisted = true;
    append(&f->unlisted, item);
}

void
inflight_list(struct inflight *f, struct inflight_item *item, struct span event)
{
    unlink_item(&f->unlisted, item);
    item->is_unlisted = false;
    set_bytes(item, event);
    item->sent_ms = INFLIGHT_NOW;
    if (item->was_sent)
        push(&f->sent, item);
    else
        append(&f->waiting, item);
}

void
inflight_again(struct inflight *f, int64_t since_ms)
{
    for (struct inflight_item *i = f->sent.head; i != NULL; i = i->next)
        if (i->sent_ms < since_ms)
            i->sent_ms = INFLIGHT_NOW;
}

const struct inflight_item *
inflight_oldest(const struct inflight *f)
{
    const struct inflight_item *oldest = f->sent.head;

    for (const struct inflight_item *i = oldest; i != NULL; i = i->next)
        if (i->first_ms < oldest->first_ms)
            oldest = i;
    return oldest;
}

int64_t
inflight_due_ms(const struct inflight *f, int64_t now_ms,
                int64_t resend_after_ms)
{
    int64_t at;

    if (f->sent.head == NULL)
        return -1;
    at = due_at(f->sent.head, resend_after_ms);
    return at <= now_ms ? 0 : at - now_ms;
}
