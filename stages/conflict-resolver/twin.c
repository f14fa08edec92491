/* twin: see twin.h. */
#include "stages/conflict-resolver/twin.h"

#include "common/json.h"
#include "common/sf_id.h"
#include "common/text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SOQL_MAX   4000 /* bytes of one query's uids: its path may have 16 KB */
#define SEARCH_MAX 2000 /* bytes of one search's: its body may have 3,000 */
#define FOUND_MAX  200  /* of one search */

/* What is asked, and how an answer is read. */
struct reading {
    enum activity activity;
    const char *uid_name, *id_name, *time_name;
    struct twin *const *twin;
    size_t n;
};

bool
twin_uid(const char *text, size_t len, char out[TWIN_UID_MAX])
{
    text_trim(&text, &len);
    if (len > 2 && text[0] == '<' && text[len - 1] == '>') {
        text++;
        len -= 2;
    }
    if (len == 0 || len >= TWIN_UID_MAX || memchr(text, '\0', len) != NULL)
        return false;
    memcpy(out, text, len);
    out[len] = '\0';
    return true;
}

/* One that is found counts for each that asks for it. */
static void
take(const struct reading *r, const char *uid, const char *id, int64_t at)
{
    char plain[TWIN_UID_MAX];

    if (uid == NULL || !twin_uid(uid, strlen(uid), plain))
        return;
    for (size_t i = 0; i < r->n; i++) {
        struct twin *t = r->twin[i];

        if (t->id[0] == '\0' && strcasecmp(t->uid, plain) == 0 &&
            (r->activity != ACTIVITY_MEETING || at / 1000 == t->at / 1000))
            snprintf(t->id, sizeof(t->id), "%s", id);
    }
}

/* ---- Salesforce ---- */

size_t
twin_soql(enum activity activity, const char *ical_field,
          struct twin *const *twin, size_t n, char **soql)
{
    bool is_mail = activity == ACTIVITY_EMAIL;
    struct text q;
    size_t i = 0;

    text_init(&q);
    text_printf(&q, "SELECT %s, %s%s FROM %s WHERE %s AND %s IN (",
                is_mail ? "ActivityId" : "Id",
                is_mail ? "MessageIdentifier" : ical_field,
                is_mail ? "" : ", StartDateTime",
                is_mail ? "EmailMessage" : "Event",
                is_mail ? "ActivityId != NULL" : "IsChild = FALSE",
                is_mail ? "MessageIdentifier" : ical_field);
    for (; i < n && (i == 0 || q.len < SOQL_MAX); i++) {
        char framed[TWIN_UID_MAX + 2];
        char *quoted = salesforce_quote(twin[i]->uid);

        text_printf(&q, "%s%s", i > 0 ? "," : "", quoted);
        free(quoted);
        if (!is_mail)
            continue;
        snprintf(framed, sizeof(framed), "<%s>", twin[i]->uid);
        quoted = salesforce_quote(framed);
        text_printf(&q, ",%s", quoted);
        free(quoted);
    }
    text_puts(&q, ") ORDER BY Id");
    text_putc(&q, '\0');
    *soql = q.data;
    return i;
}

static int
take_row(void *ctx, const cJSON *record)
{
    const struct reading *r = ctx;
    char id[SF_ID_SIZE];
    int64_t at = 0;

    if (r->time_name != NULL)
        json_time(record, r->time_name, &at);
    if (sf_id_normalise(json_str(record, r->id_name), id))
        take(r, json_str(record, r->uid_name), id, at);
    return 0;
}

static int
read_salesforce(struct salesforce *sf, const char *ical_field,
                struct reading *r, struct error *err)
{
    bool is_mail = r->activity == ACTIVITY_EMAIL;
    size_t done = 0;
    int rv = 0;

    r->id_name = is_mail ? "ActivityId" : "Id";
    r->uid_name = is_mail ? "MessageIdentifier" : ical_field;
    r->time_name = is_mail ? NULL : "StartDateTime";
    while (done < r->n && rv == 0) {
        char *soql;

        done += twin_soql(r->activity, ical_field, r->twin + done, r->n - done,
                          &soql);
        rv = salesforce_query(sf, soql, false, take_row, r, err);
        free(soql);
    }
    return rv;
}

