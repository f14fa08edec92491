/* hubspot_links: associations: always on both sides, each with the type id of
 * its direction. */
#include "tests/sandbox/hubspot.h"

#include <stdlib.h>
#include <string.h>

/* Type ids of both directions; `primary` is the labelled one of the pair. */
static const struct pair {
    int a, b, a_to_b, b_to_a, primary_a, primary_b;
} pairs[] = {
    {HS_CALLS, HS_CONTACTS, 194, 193, 0, 0},
    {HS_CALLS, HS_COMPANIES, 182, 181, 0, 0},
    {HS_CALLS, HS_DEALS, 206, 205, 0, 0},
    {HS_EMAILS, HS_CONTACTS, 198, 197, 0, 0},
    {HS_EMAILS, HS_COMPANIES, 186, 185, 0, 0},
    {HS_EMAILS, HS_DEALS, 210, 209, 0, 0},
    {HS_MEETINGS, HS_CONTACTS, 200, 199, 0, 0},
    {HS_MEETINGS, HS_COMPANIES, 188, 187, 0, 0},
    {HS_MEETINGS, HS_DEALS, 212, 211, 0, 0},
    {HS_NOTES, HS_CONTACTS, 202, 201, 0, 0},
    {HS_NOTES, HS_COMPANIES, 190, 189, 0, 0},
    {HS_NOTES, HS_DEALS, 214, 213, 0, 0},
    {HS_TASKS, HS_CONTACTS, 204, 203, 0, 0},
    {HS_TASKS, HS_COMPANIES, 192, 191, 0, 0},
    {HS_TASKS, HS_DEALS, 216, 215, 0, 0},
    {HS_COMMUNICATIONS, HS_CONTACTS, 81, 82, 0, 0},
    {HS_COMMUNICATIONS, HS_COMPANIES, 87, 88, 0, 0},
    {HS_COMMUNICATIONS, HS_DEALS, 85, 86, 0, 0},
    {HS_CONTACTS, HS_COMPANIES, 279, 280, 1, 2},
    {HS_CONTACTS, HS_DEALS, 4, 3, 0, 0},
    {HS_DEALS, HS_COMPANIES, 341, 342, 5, 6},
    {HS_CALLS, HS_MEETINGS, 399, 400, 0, 0},
    {HS_CONTACTS, HS_CONTACTS, 449, 449, 0, 0},
    {HS_COMPANIES, HS_COMPANIES, 450, 450, 0, 0},
};
#define N_PAIRS (sizeof(pairs) / sizeof(pairs[0]))

static const struct pair *
pair_of(int from_type, int to_type)
{
    for (size_t i = 0; i < N_PAIRS; i++)
        if ((pairs[i].a == from_type && pairs[i].b == to_type) ||
            (pairs[i].b == from_type && pairs[i].a == to_type))
            return &pairs[i];
    return NULL;
}

int
hs_link_default(int from_type, int to_type)
{
    const struct pair *p = pair_of(from_type, to_type);

    return p == NULL ? 0 : p->a == from_type ? p->a_to_b : p->b_to_a;
}

int
hs_link_inverse(int from_type, int to_type, int type_id)
{
    const struct pair *p = pair_of(from_type, to_type);

    if (p == NULL || type_id == 0)
        return 0;
    if (p->a == from_type)
        return type_id == p->a_to_b      ? p->b_to_a
               : type_id == p->primary_a ? p->primary_b
                                         : 0;
    return type_id == p->b_to_a      ? p->a_to_b
           : type_id == p->primary_b ? p->primary_a
                                     : 0;
}

const char *
hs_link_label(int type_id)
{
    return type_id == 1 || type_id == 2 || type_id == 5 || type_id == 6
               ? "Primary"
               : NULL;
}

