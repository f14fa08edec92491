/* rehearse: a dry run says on standard output what would be written, and
 * changes nothing anywhere. */
#include "common/json.h"
#include "stages/writer/salesforce/dry.h"
#include "stages/writer/writer_private.h"

#include <stdio.h>

static void
print(struct text *line)
{
    fwrite(line->data, 1, line->len, stdout);
    fflush(stdout);
    text_fini(line);
}

static void
say(const struct writer *w, const struct record *r)
{
    struct text line;

    text_init(&line);
    dry_line(r->task, r->key, w->rules.external_id, r->is_update, &line);
    print(&line);
}

static void
say_end(const char *key, const struct outcome *o)
{
    struct text line;

    text_init(&line);
    dry_end_line(key, o->outcome, o->reason, o->detail, &line);
    print(&line);
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

static void
say_write(const char *key, const struct write *write)
{
    cJSON *fields =
        write->fields.data != NULL ? json_from_mp(write->fields) : NULL;
    bool is_hubspot = write->side == SIDE_HUBSPOT;
    struct text line;

    if (fields != NULL)
        add_ties(fields, write);
    text_init(&line);
    dry_write_line(
        write_verb_name(write->verb),
        is_hubspot ? activity_facts(write->activity)->name : write->object,
        write->id, is_hubspot ? "HubSpot" : "Salesforce", key, fields, &line);
    print(&line);
    cJSON_Delete(fields);
}

static void
end_event(struct writer *w, struct event *ev, const char *key,
          const char *outcome, const char *reason, const char *detail)
{
    struct outcome o = {.target = ""};

    snprintf(o.outcome, sizeof(o.outcome), "%s", outcome);
    snprintf(o.reason, sizeof(o.reason), "%s", reason);
    snprintf(o.detail, sizeof(o.detail), "%s", detail);
    say_end(key, &o);
    stage_end(w->ctx, ev, &o);
}

static void
rehearse_sync(struct writer *w, struct event *ev)
{
    struct outcome o = {.outcome = "written", .target = "dry-run"};
    char key[EVENT_ID_MAX], other[EVENT_ID_MAX], detail[512];
    struct decision d;
    struct error err;

    decision_key(ev, key, sizeof(key));
    if (decision_read(ev, &d, &err) < 0) {
        end_event(w, ev, key, "dead", "bad-decision", err.text);
    } else if (d.n_writes == 0) {
        event_str(ev, EVENT_OTHER, other, sizeof(other));
        snprintf(detail, sizeof(detail), "a pair with %.400s", other);
        end_event(w, ev, key, "unchanged", "no-difference",
                  d.version == 0 && other[0] != '\0' ? detail : "");
    } else {
        for (size_t i = 0; i < d.n_writes; i++)
            say_write(key, &d.writes[i]);
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
        say(w, &r);
        o = (struct outcome){.outcome = "written", .target = "dry-run"};
    } else {
        say_end(key, &o);
    }
    record_fini(&r);
    stage_end(w->ctx, ev, &o);
}
