/* task: see task.h. */
#include "stages/writer/salesforce/task.h"

#include "common/json.h"
#include "common/sf_id.h"
#include "common/text.h"
#include "common/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As the normalizer marks a text that it has cut. */
#define CUT_MARK     "\n[cut here; the whole text is in HubSpot]"
#define DURATION_MAX 99999999 /* seconds; an int field of Salesforce */

struct making {
    const struct task_facts *f;
    cJSON *task;
    struct error *err;
};

/* One row a field; the order is the order in the record. `put` leaves the field
 * out by adding nothing; -1: no task can be made. */
struct field {
    const char *name; /* NULL: the external id field */
    int (*put)(const struct making *m, const char *name);
};

static void
put_item(const struct making *m, const char *name, cJSON *item)
{
    if (item == NULL || !cJSON_AddItemToObject(m->task, name, item))
        abort(); /* out of memory: the fetcher sends again */
}

static void
put_string(const struct making *m, const char *name, const char *value)
{
    put_item(m, name, cJSON_CreateString(value));
}

/* Valid text of at most `max` units. */
static void
put_text(const struct making *m, const char *name, struct text *t, size_t max,
         const char *marker)
{
    text_cut_units(t, max, marker);
    text_putc(t, '\0');
    put_string(m, name, t->data);
}

/* A text of the props, made valid; false when there is none. The caller ends
 * with text_fini() either way. */
static bool
prop_text(const struct making *m, const char *prop, struct text *t)
{
    struct span s;

    text_init(t);
    if (m->f->props.data == NULL || !mp_str(mp_get(m->f->props, prop), &s))
        return false;
    text_put_valid(t, (const char *)s.data, s.len);
    return t->len > 0;
}

static bool
prop_is(const struct making *m, const char *prop, const char *value)
{
    struct span s;

    return m->f->props.data != NULL && mp_str(mp_get(m->f->props, prop), &s) &&
           s.len == strlen(value) && memcmp(s.data, value, s.len) == 0;
}

static int64_t
prop_i64(const struct making *m, const char *prop, int64_t fallback)
{
    return m->f->props.data != NULL ? mp_get_i64(m->f->props, prop, fallback)
                                    : fallback;
}

static int
put_external_id(const struct making *m, const char *name)
{
    size_t len = strlen(m->f->key);

    (void)name;
    if (!text_is_valid(m->f->key, len) ||
        text_units(m->f->key, len) > TASK_TEXT_MAX)
        return error_set(m->err, EX_DATAERR,
                         "the key is no text, or longer than the %d characters "
                         "of an external id",
                         TASK_TEXT_MAX);
    put_string(m, m->f->external_id, m->f->key);
    return 0;
}

static int
put_subject(const struct making *m, const char *name)
{
    struct text t;

    if (!prop_text(m, "subject", &t)) {
        text_puts(&t, "HubSpot ");
        text_puts(&t, kind_name(m->f->kind));
    }
    for (size_t i = 0; i < t.len; i++)
        if ((unsigned char)t.data[i] < ' ')
            t.data[i] = ' ';
    put_text(m, name, &t, TASK_SUBJECT_MAX, "\xe2\x80\xa6");
    text_fini(&t);
    return 0;
}

static void
drop_end(struct text *t, const char *end, bool *dropped)
{
    size_t n = strlen(end);

    *dropped = t->len >= n && memcmp(t->data + t->len - n, end, n) == 0;
    if (*dropped)
        t->len -= n;
}

/* The text, then the mark of origin as a last line of its own, which always
 * fits. */
static int
put_description(const struct making *m, const char *name)
{
    bool has_text, was_cut;
    struct text t, mark;
    size_t room;

    text_init(&mark);
    has_text = prop_text(m, "description", &t);
    text_printf(&mark, "%s[crmpipe %s]", has_text ? "\n" : "", m->f->key);
    for (size_t i = 1; i < mark.len; i++)
        if ((unsigned char)mark.data[i] < ' ')
            mark.data[i] = ' ';
    room = TASK_DESCRIPTION_MAX - text_units(mark.data, mark.len);
    /* Cut twice, it is still marked once. */
    drop_end(&t, CUT_MARK, &was_cut);
    if (was_cut) {
        text_cut_units(&t, room - text_units(CUT_MARK, strlen(CUT_MARK)), "");
        text_puts(&t, CUT_MARK);
    } else {
        text_cut_units(&t, room, CUT_MARK);
    }
    text_putn(&t, mark.data, mark.len);
    put_text(m, name, &t, TASK_DESCRIPTION_MAX, "");
    text_fini(&t);
    text_fini(&mark);
    return 0;
}

static const char *
status_of_task(const struct making *m)
{
    static const char *const table[][2] = {
        {"NOT_STARTED", "Not Started"},
        {"IN_PROGRESS", "In Progress"},
        {"WAITING", "Waiting on someone else"},
        {"COMPLETED", "Completed"},
        {"DEFERRED", "Deferred"},
    };

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (prop_is(m, "status", table[i][0]))
            return table[i][1];
    return table[0][1];
}

static bool
is_to_come(const struct making *m)
{
    return prop_i64(m, "start_at", m->f->occurred_at) > m->f->now &&
           !prop_is(m, "outcome", "CANCELED") &&
           !prop_is(m, "outcome", "CANCELLED");
}

