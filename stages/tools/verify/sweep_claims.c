/* sweep_claims: which records name the other of their pair (claims.h). */
#include "common/json.h"
#include "common/log.h"
#include "common/sf_id.h"
#include "common/text.h"
#include "stages/tools/verify/sweep.h"

#include <stdio.h>
#include <string.h>

#define SEARCH_PAGE  200  /* the search's largest page */
#define QUERY_PAGE   2000 /* rows of a page of SOQL, at best */
#define PROPERTY_MAX 64

/* ---- HubSpot ---- */

static bool
is_wanted(const struct sweep *s, enum activity a)
{
    return s->rules.is_on[a] && kinds_has(&s->kinds, activity_facts(a)->name);
}

/* Is there the property? Whoever may not look goes without. */
static int
ask_property(struct sweep *s, enum activity a, struct error *err)
{
    char tail[PROPERTY_MAX];
    cJSON *answer;

    snprintf(tail, sizeof(tail), "/%s/" HUBSPOT_SALESFORCE_ID,
             activity_facts(a)->collection);
    s->kind[a].has_property = false;
    if (hubspot_read(s->services.hubspot, HUBSPOT_PROPERTIES, tail, NULL,
                     &answer, err) < 0)
        return err->code == EX_DATAERR || err->code == EX_NOPERM ? 0 : -1;
    s->kind[a].has_property =
        !cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(answer, "archived"));
    s->rules.is_unique[a] = cJSON_IsTrue(
        cJSON_GetObjectItemCaseSensitive(answer, "hasUniqueValue"));
    cJSON_Delete(answer);
    return 0;
}

static void
add_filter(cJSON *filters, const char *property, const char *how,
           const char *value)
{
    cJSON *filter = cJSON_CreateObject();

    cJSON_AddStringToObject(filter, "propertyName", property);
    cJSON_AddStringToObject(filter, "operator", how);
    if (value != NULL)
        cJSON_AddStringToObject(filter, "value", value);
    cJSON_AddItemToArray(filters, filter);
}

/* Those that have the property, by their ids: a search goes no further than
 * 10,000 records, so each page is a new one. */
static cJSON *
search_body(const struct sweep_kind *k)
{
    cJSON *body = cJSON_CreateObject();
    cJSON *group = cJSON_CreateObject();
    cJSON *sort = cJSON_CreateObject();
    cJSON *filters = cJSON_AddArrayToObject(group, "filters");

    add_filter(filters, HUBSPOT_SALESFORCE_ID, "HAS_PROPERTY", NULL);
    if (k->after[0] != '\0')
        add_filter(filters, "hs_object_id", "GT", k->after);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(body, "filterGroups"), group);
    cJSON_AddStringToObject(sort, "propertyName", "hs_object_id");
    cJSON_AddStringToObject(sort, "direction", "ASCENDING");
    cJSON_AddItemToArray(cJSON_AddArrayToObject(body, "sorts"), sort);
    cJSON_AddItemToArray(cJSON_AddArrayToObject(body, "properties"),
                         cJSON_CreateString(HUBSPOT_SALESFORCE_ID));
    cJSON_AddNumberToObject(body, "limit", SEARCH_PAGE);
    return body;
}

static void
take_engagement(struct sweep *s, enum activity a, const cJSON *record)
{
    const char *names =
        json_str(cJSON_GetObjectItemCaseSensitive(record, "properties"),
                 HUBSPOT_SALESFORCE_ID);
    char id[SF_ID_SIZE], own[24], record_key[64], target[64];

    if (!json_id(record, "id", own, sizeof(own)))
        return;
    snprintf(s->kind[a].after, sizeof(s->kind[a].after), "%s", own);
    if (!sf_id_normalise(names, id))
        return;
    snprintf(record_key, sizeof(record_key), "hubspot:%s:%s",
             activity_facts(a)->name, own);
    snprintf(target, sizeof(target), "salesforce:%s:%s",
             activity_facts(a)->object, id);
    claims_add(&s->claims[SIDE_HUBSPOT], record_key, target, false);
}