static size_t
link_from(const struct hs_record *rec, int to_type, int64_t to)
{
    size_t lo = 0, hi = rec->n_links;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        const struct hs_link *l = &rec->links[mid];

        if (l->to_type < to_type || (l->to_type == to_type && l->to < to))
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static struct hs_link *
link_find(const struct hs_record *rec, int to_type, int64_t to)
{
    size_t at = link_from(rec, to_type, to);

    if (at < rec->n_links && rec->links[at].to == to &&
        rec->links[at].to_type == to_type)
        return &rec->links[at];
    return NULL;
}

struct hs_link *
hs_links(const struct hs_record *rec, int to_type, size_t *n)
{
    size_t lo = link_from(rec, to_type, 0);

    *n = link_from(rec, to_type + 1, 0) - lo;
    return rec->links == NULL ? NULL : &rec->links[lo];
}

static void
link_put(struct hs_record *rec, int to_type, int64_t to, int type_id)
{
    struct hs_link *link = link_find(rec, to_type, to);

    if (link == NULL) {
        size_t at = link_from(rec, to_type, to);

        rec->links = hs_grow(rec->links, rec->n_links, &rec->links_size,
                             sizeof(*rec->links));
        link = &rec->links[at];
        memmove(link + 1, link, (rec->n_links - at) * sizeof(*link));
        *link = (struct hs_link){.to = to, .to_type = to_type};
        rec->n_links++;
    }
    for (int i = 0; i < 3; i++) {
        if (link->types[i] == type_id)
            return;
        if (link->types[i] == 0) {
            link->types[i] = type_id;
            return;
        }
    }
}

static bool
has_type(const struct hs_record *rec, int to_type, int type_id)
{
    size_t n;
    const struct hs_link *links = hs_links(rec, to_type, &n);

    for (size_t i = 0; i < n; i++)
        for (int t = 0; t < 3; t++)
            if (links[i].types[t] == type_id)
                return true;
    return false;
}

static void
both_put(struct hs_record *from, struct hs_record *to, int type_id)
{
    link_put(from, to->type, to->id, type_id);
    link_put(to, from->type, from->id,
             hs_link_inverse(from->type, to->type, type_id));
}

/* A labelled association implies the plain one; the first company of a contact
 * or a deal is its primary one. */
void
hs_link_add(struct hs_record *from, struct hs_record *to, int type_id)
{
    const struct pair *p = pair_of(from->type, to->type);
    struct hs_record *a = p->a == from->type ? from : to;
    struct hs_record *b = a == from ? to : from;

    both_put(from, to, hs_link_default(from->type, to->type));
    if (type_id != 0)
        both_put(from, to, type_id);
    if (p->primary_a != 0 && !has_type(a, b->type, p->primary_a))
        both_put(a, b, p->primary_a);
}

static void
link_drop(struct hs_record *rec, int to_type, int64_t to)
{
    struct hs_link *link = link_find(rec, to_type, to);

    if (link == NULL)
        return;
    rec->n_links--;
    memmove(link, link + 1,
            (size_t)(&rec->links[rec->n_links] - link) * sizeof(*link));
}

void
hs_link_remove(struct hs_record *from, struct hs_record *to)
{
    link_drop(from, to->type, to->id);
    link_drop(to, from->type, from->id);
}

static void
type_drop(struct hs_link *link, int type_id)
{
    int kept[3] = {0}, n = 0;

    if (link == NULL)
        return;
    for (int i = 0; i < 3; i++)
        if (link->types[i] != 0 && link->types[i] != type_id)
            kept[n++] = link->types[i];
    memcpy(link->types, kept, sizeof(kept));
}

void
hs_link_remove_type(struct hs_record *from, struct hs_record *to, int type_id)
{
    if (type_id == hs_link_default(from->type, to->type)) {
        hs_link_remove(from, to);
        return;
    }
    type_drop(link_find(from, to->type, to->id), type_id);
    type_drop(link_find(to, from->type, from->id),
              hs_link_inverse(from->type, to->type, type_id));
}

bool
hs_link_is_live(struct hubspot *hs, const struct hs_link *link)
{
    const struct hs_record *rec = hs_find(hs, link->to_type, link->to);

    return rec != NULL && !rec->archived;
}

void
hs_links_move(struct hubspot *hs, struct hs_record *from, struct hs_record *to)
{
    while (from->n_links > 0) {
        struct hs_link link = from->links[from->n_links - 1];
        struct hs_record *other = hs_find(hs, link.to_type, link.to);

        hs_link_remove(from, other);
        if (other != to)
            hs_link_add(to, other, 0);
    }
}

cJSON *
hs_link_types_json(const struct hs_link *link)
{
    cJSON *out = cJSON_CreateArray();

    for (int i = 0; i < 3 && link->types[i] != 0; i++) {
        const char *label = hs_link_label(link->types[i]);
        cJSON *type = cJSON_CreateObject();

        cJSON_AddStringToObject(type, "category", "HUBSPOT_DEFINED");
        cJSON_AddNumberToObject(type, "typeId", link->types[i]);
        if (label != NULL)
            cJSON_AddStringToObject(type, "label", label);
        else
            cJSON_AddNullToObject(type, "label");
        cJSON_AddItemToArray(out, type);
    }
    return out;
}
