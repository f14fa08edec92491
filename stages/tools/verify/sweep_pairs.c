/* sweep_pairs: the two records of a link, read and compared. */
#include "common/compare.h"
#include "common/json.h"
#include "common/linked_pair.h"
#include "common/sf_id.h"
#include "common/text.h"
#include "common/ties_know.h"
#include "stages/tools/verify/sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PART CURRENT_SALESFORCE_MAX /* links at a time */

/* ---- one pair ---- */

struct pair {
    struct sweep *s;
    const struct linked *link;
    const struct sweep_kind *kind;
    const struct current *current[SIDE_COUNT];
    struct linked_pair both;
};

static struct finding *
tell(const struct pair *p, enum finding_type type)
{
    struct finding *f = findings_add(&p->s->findings, type);

    snprintf(f->kind, sizeof(f->kind), "%s", p->link->kind);
    snprintf(f->key, sizeof(f->key), "%s", p->link->key);
    snprintf(f->target, sizeof(f->target), "%s", p->link->target);
    return f;
}

static const char *
key_of(const struct pair *p, enum side side)
{
    return side == SIDE_HUBSPOT ? p->link->key : p->link->target;
}

/* Would an event of this side be taken for an old one? */
static bool
is_behind(const struct pair *p, enum side side)
{
    int64_t at = p->current[side]->modified_at;

    return at > 0 && at < p->both.snapshot.seen[side];
}

/* Whose event is to decide the pair anew? */
static void
request(const struct pair *p, struct finding *f)
{
    for (int s = 0; s < SIDE_COUNT && f->request[0] == '\0'; s++)
        if (p->current[s]->state == CURRENT_ALIVE &&
            !is_behind(p, (enum side)s))
            snprintf(f->request, sizeof(f->request), "%s",
                     key_of(p, (enum side)s));
    if (f->request[0] == '\0')
        snprintf(f->detail, sizeof(f->detail),
                 "the link says that it has seen later versions than there "
                 "are");
}

static void
tell_missing(const struct pair *p, enum side gone)
{
    struct finding *f =
        tell(p, gone == SIDE_HUBSPOT ? FINDING_MISSING_IN_HUBSPOT
                                     : FINDING_MISSING_IN_SALESFORCE);

    if (p->current[gone]->state == CURRENT_DELETED)
        snprintf(f->detail, sizeof(f->detail),
                 "deleted, and the link does not know");
    request(p, f);
}

static bool
differs(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "") != 0;
}

/* Without the mark of one that the other side has not got. */
static char *
copy(const char *value)
{
    char *s = strdup(value != NULL ? value + value_is_alone(value) : "");

    if (s == NULL)
        abort();
    return s;
}

/* Is the change newer than what the link has seen of that side? */
static bool
is_new(const struct pair *p, size_t i)
{
    for (int s = 0; s < SIDE_COUNT; s++)
        if (differs(p->both.now[s].v[i], p->both.snapshot.base[s].v[i]) &&
            p->both.snapshot.seen[s] > 0 &&
            p->current[s]->modified_at > p->both.snapshot.seen[s])
            return true;
    return false;
}

/* Can a value that the other side lacks not be written there? HubSpot's lists
 * of values and either side's owners have what they have. */
static bool
has_no_place(const struct pair *p, size_t i)
{
    const struct mapping_pair *pair = &p->kind->map.pairs[i];
    bool stays = false;

    if (mapping_tie_of(pair) != MAPPING_NO_TIE)
        return false; /* their values say so themselves: VALUE_ALONE */
    for (int s = 0; s < SIDE_COUNT && !stays; s++) {
        const char *value = p->both.now[s].v[i];
        struct error err = {0};
        cJSON *json;

        if (value == NULL || value[0] == '\0')
            continue;
        if (transform_render(&p->s->org.env, pair, side_other((enum side)s),
                             value, strlen(value), &json, &err) == 0)
            cJSON_Delete(json);
        else
            stays = err.code == EX_NOUSER;
    }
    return stays;
}

static void
compare_values(const struct pair *p)
{
    const struct mapping *map = &p->kind->map;

    for (size_t i = 0; i < map->n; i++) {
        const char *now[SIDE_COUNT], *base[SIDE_COUNT];
        enum compare_verdict verdict;
        struct finding *f;

        for (int s = 0; s < SIDE_COUNT; s++) {
            now[s] = p->both.now[s].v[i];
            base[s] = p->both.snapshot.base[s].v[i];
        }
        verdict = compare_pair(&map->pairs[i], p->kind->carries, now, base);
        if (verdict == COMPARE_EQUAL || has_no_place(p, i))
            continue;
        f = tell(p, verdict == COMPARE_CHANGED && is_new(p, i)
                        ? FINDING_NOT_WRITTEN_YET
                        : FINDING_DIFFERENT);
        snprintf(f->property, sizeof(f->property), "%s",
                 map->pairs[i].name[SIDE_HUBSPOT]);
        for (int s = 0; s < SIDE_COUNT; s++)
            f->value[s] = copy(now[s]);
        if (!differs(now[SIDE_HUBSPOT], now[SIDE_SALESFORCE]))
            snprintf(f->detail, sizeof(f->detail),
                     "the link knows other values");
        request(p, f);
    }
}

