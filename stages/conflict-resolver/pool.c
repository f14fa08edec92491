/* pool: see pool.h. */
#include "stages/conflict-resolver/pool.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEPT_MS 600000

struct kept {
    char *id, *names, *title, *time; /* NULL: empty */
};

struct pool_contact {
    enum activity activity;
    char id[PAIRING_ID];
    struct kept *kept;
    size_t n, size;
    bool is_done;
};

static int
compare(const void *a, const void *b)
{
    const struct pool_contact *x = a, *y = b;

    return x->activity != y->activity ? (int)x->activity - (int)y->activity
                                      : strcmp(x->id, y->id);
}

static void
forget(struct pool_contact *c)
{
    for (size_t i = 0; i < c->n; i++) {
        free(c->kept[i].id);
        free(c->kept[i].names);
        free(c->kept[i].title);
        free(c->kept[i].time);
    }
    c->n = 0;
}

static void
free_contact(void *contact)
{
    struct pool_contact *c = contact;

    forget(c);
    free(c->kept);
    free(c);
}

void
pool_renew(struct pool *p, int64_t now_ms)
{
    if (now_ms - p->emptied_ms < KEPT_MS)
        return;
    tdestroy(p->tree, free_contact);
    p->tree = NULL;
    p->emptied_ms = now_ms == INT64_MAX ? 0 : now_ms;
}

static struct pool_contact *
find(const struct pool *p, enum activity activity, const char *contact)
{
    struct pool_contact key = {.activity = activity};
    struct pool_contact *const *found;

    snprintf(key.id, sizeof(key.id), "%s", contact);
    found = tfind(&key, &p->tree, compare);
    return found != NULL ? *found : NULL;
}

const struct pool_contact *
pool_find(const struct pool *p, enum activity activity, const char *contact)
{
    const struct pool_contact *c = find(p, activity, contact);

    return c != NULL && c->is_done ? c : NULL;
}

struct pool_contact *
pool_add(struct pool *p, enum activity activity, const char *contact)
{
    struct pool_contact *c = find(p, activity, contact);

    if (c != NULL) {
        forget(c);
        c->is_done = false;
        return c;
    }
    c = calloc(1, sizeof(*c));
    if (c == NULL)
        abort();
    c->activity = activity;
    snprintf(c->id, sizeof(c->id), "%s", contact);
    if (tsearch(c, &p->tree, compare) == NULL)
        abort();
    return c;
}

static char *
copy(const char *text)
{
    char *p = text != NULL ? strdup(text) : NULL;

    if (p == NULL && text != NULL)
        abort();
    return p;
}

void
pool_put(struct pool_contact *c, const struct pairing_record *record)
{
    if (c->n == c->size) {
        c->size = c->size > 0 ? 2 * c->size : 8;
        c->kept = realloc(c->kept, c->size * sizeof(*c->kept));
        if (c->kept == NULL)
            abort();
    }
    c->kept[c->n++] = (struct kept){copy(record->id), copy(record->names),
                                    copy(record->title), copy(record->time)};
}

void
pool_done(struct pool_contact *c)
{
    c->is_done = true;
}

bool
pool_record(const struct pool_contact *c, size_t i, struct pairing_record *out)
{
    if (i >= c->n)
        return false;
    *out = (struct pairing_record){.id = c->kept[i].id,
                                   .names = c->kept[i].names,
                                   .who = c->id,
                                   .title = c->kept[i].title,
                                   .time = c->kept[i].time};
    return true;
}