/* ---- HubSpot ---- */

static const char *
property_of(enum activity activity)
{
    return activity == ACTIVITY_EMAIL ? "hs_email_message_id" : "hs_i_cal_uid";
}

/* IN wants values in lower case (hubspot-api.md, 2.3). */
static void
add_value(cJSON *values, const char *format, const char *uid)
{
    char text[TWIN_UID_MAX + 2];

    snprintf(text, sizeof(text), format, uid);
    for (char *c = text; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
    cJSON_AddItemToArray(values, cJSON_CreateString(text));
}

size_t
twin_search(enum activity activity, struct twin *const *twin, size_t n,
            cJSON **body)
{
    cJSON *groups, *group, *filter, *values, *properties;
    size_t i = 0, size = 0;

    *body = cJSON_CreateObject();
    groups = cJSON_AddArrayToObject(*body, "filterGroups");
    group = cJSON_CreateObject();
    cJSON_AddItemToArray(groups, group);
    filter = cJSON_CreateObject();
    cJSON_AddItemToArray(cJSON_AddArrayToObject(group, "filters"), filter);
    cJSON_AddStringToObject(filter, "propertyName", property_of(activity));
    cJSON_AddStringToObject(filter, "operator", "IN");
    values = cJSON_AddArrayToObject(filter, "values");
    for (; i < n && (i == 0 || size + 2 * strlen(twin[i]->uid) < SEARCH_MAX);
         i++) {
        add_value(values, "%s", twin[i]->uid);
        if (activity == ACTIVITY_EMAIL)
            add_value(values, "<%s>", twin[i]->uid);
        size += 2 * strlen(twin[i]->uid) + 10;
    }
    properties = cJSON_AddArrayToObject(*body, "properties");
    cJSON_AddItemToArray(properties, cJSON_CreateString(property_of(activity)));
    cJSON_AddItemToArray(properties,
                         cJSON_CreateString("hs_meeting_start_time"));
    if (activity != ACTIVITY_MEETING)
        cJSON_DeleteItemFromArray(properties, 1);
    cJSON_AddNumberToObject(*body, "limit", FOUND_MAX);
    return i;
}

static void
take_results(const struct reading *r, const cJSON *answer)
{
    const cJSON *item;
    char id[32];

    cJSON_ArrayForEach(item,
                       cJSON_GetObjectItemCaseSensitive(answer, "results"))
    {
        const cJSON *properties =
            cJSON_GetObjectItemCaseSensitive(item, "properties");
        int64_t at = 0;

        json_time(properties, "hs_meeting_start_time", &at);
        if (json_id(item, "id", id, sizeof(id)))
            take(r, json_str(properties, property_of(r->activity)), id, at);
    }
}

static int
read_hubspot(struct hubspot *hs, const struct reading *r, struct error *err)
{
    size_t done = 0;
    char tail[64];
    int rv = 0;

    snprintf(tail, sizeof(tail), "/%s/search",
             activity_facts(r->activity)->collection);
    while (done < r->n && rv == 0) {
        cJSON *body, *answer = NULL;

        done += twin_search(r->activity, r->twin + done, r->n - done, &body);
        rv = hubspot_read(hs, HUBSPOT_OBJECTS, tail, body, &answer, err);
        if (rv == 0)
            take_results(r, answer);
        cJSON_Delete(answer);
        cJSON_Delete(body);
    }
    return rv;
}

int
twin_read(const struct services *services, enum side side,
          enum activity activity, const char *ical_field,
          struct twin *const *twin, size_t n, struct error *err)
{
    struct reading r = {.activity = activity, .twin = twin, .n = n};

    return side == SIDE_HUBSPOT
               ? read_hubspot(services->hubspot, &r, err)
               : read_salesforce(services->salesforce, ical_field, &r, err);
}
