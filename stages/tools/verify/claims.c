/* claims: see claims.h. */
#include "stages/tools/verify/claims.h"
#include "common/kind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *
copy(const char *s)
{
    char *p = strdup(s);

    if (p == NULL)
        abort();
    return p;
}

void
claims_add(struct claims *c, const char *record, const char *names,
           bool is_deleted)
{
    if (c->n == c->size) {
        c->size = c->size > 0 ? 2 * c->size : 256;
        c->v = realloc(c->v, c->size * sizeof(*c->v));
        if (c->v == NULL)
            abort();
    }
    c->v[c->n++] = (struct claim){copy(record), copy(names), is_deleted};
}

void
claims_fini(struct claims *c)
{
    for (size_t i = 0; i < c->n; i++) {
        free(c->v[i].record);
        free(c->v[i].names);
    }
    free(c->v);
    c->v = NULL;
    c->n = c->size = 0;
}

static int
compare_records(const void *a, const void *b)
{
    return strcmp(((const struct claim *)a)->record,
                  ((const struct claim *)b)->record);
}

void
claims_sort(struct claims *c)
{
    if (c->n > 0)
        qsort(c->v, c->n, sizeof(*c->v), compare_records);
}

const struct claim *
claims_of(const struct claims *c, const char *record)
{
    const struct claim wanted = {(char *)record, NULL, false};

    return c->n > 0
               ? bsearch(&wanted, c->v, c->n, sizeof(*c->v), compare_records)
               : NULL;
}

const char *
claims_kind(const struct claims_rules *rules, const char *key, char *buf,
            size_t size)
{
    enum activity a;

    links_type(key, buf, size);
    a = activity_parse(buf, strlen(buf));
    return a == ACTIVITY_NONE || rules->is_on[a]
               ? buf
               : kind_name(activity_facts(a)->timeline);
}

bool
claims_can_ask(const char *key)
{
    char type[32];

    links_type(key, type, sizeof(type));
    return strncmp(key, "hubspot:", 8) == 0 &&
           (activity_parse(type, strlen(type)) != ACTIVITY_NONE ||
            strcmp(type, "note") == 0);
}

/* ---- the links, seen from one side ---- */

static struct linked *
by_record(const struct links *links, enum side side, const char *record)
{
    return side == SIDE_SALESFORCE ? links_by_target(links, record)
                                   : links_by_key(links, record);
}

/* The record of a link on a side. */
static const char *
record_of(const struct linked *link, enum side side)
{
    return side == SIDE_SALESFORCE ? link->target : link->key;
}

static bool
is_right(const struct links *links, enum side side, const struct claim *c)
{
    const struct linked *link = by_record(links, side_other(side), c->names);

    return link != NULL && strcmp(record_of(link, side), c->record) == 0;
}

/* ---- judging ---- */

/* Those of one name, as an array of pointers. */
struct group {
    struct claim **v;
    size_t n;
};

static bool
has_right(const struct links *links, enum side side, const struct group *g)
{
    for (size_t i = 0; i < g->n; i++)
        if (is_right(links, side, g->v[i]))
            return true;
    return false;
}

/* What is to be sent through the chain to mend it; "": nothing is of use. */
static const char *
request_for(const struct claims_rules *rules, enum side side,
            const struct claim *c)
{
    const char *key = side == SIDE_SALESFORCE ? c->names : c->record;
    enum activity a;
    char type[32];

    links_type(key, type, sizeof(type));
    a = activity_parse(type, strlen(type));
    if (a != ACTIVITY_NONE && rules->is_on[a])
        /* Where HubSpot would take a second record, one might be made. */
        return side == SIDE_SALESFORCE || rules->is_unique[a]
                   ? (side == SIDE_SALESFORCE ? c->record : c->names)
                   : "";
    return side == SIDE_SALESFORCE && claims_can_ask(c->names) ? c->names : "";
}

static struct finding *
tell(const struct claims_rules *rules, enum side side, const struct claim *c,
     enum finding_type type, struct findings *out)
{
    const char *key = side == SIDE_SALESFORCE ? c->names : c->record;
    const char *target = side == SIDE_SALESFORCE ? c->record : c->names;
    struct finding *f = findings_add(out, type);
    char kind[32];

