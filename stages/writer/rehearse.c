/* rehearse: a dry run says on standard output what would be written, and
 * changes nothing anywhere. */
#include "common/json.h"
#include "stages/writer/dry.h"
#include "stages/writer/writer_private.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Was it not said yet? An event may come twice, and of a pair that has changed
 * on both sides each side has one. */
static bool
is_news(struct writer *w, const char *line)
{
    char *copy = strdup(line);
    char **found = copy != NULL ? tsearch(copy, &w->said, compare) : NULL;

    if (found == NULL)
        abort();
    if (*found == copy)
        return true;
    free(copy);
    return false;
}

static void
print(struct writer *w, struct text *line)
{
    text_putc(line, '\0');
    if (is_news(w, line->data)) {
        fputs(line->data, stdout);
        fflush(stdout);
    }
    text_fini(line);
}

static void
say(struct writer *w, const struct dry_write *dry)
{
    struct text line;

    text_init(&line);
    dry_line(dry, &line);
    print(w, &line);
}

/* That all is equal already is not said. */
static void
say_end(struct writer *w, const char *key, const struct outcome *o)
{
    struct text line;

    /* A pair that an import has found is worth a line. */
    if (strcmp(o->outcome, "unchanged") == 0 && o->detail[0] == '\0')
        return;
    text_init(&line);
    dry_end_line(key, o->outcome, o->reason, o->detail, &line);
    print(w, &line);
}

static cJSON *
json_of(struct span map)
{
    return map.data != NULL ? json_from_mp(map) : NULL;
}

/* ---- timeline sync ---- */

/* Of an update only what is not as the link remembers it. */
static void
leave_same(cJSON *fields, const cJSON *was)
{
    cJSON *next;

    for (cJSON *field = fields->child; field != NULL; field = next) {
        const cJSON *old = cJSON_GetObjectItemCaseSensitive(was, field->string);

        next = field->next;
        if (old != NULL ? cJSON_Compare(old, field, true) : cJSON_IsNull(field))
            cJSON_Delete(cJSON_DetachItemViaPointer(fields, field));
    }
}

static void
say_task(struct writer *w, const struct event *ev, const struct record *r,
         const struct store_link *link)
{
    cJSON *fields = cJSON_Duplicate(r->task, true);
    cJSON *was = r->is_update && link->snapshot.data != NULL
                     ? json_of(mp_get(link->snapshot, "task"))
                     : NULL;
    const char *id = r->is_update ? strrchr(link->target, ':') : NULL;
    char who[256] = "";
    struct dry_write dry = {.from = r->key,
                            .who = r->is_update ? NULL : who,
                            .to = SIDE_SALESFORCE,
                            .verb = r->is_update ? WRITE_UPDATE : WRITE_CREATE,
                            .object = "Task",
                            .id = id != NULL ? id + 1 : "",
                            .fields = fields,
                            .was = was};

    if (ev->field[EVENT_CONTACT].data != NULL)
        mp_get_str(ev->field[EVENT_CONTACT], "email", who, sizeof(who));
    cJSON_DeleteItemFromObjectCaseSensitive(fields, "attributes");
    cJSON_DeleteItemFromObjectCaseSensitive(fields, w->rules.external_id);
    if (was != NULL)
        leave_same(fields, was);
    say(w, &dry);
    cJSON_Delete(was);
    cJSON_Delete(fields);
}

/* ---- activity sync ---- */

/* The ids as a field of their own, "101,102". */
static void
add_ids(cJSON *fields, const char *name, struct span ids)
{
    struct text joined;
    struct span id;
    uint32_t n = 0;

    text_init(&joined);
    if (ids.data != NULL && !mp_array(&ids, &n))
        n = 0;
    for (uint32_t i = 0; i < n; i++)
        if (mp_str(mp_next(&ids), &id))
            text_printf(&joined, "%s%.*s", joined.len > 0 ? "," : "",
                        (int)id.len, (const char *)id.data);
    text_putc(&joined, '\0');
    if (joined.len > 1)
        cJSON_AddStringToObject(fields, name, joined.data);
    text_fini(&joined);
}

static void
add_ties(cJSON *fields, const struct write *write)
{
    add_ids(fields, "contacts", write->contacts);
    add_ids(fields, "companies", write->companies);
    add_ids(fields, "untie_contacts", write->untie_contacts);
    add_ids(fields, "untie_companies", write->untie_companies);
}

/* What the record that it comes from is called, when all is written. Caller
 * frees. */