/* It was deleted, says the link, and lives. */
static void
tell_risen(const struct pair *p, enum side side)
{
    struct finding *f =
        tell(p, p->current[side]->modified_at > p->both.snapshot.seen[side]
                    ? FINDING_NOT_WRITTEN_YET
                    : FINDING_DIFFERENT);

    snprintf(f->detail, sizeof(f->detail), "deleted in %s, says the link",
             side_name(side));
    if (!is_behind(p, side))
        snprintf(f->request, sizeof(f->request), "%s", key_of(p, side));
}

static void
compare(struct pair *p)
{
    bool gone[SIDE_COUNT], known = false;
    struct error err;

    for (int s = 0; s < SIDE_COUNT; s++) {
        gone[s] = p->current[s]->state != CURRENT_ALIVE;
        known = known || p->both.snapshot.life[s].is_deleted;
        if (p->both.snapshot.life[s].is_deleted && !gone[s])
            tell_risen(p, (enum side)s);
    }
    if (known || (gone[SIDE_HUBSPOT] && gone[SIDE_SALESFORCE]))
        return;
    if (gone[SIDE_HUBSPOT] || gone[SIDE_SALESFORCE]) {
        tell_missing(p, gone[SIDE_HUBSPOT] ? SIDE_HUBSPOT : SIDE_SALESFORCE);
        return;
    }
    for (int s = 0; s < SIDE_COUNT; s++)
        if (values_read(&p->s->org.env, &p->kind->map, (enum side)s,
                        p->current[s]->fields, &p->both.now[s], &err) < 0) {
            struct finding *f = tell(p, FINDING_DIFFERENT);

            snprintf(f->detail, sizeof(f->detail), "%s: %.150s",
                     side_name((enum side)s), err.text);
            return;
        }
    for (int s = 0; s < SIDE_COUNT; s++)
        linked_pair_tie(&p->both, (enum side)s);
    linked_pair_fit(&p->both);
    if (linked_pair_is_leads(&p->both))
        linked_pair_hold_account(&p->both);
    compare_values(p);
}

/* ---- many ---- */

/* What the state knows of the link and of whom its records hang on. 1/0/-1, as
 * store_link_get(). */
static int
know(struct pair *p, struct current *const current[SIDE_COUNT],
     struct error *err)
{
    struct ties_agreed agreed;
    struct store_link row;
    int rv = store_link_get(p->s->store, p->link->key, &row, err);

    if (rv <= 0 || strcmp(row.target, p->link->target) != 0)
        return rv < 0 ? -1 : 0; /* it is gone since */
    linked_pair_init(&p->both, &p->kind->map, p->kind->prefers_opportunity,
                     row.snapshot);
    ties_know_agreed(p->s->store, row.snapshot, &agreed);
    linked_pair_follow(&p->both, &agreed);
    for (int s = 0; s < SIDE_COUNT; s++) {
        if (ties_know(p->s->store, (enum side)s, current[s], err) < 0)
            return -1;
        p->both.ties[s] = current[s]->ties;
        memset(&current[s]->ties, 0, sizeof(current[s]->ties));
    }
    return 1;
}

static int
compare_one(struct sweep *s, const struct linked *link, struct current *hubspot,
            struct current *salesforce, struct error *err)
{
    struct current *const current[] = {hubspot, salesforce};
    struct pair p = {.s = s,
                     .link = link,
                     .kind = &s->kind[link->activity],
                     .current = {hubspot, salesforce}};
    int rv = store_begin(s->store, err);

    if (rv < 0)
        return -1;
    rv = know(&p, current, err);
    store_rollback(s->store); /* nothing was written */
    if (rv == 1)
        compare(&p);
    linked_pair_fini(&p.both);
    return rv;
}

/* At most PART links of one kind. */
static int
check_part(struct sweep *s, struct linked *const *links, size_t n,
           struct error *err)
{
    struct current *of[SIDE_COUNT];
    const char *ids[SIDE_COUNT][PART];
    enum activity a = links[0]->activity;
    const struct mapping *map = &s->kind[a].map;
    int rv = 0;

    for (int side = 0; side < SIDE_COUNT; side++) {
        of[side] = calloc(PART, sizeof(struct current));
        if (of[side] == NULL)
            abort();
    }
    for (size_t i = 0; i < n; i++) {
        ids[SIDE_HUBSPOT][i] = links_id(links[i]->key);
        ids[SIDE_SALESFORCE][i] = links_id(links[i]->target);
    }
    for (size_t at = 0; at < n && rv == 0; at += CURRENT_MAX)
        rv = current_read(&s->services, SIDE_HUBSPOT, a, map,
                          &ids[SIDE_HUBSPOT][at],
                          n - at < CURRENT_MAX ? n - at : CURRENT_MAX,
                          &of[SIDE_HUBSPOT][at], err);
    if (rv == 0)
        rv = current_read(&s->services, SIDE_SALESFORCE, a, map,
                          ids[SIDE_SALESFORCE], n, of[SIDE_SALESFORCE], err);
    for (size_t i = 0; i < n && rv >= 0; i++)
        rv = compare_one(s, links[i], &of[SIDE_HUBSPOT][i],
                         &of[SIDE_SALESFORCE][i], err);
    for (int side = 0; side < SIDE_COUNT; side++) {
        for (size_t i = 0; i < n; i++)
            current_fini(&of[side][i]);
        free(of[side]);
    }
    return rv < 0 ? -1 : 0;
}