static int
put_status(const struct making *m, const char *name)
{
    const char *status = "Completed";

    if (m->f->kind == KIND_TASK)
        status = status_of_task(m);
    else if (m->f->kind == KIND_MEETING && is_to_come(m))
        status = "Not Started";
    put_string(m, name, status);
    return 0;
}

static int
put_priority(const struct making *m, const char *name)
{
    if (m->f->kind == KIND_TASK)
        put_string(m, name,
                   prop_is(m, "priority", "HIGH")  ? "High"
                   : prop_is(m, "priority", "LOW") ? "Low"
                                                   : "Normal");
    return 0;
}

static int
put_date(const struct making *m, const char *name)
{
    int64_t at = m->f->kind == KIND_TASK
                     ? prop_i64(m, "due_at", m->f->occurred_at)
                     : m->f->occurred_at;
    char date[ZONE_DATE_SIZE];

    if (zone_date(m->f->zone, at, date, m->err) < 0)
        return -1;
    put_string(m, name, date);
    return 0;
}

/* Salesforce takes it at the creation only. */
static int
put_subtype(const struct making *m, const char *name)
{
    if (!m->f->is_update && !m->f->without_subtype)
        put_string(m, name,
                   m->f->kind == KIND_CALL               ? "Call"
                   : m->f->kind == KIND_SALES_EMAIL_SENT ? "Email"
                                                         : "Task");
    return 0;
}

/* A call has no value here (any more). */
static void
clear_if_update(const struct making *m, const char *name)
{
    if (m->f->is_update)
        put_item(m, name, cJSON_CreateNull());
}

static int
put_call_type(const struct making *m, const char *name)
{
    if (m->f->kind != KIND_CALL)
        return 0;
    if (prop_is(m, "direction", "inbound"))
        put_string(m, name, "Inbound");
    else if (prop_is(m, "direction", "outbound"))
        put_string(m, name, "Outbound");
    else
        clear_if_update(m, name);
    return 0;
}

static int
put_call_duration(const struct making *m, const char *name)
{
    int64_t ms = prop_i64(m, "duration_ms", -1);
    int64_t s = ms / 1000 + (ms % 1000 >= 500);

    if (m->f->kind != KIND_CALL)
        return 0;
    if (ms < 0)
        clear_if_update(m, name);
    else
        put_item(
            m, name,
            cJSON_CreateNumber((double)(s < DURATION_MAX ? s : DURATION_MAX)));
    return 0;
}

static int
put_call_disposition(const struct making *m, const char *name)
{
    struct text t;

    if (m->f->kind != KIND_CALL)
        return 0;
    if (prop_text(m, "disposition", &t))
        put_text(m, name, &t, TASK_TEXT_MAX, "\xe2\x80\xa6");
    else
        clear_if_update(m, name);
    text_fini(&t);
    return 0;
}

static int
put_type(const struct making *m, const char *name)
{
    if (m->f->task_type[0] != '\0')
        put_string(m, name, m->f->task_type);
    return 0;
}

static int
put_id(const struct making *m, const char *name, const char *id)
{
    char full[SF_ID_SIZE];

    if (id[0] == '\0')
        return 0;
    if (!sf_id_normalise(id, full))
        return error_set(m->err, EX_DATAERR, "%s is no id of Salesforce", name);
    put_string(m, name, full);
    return 0;
}

static int
put_who(const struct making *m, const char *name)
{
    return put_id(m, name, m->f->who_id);
}

/* Salesforce refuses a WhatId beside a lead. */
static int
put_what(const struct making *m, const char *name)
{
    const char *object = sf_id_object(m->f->who_id);

    if (strcmp(m->f->who_type, "Lead") == 0 ||
        (object != NULL && strcmp(object, "Lead") == 0))
        return 0;
    return put_id(m, name, m->f->what_id);
}

/* Nobody is to be reminded of the past. */
static int
put_reminder(const struct making *m, const char *name)
{
    if (!m->f->is_update)
        put_item(m, name, cJSON_CreateFalse());
    return 0;
}

static const struct field fields[] = {
    {NULL, put_external_id},
    {"Subject", put_subject},
    {"Status", put_status},
    {"Priority", put_priority},
    {"ActivityDate", put_date},
    {"Type", put_type},
    {"TaskSubtype", put_subtype},
    {"CallType", put_call_type},
    {"CallDurationInSeconds", put_call_duration},
    {"CallDisposition", put_call_disposition},
    {"WhoId", put_who},
    {"WhatId", put_what},
    {"IsReminderSet", put_reminder},
    {"Description", put_description},
};

cJSON *
task_make(const struct task_facts *facts, struct error *err)
{
    struct making m = {facts, cJSON_CreateObject(), err};
    cJSON *attributes = cJSON_CreateObject();

    if (m.task == NULL || attributes == NULL ||
        cJSON_AddStringToObject(attributes, "type", "Task") == NULL)
        abort();
    put_item(&m, "attributes", attributes);
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        if (fields[i].put(&m, fields[i].name) == 0)
            continue;
        cJSON_Delete(m.task);
        return NULL;
    }
    return m.task;
}

bool
task_has(const cJSON *task, const char *field)
{
    return cJSON_GetObjectItemCaseSensitive(task, field) != NULL;
}
