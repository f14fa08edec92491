/* paging: see paging.h. Brent's way of finding a cycle: instead of all cursors
 * one is remembered, and a newer one each time that as many pages again have
 * gone by. A hash will do: two cursors of one reading with the same 64 bits
 * are not to be met with. */
#include "common/paging.h"

static uint64_t
hash(const char *text)
{
    uint64_t h = UINT64_C(14695981039346656037);

    for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++)
        h = (h ^ *p) * UINT64_C(1099511628211);
    return h;
}

bool
paging_goes_on(struct paging *p, const char *next)
{
    uint64_t h = hash(next);

    if (p->kept > 0 && h == p->seen)
        return false;
    if (p->left == 0) {
        p->seen = h;
        p->kept = p->kept > 0 && p->kept < UINT32_MAX / 2 ? 2 * p->kept : 1;
        p->left = p->kept;
    }
    p->left--;
    return true;
}