/* ---- tasks of the timeline sync ---- */

struct existing {
    struct linked *const *links;
    size_t n;
    bool *is_there;
};

static int
take_existing(void *ctx, const cJSON *record)
{
    struct existing *e = ctx;
    char id[SF_ID_SIZE];

    if (sf_id_normalise(json_str(record, "Id"), id))
        for (size_t i = 0; i < e->n; i++)
            if (strcmp(links_id(e->links[i]->target), id) == 0)
                e->is_there[i] = true;
    return 0;
}

/* A task without the external id any more: it may be there all the same. Also
 * one that a user has deleted is. */
static int
look_up(struct sweep *s, struct linked *const *links, size_t n, bool *is_there,
        struct error *err)
{
    struct existing e = {links, n, is_there};
    const char *before = "('";
    char id[SF_ID_SIZE];
    struct text q;
    int rv = 0;

    text_init(&q);
    text_puts(&q, "SELECT Id FROM Task WHERE Id IN ");
    for (size_t i = 0; i < n; i++)
        if (sf_id_normalise(links_id(links[i]->target), id)) {
            text_printf(&q, "%s%s", before, id);
            before = "', '";
        }
    text_putn(&q, "')", sizeof("')"));
    if (before[0] != '(')
        rv = salesforce_query(s->services.salesforce, q.data, true,
                              take_existing, &e, err);
    text_fini(&q);
    return rv;
}

static int
check_tasks(struct sweep *s, struct linked *const *links, size_t n,
            struct error *err)
{
    bool is_there[PART] = {false};

    if (look_up(s, links, n, is_there, err) < 0)
        return -1;
    for (size_t i = 0; i < n; i++) {
        struct pair p = {.s = s, .link = links[i]};
        struct finding *f;

        if (is_there[i])
            continue;
        f = tell(&p, FINDING_MISSING_IN_SALESFORCE);
        if (claims_can_ask(links[i]->key))
            snprintf(f->request, sizeof(f->request), "%s", links[i]->key);
        else
            snprintf(f->detail, sizeof(f->detail),
                     "HubSpot does not give one such event again");
    }
    return 0;
}

/* ---- all ---- */

/* Those of one kind (ACTIVITY_NONE: of the timeline), a part at a time. */
static int
check_kind(struct sweep *s, enum activity a, struct linked *const *links,
           size_t n, struct error *err)
{
    struct linked *part[PART];
    size_t filled = 0;
    int rv = 0;

    for (size_t i = 0; i <= n && rv == 0; i++) {
        if (i < n && links[i]->activity == a && !links[i]->is_wrong &&
            (a != ACTIVITY_NONE ||
             claims_of(&s->claims[SIDE_SALESFORCE], links[i]->target) == NULL))
            part[filled++] = links[i];
        if (filled == 0 || (filled < PART && i < n))
            continue;
        rv = a == ACTIVITY_NONE ? check_tasks(s, part, filled, err)
                                : check_part(s, part, filled, err);
        filled = 0;
    }
    return rv;
}

int
sweep_pairs(struct sweep *s, struct linked *const *links, size_t n,
            struct error *err)
{
    int rv = 0;

    for (int a = ACTIVITY_NONE; a < ACTIVITY_COUNT && rv == 0; a++)
        rv = check_kind(s, (enum activity)a, links, n, err);
    return rv;
}

/* Of so many of a kind: the records, and each association that is kept equal.
 */
static int64_t
hubspot_calls_of(const struct mapping *map, int64_t n)
{
    int64_t batches = (n + CURRENT_MAX - 1) / CURRENT_MAX;

    return batches * (1 + (mapping_tie(map, MAPPING_CONTACT) != NULL) +
                      (mapping_tie(map, MAPPING_ACCOUNT) != NULL));
}

void
sweep_pairs_plan(const struct sweep *s, struct linked *const *links, size_t n,
                 int64_t calls[SIDE_COUNT])
{
    int64_t of[ACTIVITY_COUNT] = {0};

    for (size_t i = 0; i < n; i++)
        if (links[i]->activity != ACTIVITY_NONE && !links[i]->is_wrong)
            of[links[i]->activity]++;
    for (int a = 0; a < ACTIVITY_COUNT; a++) {
        calls[SIDE_HUBSPOT] += hubspot_calls_of(&s->kind[a].map, of[a]);
        calls[SIDE_SALESFORCE] += (of[a] + PART - 1) / PART;
    }
}
