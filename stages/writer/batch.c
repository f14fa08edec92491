/* batch: see batch.h. */
#include "stages/writer/batch.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define EMPTY SIZE_MAX

uint64_t
batch_hash(const char *text)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++)
        hash = (hash ^ *p) * 0x100000001b3u;
    return hash;
}

/* For each key the item that goes first: an open hash table of indices. */
struct heads {
    size_t *slot;
    size_t mask;
};

static void
heads_init(struct heads *h, size_t n)
{
    size_t size = 16;

    while (size < 2 * n)
        size *= 2;
    h->slot = malloc(size * sizeof(*h->slot));
    if (h->slot == NULL)
        abort(); /* out of memory: the fetcher sends again */
    for (size_t i = 0; i < size; i++)
        h->slot[i] = EMPTY;
    h->mask = size - 1;
}

/* The slot of the item's key: empty, or of an item with the same key. */
static size_t *
heads_slot(const struct heads *h, const struct batch_item *const *items,
           const struct batch_item *item)
{
    size_t i = item->hash & h->mask;

    while (h->slot[i] != EMPTY &&
           (items[h->slot[i]]->hash != item->hash ||
            strcmp(items[h->slot[i]]->key, item->key) != 0))
        i = (i + 1) & h->mask;
    return &h->slot[i];
}

static void
heads_fill(struct heads *h, const struct batch_item *const *items, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t *slot = heads_slot(h, items, items[i]);

        if (*slot == EMPTY || items[i]->modified_at < items[*slot]->modified_at)
            *slot = i;
    }
}

static int64_t
due_at(const struct batch_item *item, const struct batch_limits *lane)
{
    return item->due_at > lane->closed_until ? item->due_at
                                             : lane->closed_until;
}

size_t
batch_choose(const struct batch_item *const *items, size_t n, int64_t now,
             const struct batch_limits *limits, size_t *chosen,
             int64_t *next_due)
{
    const struct batch_item *first = NULL;
    size_t n_chosen = 0, bytes = 0;
    int64_t next = -1;
    struct heads heads;

    heads_init(&heads, n);
    heads_fill(&heads, items, n);
    for (size_t i = 0; i < n; i++) {
        const struct batch_item *item = items[i];
        const struct batch_limits *lane = &limits[item->lane];
        int64_t due = due_at(item, lane);

        if (*heads_slot(&heads, items, item) != i)
            continue;
        if (due > now) {
            if (next < 0 || due < next)
                next = due;
            continue;
        }
        if (first != NULL && (first->lane != item->lane ||
                              strcmp(first->group, item->group) != 0))
            continue;
        if (n_chosen > 0 &&
            (n_chosen == lane->rows || item->size > lane->bytes - bytes))
            break;
        first = item;
        chosen[n_chosen++] = i;
        bytes +=
            item->size < lane->bytes - bytes ? item->size : lane->bytes - bytes;
    }
    free(heads.slot);
    if (n_chosen == 0)
        *next_due = next;
    return n_chosen;
}
