/* paging: does a service lead on from page to page, or in a circle? Pure. */
#ifndef COMMON_PAGING_H
#define COMMON_PAGING_H

#include <stdbool.h>
#include <stdint.h>

/* All zero: before the first page. */
struct paging {
    uint64_t seen; /* hash of the cursor that the next ones are compared with */
    uint32_t kept; /* pages for which it is, 1, 2, 4, ... */
    uint32_t left; /* of those */
};

/* `next` is the cursor of the next page. false: it was there before. Every
 * circle is found, one of n pages that begins with the m-th before
 * 4 * (m + n) pages. */
bool paging_goes_on(struct paging *p, const char *next);

#endif
