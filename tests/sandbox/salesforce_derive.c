/* salesforce_derive: what follows from the fields of a record: defaults, the
 * account of an activity, a task that is closed, an event's times
 * (salesforce-api.md, 4). */
#include "tests/sandbox/salesforce.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MINUTES_MAX 5e9 /* of an event: some 10,000 years */

static void
put_default(struct sf_record *rec, const char *name, const char *value)
{
    if (sf_text(rec, name) == NULL)
        sf_put_text(rec, name, value);
}

static void
derive_account(struct salesforce *sf, struct sf_record *rec)
{
    const char *what = sf_text(rec, "WhatId"), *who = sf_text(rec, "WhoId");
    const struct sf_record *to = what != NULL  ? sf_find(sf, what)
                                 : who != NULL ? sf_find(sf, who)
                                               : NULL;
    const char *account = NULL;

    if (to != NULL)
        account = strcmp(to->object->name, "Account") == 0
                      ? to->id
                      : sf_text(to, "AccountId");
    sf_put_text(rec, "AccountId", account);
}

static void
derive_task(struct salesforce *sf, struct sf_record *rec)
{
    struct hs_list *statuses = sf_list(sf, sf_object_find("TaskStatus"));
    bool was_closed = sf_true(rec, "IsClosed"), is_closed = false;
    const char *status;

    put_default(rec, "Status", "Not Started");
    put_default(rec, "Priority", "Normal");
    put_default(rec, "TaskSubtype", "Task");
    status = sf_text(rec, "Status");
    for (size_t i = 0; i < statuses->n; i++) {
        const char *name = sf_text(statuses->v[i], "ApiName");

        if (name != NULL && strcmp(name, status) == 0)
            is_closed = sf_true(statuses->v[i], "IsClosed");
    }
    sf_put(rec, "IsClosed", cJSON_CreateBool(is_closed));
    sf_put(rec, "IsHighPriority",
           cJSON_CreateBool(strcmp(sf_text(rec, "Priority"), "High") == 0));
    if (is_closed && !was_closed)
        sf_put_time(rec, "CompletedDateTime", sandbox_now_ms());
    else if (!is_closed)
        sf_put_text(rec, "CompletedDateTime", NULL);
}

bool
sf_time_of(const struct sf_record *rec, const char *field, int64_t *ms)
{
    const char *s = sf_text(rec, field);

    return s != NULL && timetext_parse(s, strlen(s), ms) == 0;
}

static void
put_day(struct sf_record *rec, const char *field, int64_t ms)
{
    char day[TIMETEXT_SIZE];

    timetext_s(ms, day);
    day[strlen("2026-01-31")] = '\0';
    sf_put_text(rec, field, day);
}

/* The length in ms, as far as it is one. */
static int64_t
length_of(const struct sf_record *rec)
{
    const cJSON *n =
        cJSON_GetObjectItemCaseSensitive(rec->fields, "DurationInMinutes");
    double minutes = sf_true(rec, "IsAllDayEvent") ? 1440 : 0;

    if (cJSON_IsNumber(n))
        minutes = fmax(0, fmin(n->valuedouble, MINUTES_MAX));
    return (int64_t)minutes * 60000;
}

/* Start, end, length and day belong together. */
static void
derive_event(struct sf_record *rec)
{
    int64_t from, to;

    put_default(rec, "ShowAs", "Busy");
    put_default(rec, "EventSubtype", "Event");
    if (!sf_time_of(rec, "StartDateTime", &from) &&
        !sf_time_of(rec, "ActivityDateTime", &from) &&
        !(sf_true(rec, "IsAllDayEvent") &&
          sf_time_of(rec, "ActivityDate", &from)))
        return;
    if (!sf_time_of(rec, "EndDateTime", &to))
        to = from + length_of(rec);
    sf_put_time(rec, "StartDateTime", from);
    sf_put_time(rec, "ActivityDateTime", from);
    put_day(rec, "ActivityDate", from);
    sf_put_time(rec, "EndDateTime", to);
    put_day(rec, "EndDate", to);
    sf_put(rec, "DurationInMinutes",
           cJSON_CreateNumber((double)((to - from) / 60000)));
}

void
sf_loosen(struct sf_record *rec, const cJSON *row)
{
    const cJSON *start = cJSON_GetObjectItem(row, "StartDateTime");
    const cJSON *at = cJSON_GetObjectItem(row, "ActivityDateTime");
    bool is_moved = start == NULL && at != NULL && !sf_is_nothing(at);

    if (strcmp(rec->object->name, "Event") != 0)
        return;
    if ((start != NULL || is_moved ||
         cJSON_GetObjectItem(row, "DurationInMinutes") != NULL) &&
        cJSON_GetObjectItem(row, "EndDateTime") == NULL)
        sf_put_text(rec, "EndDateTime", NULL);
    if (is_moved)
        sf_put_text(rec, "StartDateTime", NULL);
}

void
sf_derive(struct salesforce *sf, struct sf_record *rec, bool is_new)
{
    const char *name = rec->object->name, *first = sf_text(rec, "FirstName");
    char full[600];

    if (is_new && sf_field_find(rec->object, "OwnerId") != NULL)
        put_default(rec, "OwnerId", SF_USER);
    if (strcmp(name, "Task") == 0)
        derive_task(sf, rec);
    if (strcmp(name, "Event") == 0)
        derive_event(rec);
    if (strcmp(name, "Task") == 0 || strcmp(name, "Event") == 0)
        derive_account(sf, rec);
    if (strcmp(name, "Opportunity") == 0)
        sf_put(rec, "IsClosed",
               cJSON_CreateBool(
                   sf_text(rec, "StageName") != NULL &&
                   strncmp(sf_text(rec, "StageName"), "Closed", 6) == 0));
    if (is_new && strcmp(name, "EmailMessage") == 0)
        sf_make_mail_task(sf, rec);
    if (strcmp(name, "Lead") == 0)
        put_default(rec, "Status", "Open - Not Contacted");
    if (sf_text(rec, "LastName") == NULL)
        return;
    snprintf(full, sizeof(full), "%s%s%s", first != NULL ? first : "",
             first != NULL ? " " : "", sf_text(rec, "LastName"));
    sf_put_text(rec, "Name", full);
}
