/* claims: see claims.h. */
#include "stages/conflict-resolver/claims.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

struct claim {
    char *record, *event;
};

static int
compare(const void *a, const void *b)
{
    return strcmp(((const struct claim *)a)->record,
                  ((const struct claim *)b)->record);
}

static char *
copy(const char *text)
{
    char *p = strdup(text);

    if (p == NULL)
        abort();
    return p;
}

static void
free_claim(void *claim)
{
    free(((struct claim *)claim)->record);
    free(((struct claim *)claim)->event);
    free(claim);
}

static struct claim *
find(const struct claims *c, const char *record)
{
    const struct claim key = {(char *)record, NULL};
    struct claim *const *found = tfind(&key, &c->tree, compare);

    return found != NULL ? *found : NULL;
}

void
claims_put(struct claims *c, const char *record, const char *event)
{
    struct claim *claim = find(c, record);

    if (claim != NULL) {
        free(claim->event);
        claim->event = copy(event);
        return;
    }
    claim = malloc(sizeof(*claim));
    if (claim == NULL)
        abort();
    *claim = (struct claim){copy(record), copy(event)};
    if (tsearch(claim, &c->tree, compare) == NULL)
        abort();
}

bool
claims_other(const struct claims *c, const char *record, const char *event)
{
    const struct claim *claim = find(c, record);

    return claim != NULL && strcmp(claim->event, event) != 0;
}

void
claims_fini(struct claims *c)
{
    tdestroy(c->tree, free_claim);
    c->tree = NULL;
}
