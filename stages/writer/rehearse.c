/* rehearse: a dry run says on standard output what would be written, and
 * changes nothing anywhere. */
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

void
rehearse(struct writer *w, struct event *ev)
{
    struct store_link link;
    char key[EVENT_ID_MAX];
    struct record r = {.task = NULL};
    struct outcome o = {.outcome = "dead"};
    struct error err;
    int rv = 0;

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
