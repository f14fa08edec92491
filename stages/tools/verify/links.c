/* links: see links.h. */
#include "stages/tools/verify/links.h"
#include "common/mapping.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool
kinds_has(const struct kinds *kinds, const char *kind)
{
    for (size_t i = 0; i < kinds->n; i++)
        if (strcmp(kinds->names[i], kind) == 0)
            return true;
    return kinds->n == 0;
}

const char *
links_id(const char *key)
{
    const char *type = strchr(key, ':');
    const char *id = type != NULL ? strchr(type + 1, ':') : NULL;

    return id != NULL ? id + 1 : "";
}

const char *
links_type(const char *key, char *buf, size_t size)
{
    const char *type = strchr(key, ':');
    size_t len = type != NULL ? strcspn(type + 1, ":") : 0;

    snprintf(buf, size, "%.*s", len < size ? (int)len : 0,
             type != NULL ? type + 1 : "");
    return buf;
}

static char *
copy(const char *s)
{
    char *p = strdup(s);

    if (p == NULL)
        abort();
    return p;
}

static bool
is_of_activity(const struct store_link *link)
{
    return link->snapshot.data != NULL &&
           mp_get(link->snapshot, side_name(SIDE_HUBSPOT)).data != NULL;
}

static int
take(void *ctx, const struct store_link *link)
{
    struct links *l = ctx;
    struct linked *one;
    char type[32];

    if (l->n == l->size) {
        l->size = l->size > 0 ? 2 * l->size : 256;
        l->v = realloc(l->v, l->size * sizeof(*l->v));
        if (l->v == NULL)
            abort();
    }
    one = &l->v[l->n++];
    memset(one, 0, sizeof(*one));
    one->key = copy(link->key);
    one->target = copy(link->target);
    snprintf(one->kind, sizeof(one->kind), "%s", link->kind);
    links_type(link->key, type, sizeof(type));
    one->activity = is_of_activity(link) ? activity_parse(type, strlen(type))
                                         : ACTIVITY_NONE;
    one->is_wanted = kinds_has(l->kinds, one->kind);
    return 0;
}

static int
compare_targets(const void *a, const void *b)
{
    return strcmp((*(struct linked *const *)a)->target,
                  (*(struct linked *const *)b)->target);
}

int
links_read(struct store *store, const struct kinds *kinds, struct links *out,
           struct error *err)
{
    memset(out, 0, sizeof(*out));
    out->kinds = kinds;
    if (store_link_each(store, take, out, err) < 0)
        return -1;
    out->by_target = calloc(out->n + 1, sizeof(struct linked *));
    if (out->by_target == NULL)
        abort();
    for (size_t i = 0; i < out->n; i++)
        out->by_target[i] = &out->v[i];
    qsort(out->by_target, out->n, sizeof(struct linked *), compare_targets);
    return 0;
}

void
links_fini(struct links *links)
{
    for (size_t i = 0; i < links->n; i++) {
        free(links->v[i].key);
        free(links->v[i].target);
    }
    free(links->v);
    free(links->by_target);
    memset(links, 0, sizeof(*links));
}

static int
compare_key(const void *key, const void *one)
{
    return strcmp(key, ((const struct linked *)one)->key);
}

struct linked *
links_by_key(const struct links *links, const char *key)
{
    return links->n > 0 ? bsearch(key, links->v, links->n, sizeof(*links->v),
                                  compare_key)
                        : NULL;
}

static int
compare_target(const void *target, const void *one)
{
    return strcmp(target, (*(struct linked *const *)one)->target);
}

struct linked *
links_by_target(const struct links *links, const char *target)
{
    struct linked **found =
        links->n > 0 ? bsearch(target, links->by_target, links->n,
                               sizeof(struct linked *), compare_target)
                     : NULL;

    return found != NULL ? *found : NULL;
}