static cJSON *
title_of(const struct event *ev, const struct decision *d, enum side from)
{
    char kind[32];
    enum activity activity;
    struct span base;

    event_str(ev, EVENT_KIND, kind, sizeof(kind));
    activity = activity_parse(kind, strlen(kind));
    base = d->base.data != NULL ? mp_get(d->base, side_name(from)) : d->base;
    return activity != ACTIVITY_NONE && base.data != NULL
               ? json_of(mp_get(base, activity_facts(activity)->title))
               : NULL;
}

static void
say_write(struct writer *w, const struct event *ev, const struct decision *d,
          const struct store_link *link, const struct write *write)
{
    cJSON *title = title_of(ev, d, side_other(write->side));
    cJSON *fields = json_of(write->fields), *was = json_of(write->was);
    cJSON *conflicts = json_of(d->conflicts);
    bool is_hubspot = write->side == SIDE_HUBSPOT;
    char from[EVENT_ID_MAX];
    struct dry_write dry = {
        .from = from,
        .title = cJSON_IsString(title) ? title->valuestring : NULL,
        .to = write->side,
        .verb = write->verb,
        .object =
            is_hubspot ? activity_facts(write->activity)->name : write->object,
        .id = write->id,
        .is_known = d->version > 0,
        .is_flip = d->flip != 0,
        .fields = fields,
        .was = was,
        .conflicts = conflicts};

    if (fields != NULL)
        add_ties(fields, write);
    if (is_hubspot)
        pair_salesforce(ev, d, link, NULL, from, sizeof(from));
    else
        decision_key(ev, from, sizeof(from));
    say(w, &dry);
    cJSON_Delete(conflicts);
    cJSON_Delete(was);
    cJSON_Delete(fields);
    cJSON_Delete(title);
}

static void
end_event(struct writer *w, struct event *ev, const char *key,
          const char *outcome, const char *reason, const char *detail)
{
    struct outcome o = {.target = ""};

    snprintf(o.outcome, sizeof(o.outcome), "%s", outcome);
    snprintf(o.reason, sizeof(o.reason), "%s", reason);
    snprintf(o.detail, sizeof(o.detail), "%s", detail);
    say_end(w, key, &o);
    stage_end(w->ctx, ev, &o);
}

static void
rehearse_sync(struct writer *w, struct event *ev)
{
    struct outcome o = {.outcome = "written", .target = "dry-run"};
    struct store_link link;
    char key[EVENT_ID_MAX], other[EVENT_ID_MAX], detail[512];
    struct decision d;
    struct error err;
    int found = 0;

    decision_key(ev, key, sizeof(key));
    if (decision_read(ev, &d, &err) < 0) {
        end_event(w, ev, key, "dead", "bad-decision", err.text);
    } else if (d.n_writes == 0) {
        event_str(ev, EVENT_OTHER, other, sizeof(other));
        snprintf(detail, sizeof(detail), "a pair with %.400s", other);
        end_event(w, ev, key, "unchanged", "no-difference",
                  d.version == 0 && other[0] != '\0' ? detail : "");
    } else if (w->store != NULL &&
               (found = store_link_get(w->store, key, &link, &err)) < 0) {
        writer_fail(w, &err);
    } else {
        for (size_t i = 0; i < d.n_writes; i++)
            say_write(w, ev, &d, found == 1 ? &link : NULL, &d.writes[i]);
        stage_end(w->ctx, ev, &o);
    }
}

/* ---- either ---- */

void
rehearse(struct writer *w, struct event *ev)
{
    struct store_link link;
    char key[EVENT_ID_MAX];
    struct record r = {.task = NULL};
    struct outcome o = {.outcome = "dead"};
    struct error err;
    int rv = 0;

    if (decision_is_activity(ev)) {
        rehearse_sync(w, ev);
        return;
    }
    record_key(ev, key, sizeof(key));
    if (w->store != NULL)
        rv = store_link_get(w->store, key, &link, &err);
    if (rv >= 0 && writer_zone(w))
        rv = record_make(ev, &w->rules, w->zone, clock_now_ms(),
                         rv == 1 ? &link : NULL, NULL, &r, &o, &err);
    if (rv < 0) {
        writer_fail(w, &err);
        return;
    }
    if (rv == 1) {
        say_task(w, ev, &r, &link);
        o = (struct outcome){.outcome = "written", .target = "dry-run"};
    } else {
        say_end(w, key, &o);
    }
    record_fini(&r);
    stage_end(w->ctx, ev, &o);
}

void
rehearse_end(struct writer *w)
{
    tdestroy(w->said, free);
}
