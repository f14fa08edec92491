/* checkpoint: see checkpoint.h. */
#include "stages/fetcher/checkpoint.h"

#include <assert.h>
#include <stdlib.h>

#define PAGES_AT_FIRST 4

static struct checkpoint_page *
page_at(const struct checkpoint *c, size_t i)
{
    return &c->pages[(c->at + i) % c->size];
}

static struct checkpoint_page *
ring_new(size_t size)
{
    struct checkpoint_page *ring = calloc(size, sizeof(*ring));

    if (ring == NULL)
        abort();
    return ring;
}

void
checkpoint_init(struct checkpoint *c)
{
    *c = (struct checkpoint){.size = PAGES_AT_FIRST,
                             .pages = ring_new(PAGES_AT_FIRST)};
}

void
checkpoint_fini(struct checkpoint *c)
{
    for (size_t i = 0; i < c->n; i++)
        free(page_at(c, i)->cursor);
    free(c->pages);
    *c = (struct checkpoint){0};
}

static void
grow(struct checkpoint *c)
{
    struct checkpoint_page *ring = ring_new(2 * c->size);

    for (size_t i = 0; i < c->n; i++)
        ring[i] = *page_at(c, i);
    free(c->pages);
    c->pages = ring;
    c->size *= 2;
    c->at = 0;
}

uint64_t
checkpoint_add(struct checkpoint *c, size_t n_open, char *cursor)
{
    if (c->n == c->size)
        grow(c);
    *page_at(c, c->n) = (struct checkpoint_page){n_open, cursor};
    return c->first + c->n++;
}

void
checkpoint_end(struct checkpoint *c, uint64_t page)
{
    struct checkpoint_page *p;

    assert(page >= c->first && page - c->first < c->n);
    p = page_at(c, (size_t)(page - c->first));
    assert(p->n_open > 0);
    p->n_open--;
}

const char *
checkpoint_ready(const struct checkpoint *c)
{
    const char *cursor = NULL;

    for (size_t i = 0; i < c->n && page_at(c, i)->n_open == 0; i++)
        if (page_at(c, i)->cursor != NULL)
            cursor = page_at(c, i)->cursor;
    return cursor;
}

void
checkpoint_committed(struct checkpoint *c)
{
    while (c->n > 0 && page_at(c, 0)->n_open == 0) {
        free(page_at(c, 0)->cursor);
        c->at = (c->at + 1) % c->size;
        c->first++;
        c->n--;
    }
}

size_t
checkpoint_pages(const struct checkpoint *c)
{
    return c->n;
}
