/* sync_conflicts: a value that gives way to another is kept before it is
 * written over: when the answer is lost, or the process dies, nobody can tell
 * any more what stood there. Then the decision is carried out or taken once
 * more, and finds the same conflicts kept. */
#include "stages/writer/sync_private.h"

#include "common/clock.h"
#include "common/text.h"

#include <stdio.h>
#include <string.h>

/* Is one like it there? */
struct sought {
    const struct store_conflict *conflict;
    int64_t since;
    bool is_found;
};

static int
compare(void *ctx, const struct store_conflict *c)
{
    struct sought *s = ctx;

    s->is_found = c->at > s->since &&
                  strcmp(c->property, s->conflict->property) == 0 &&
                  strcmp(c->kept_side, s->conflict->kept_side) == 0 &&
                  strcmp(c->kept, s->conflict->kept) == 0 &&
                  strcmp(c->lost, s->conflict->lost) == 0;
    return s->is_found;
}

static int
put_once(struct writer *w, struct store_conflict *c, int64_t since,
         struct error *err)
{
    struct sought sought = {c, since, false};

    if (store_conflict_each(w->store, c->key, compare, &sought, err) < 0)
        return -1;
    return sought.is_found ? 0 : store_conflict_put(w->store, c, err);
}

static const char *
value_of(struct span conflict, const char *name, struct text *out)
{
    struct span s;

    text_init(out);
    if (mp_str(mp_get(conflict, name), &s))
        text_put_valid(out, (const char *)s.data, s.len);
    text_putc(out, '\0');
    return out->data;
}

static int
save_one(struct writer *w, const char *link, int64_t since,
         struct span conflict, struct error *err)
{
    struct store_conflict c = {.at = clock_now_ms()};
    struct text kept, lost;
    int rv;

    snprintf(c.key, sizeof(c.key), "%s", link);
    mp_get_str(conflict, "property", c.property, sizeof(c.property));
    mp_get_str(conflict, "kept_side", c.kept_side, sizeof(c.kept_side));
    c.kept = value_of(conflict, "kept", &kept);
    c.lost = value_of(conflict, "lost", &lost);
    rv = put_once(w, &c, since, err);
    text_fini(&kept);
    text_fini(&lost);
    return rv;
}

int
sync_conflicts_save(struct writer *w, const char *link, int64_t since,
                    struct span conflicts, struct error *err)
{
    uint32_t n = 0;
    int rv = 0;

    if (conflicts.data == NULL || !mp_array(&conflicts, &n))
        return 0;
    for (uint32_t i = 0; i < n && rv == 0; i++)
        rv = save_one(w, link, since, mp_next(&conflicts), err);
    return rv;
}

static bool
has_conflicts(const struct job *job)
{
    struct span list = job->decision.conflicts;
    uint32_t n;

    return job->held->n_seqs > 0 && job->decision.link[0] != '\0' &&
           list.data != NULL && mp_array(&list, &n) && n > 0;
}

static int
save_all(struct writer *w, const struct job *jobs, size_t n, struct error *err)
{
    int rv = store_begin(w->store, err);

    for (size_t i = 0; i < n && rv == 0; i++)
        if (has_conflicts(&jobs[i]))
            rv =
                sync_conflicts_save(w, jobs[i].decision.link, jobs[i].linked_at,
                                    jobs[i].decision.conflicts, err);
    return rv == 0 ? store_commit(w->store, err) : -1;
}

bool
sync_conflicts(struct writer *w, const struct job *jobs, size_t n)
{
    struct error err;
    size_t at = 0;

    while (at < n && !has_conflicts(&jobs[at]))
        at++;
    if (at == n)
        return true;
    if (save_all(w, jobs, n, &err) == 0)
        return true;
    store_rollback(w->store);
    writer_fail(w, &err);
    return false;
}