/* The next page. */
static int
search(struct sweep *s, enum activity a, struct error *err)
{
    struct sweep_kind *k = &s->kind[a];
    cJSON *body = search_body(k);
    const cJSON *results, *record;
    char tail[64];
    cJSON *answer;
    int rv;

    snprintf(tail, sizeof(tail), "/%s/search", activity_facts(a)->collection);
    rv = hubspot_read(s->services.hubspot, HUBSPOT_OBJECTS, tail, body, &answer,
                      err);
    cJSON_Delete(body);
    if (rv < 0)
        return -1;
    results = cJSON_GetObjectItemCaseSensitive(answer, "results");
    if (k->after[0] == '\0' && !json_i64(answer, "total", &k->total))
        k->total = 0;
    cJSON_ArrayForEach(record, results) take_engagement(s, a, record);
    k->is_searched = cJSON_GetArraySize(results) < SEARCH_PAGE;
    cJSON_Delete(answer);
    return 0;
}

int
sweep_claims_begin(struct sweep *s, struct error *err)
{
    for (int a = 0; a < ACTIVITY_COUNT; a++) {
        struct sweep_kind *k = &s->kind[a];

        k->after[0] = '\0';
        k->total = 0;
        k->is_searched = true;
        if (!is_wanted(s, (enum activity)a))
            continue;
        if (ask_property(s, (enum activity)a, err) < 0 ||
            (k->has_property && search(s, (enum activity)a, err) < 0))
            return -1;
    }
    return 0;
}

/* ---- Salesforce ---- */

struct taking {
    struct sweep *s;
    const char *object;
};

static int
take_row(void *ctx, const cJSON *record)
{
    struct taking *t = ctx;
    const char *names = json_str(record, t->s->external_id);
    char id[SF_ID_SIZE], key[64];

    if (names == NULL || strncmp(names, "hubspot:", 8) != 0 ||
        strlen(names) >= EVENT_ID_MAX ||
        !sf_id_normalise(json_str(record, "Id"), id))
        return 0;
    snprintf(key, sizeof(key), "salesforce:%s:%s", t->object, id);
    claims_add(
        &t->s->claims[SIDE_SALESFORCE], key, names,
        cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(record, "IsDeleted")));
    return 0;
}

/* An object that is hidden from us, or lacks the field, names nobody. */
static int
query(struct sweep *s, const char *object, struct error *err)
{
    struct taking taking = {s, object};
    struct text q;
    int rv;

    text_init(&q);
    text_printf(&q, "SELECT Id, IsDeleted, %s FROM %s WHERE %s != null",
                s->external_id, object, s->external_id);
    text_putc(&q, '\0');
    rv = salesforce_query(s->services.salesforce, q.data, true, take_row,
                          &taking, err);
    text_fini(&q);
    if (rv == 0 || (err->code != EX_DATAERR && err->code != EX_NOPERM))
        return rv;
    log_write(LOG_WARN, "the external id cannot be read", "object", object,
              "reason", err->text, NULL);
    return 0;
}

/* How many links lead to an object. */
static int64_t
count_links(const struct sweep *s, const char *object)
{
    char type[32];
    int64_t n = 0;

    for (size_t i = 0; i < s->links.n; i++)
        n += strcmp(links_type(s->links.v[i].target, type, sizeof(type)),
                    object) == 0;
    return n;
}

static bool
wants_events(const struct sweep *s)
{
    return s->rules.is_on[ACTIVITY_MEETING] || count_links(s, "Event") > 0;
}

int
sweep_claims_read(struct sweep *s, struct error *err)
{
    for (int a = 0; a < ACTIVITY_COUNT; a++)
        while (!s->kind[a].is_searched)
            if (search(s, (enum activity)a, err) < 0)
                return -1;
    if (query(s, "Task", err) < 0 ||
        (wants_events(s) && query(s, "Event", err) < 0))
        return -1;
    claims_sort(&s->claims[SIDE_HUBSPOT]);
    claims_sort(&s->claims[SIDE_SALESFORCE]);
    return 0;
}

static int64_t
pages(int64_t n, int64_t page)
{
    return n > 0 ? (n + page - 1) / page : 1;
}

void
sweep_claims_plan(const struct sweep *s, int64_t calls[SIDE_COUNT])
{
    /* A search of 400 records needs a third page to know that it ends. */
    for (int a = 0; a < ACTIVITY_COUNT; a++)
        if (!s->kind[a].is_searched)
            calls[SIDE_HUBSPOT] += s->kind[a].total / SEARCH_PAGE;
    calls[SIDE_SALESFORCE] += pages(count_links(s, "Task"), QUERY_PAGE);
    if (wants_events(s))
        calls[SIDE_SALESFORCE] += pages(count_links(s, "Event"), QUERY_PAGE);
}
