/* checkpoint: how far a feed has come for good. Pure.
 *
 * A feed's pages lie in the order in which they were polled. A page has ended
 * when all its events have; its cursor may be committed when it and all pages
 * before it have ended. */
#ifndef FETCHER_CHECKPOINT_H
#define FETCHER_CHECKPOINT_H

#include <stddef.h>
#include <stdint.h>

struct checkpoint_page {
    size_t n_open; /* events that have not ended */
    char *cursor;  /* JSON; NULL: it moves nothing */
};

struct checkpoint {
    struct checkpoint_page *pages; /* ring */
    size_t size, n, at;
    uint64_t first; /* number of pages[at] */
};

void checkpoint_init(struct checkpoint *c);
void checkpoint_fini(struct checkpoint *c);
/* A page of `n_open` events came; takes `cursor` over (malloc'ed, may be NULL).
 * Returns its number. */
uint64_t checkpoint_add(struct checkpoint *c, size_t n_open, char *cursor);
/* One of the page's events has ended. */
void checkpoint_end(struct checkpoint *c, uint64_t page);
/* The cursor that may be committed now; NULL: it has not moved. Borrowed: valid
 * until the next call with `c`. */
const char *checkpoint_ready(const struct checkpoint *c);
/* It was committed: the pages that have ended are forgotten. */
void checkpoint_committed(struct checkpoint *c);
/* Pages that are not committed yet. */
size_t checkpoint_pages(const struct checkpoint *c);

#endif