    snprintf(f->kind, sizeof(f->kind), "%s",
             claims_kind(rules, key, kind, sizeof(kind)));
    snprintf(f->key, sizeof(f->key), "%s", key);
    snprintf(f->target, sizeof(f->target), "%s", target);
    return f;
}

static void
judge_one(const struct group *g, const struct claim *c, enum side side,
          const struct claims_rules *rules, struct links *links,
          struct findings *out)
{
    struct linked *own = by_record(links, side, c->record);
    struct linked *named = by_record(links, side_other(side), c->names);
    struct finding *f;

    /* A record whose counterpart was made anew still names the old one. */
    if (is_right(links, side, c) || (own != NULL && named == NULL))
        return;
    if (has_right(links, side, g) || g->n > 1 ||
        (side == SIDE_HUBSPOT && named != NULL)) {
        f = tell(rules, side, c, FINDING_DOUBLED, out);
        snprintf(f->detail, sizeof(f->detail), "another one is of this pair");
        return;
    }
    f = tell(rules, side, c, FINDING_ORPHANED, out);
    snprintf(f->request, sizeof(f->request), "%s", request_for(rules, side, c));
    if (own != NULL)
        own->is_wrong = true;
    if (named == NULL) {
        snprintf(f->detail, sizeof(f->detail), "no link knows it");
        return;
    }
    named->is_wrong = true;
    snprintf(f->detail, sizeof(f->detail), "the link leads to %.150s",
             record_of(named, side));
}

static int
compare_names(const void *a, const void *b)
{
    const struct claim *x = *(struct claim *const *)a;
    const struct claim *y = *(struct claim *const *)b;
    int order = strcmp(x->names, y->names);

    return order != 0 ? order : strcmp(x->record, y->record);
}

/* Is the kind to be checked? */
static bool
is_wanted(const struct claims *claims, const struct claims_rules *rules,
          const struct links *links, const struct claim *c)
{
    char kind[32];

    return kinds_has(
        links->kinds,
        claims_kind(rules,
                    claims->side == SIDE_SALESFORCE ? c->names : c->record,
                    kind, sizeof(kind)));
}

void
claims_judge(struct claims *claims, const struct claims_rules *rules,
             struct links *links, struct findings *out)
{
    struct claim **living = calloc(claims->n + 1, sizeof(*living));
    struct group g;
    size_t n = 0;

    if (living == NULL)
        abort();
    for (size_t i = 0; i < claims->n; i++)
        if (!claims->v[i].is_deleted &&
            is_wanted(claims, rules, links, &claims->v[i]))
            living[n++] = &claims->v[i];
    qsort(living, n, sizeof(*living), compare_names);
    for (size_t from = 0; from < n; from += g.n) {
        g = (struct group){&living[from], 1};
        while (from + g.n < n &&
               strcmp(living[from + g.n]->names, g.v[0]->names) == 0)
            g.n++;
        for (size_t i = 0; i < g.n; i++)
            judge_one(&g, g.v[i], claims->side, rules, links, out);
    }
    free(living);
}

void
claims_judge_links(const struct claims *claims, struct links *links,
                   struct findings *out)
{
    for (size_t i = 0; i < links->n; i++) {
        struct linked *one = links->by_target[i];
        const struct claim *c;
        struct finding *f;

        if ((i == 0 ||
             strcmp(links->by_target[i - 1]->target, one->target) != 0) &&
            (i + 1 == links->n ||
             strcmp(links->by_target[i + 1]->target, one->target) != 0))
            continue;
        c = claims_of(claims, one->target);
        if (c != NULL && strcmp(c->names, one->key) == 0)
            continue;
        one->is_wrong = true;
        if (!one->is_wanted)
            continue;
        f = findings_add(out, FINDING_DOUBLED);
        snprintf(f->kind, sizeof(f->kind), "%s", one->kind);
        snprintf(f->key, sizeof(f->key), "%s", one->key);
        snprintf(f->target, sizeof(f->target), "%s", one->target);
        snprintf(f->detail, sizeof(f->detail),
                 "two links lead to this record of Salesforce");
    }
}
