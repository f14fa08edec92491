/* salesforce_mail: the Task that comes with an EmailMessage (salesforce-api.md,
 * 4.3 and 4.8). */
#include "tests/sandbox/salesforce.h"

#include "common/text.h"

#include <string.h>
#include <strings.h>

/* The first living one with this address. */
static const struct sf_record *
person_of(struct salesforce *sf, const char *object, const char *address)
{
    struct hs_list *list = sf_list(sf, sf_object_find(object));

    for (size_t i = 0; i < list->n; i++) {
        const struct sf_record *rec = list->v[i];
        const char *email = sf_text(rec, "Email");

        if (!rec->is_deleted && email != NULL &&
            strcasecmp(email, address) == 0)
            return rec;
    }
    return NULL;
}

/* What is captured is tied to a contact or else a lead by its address. */
static void
put_person(struct salesforce *sf, const struct sf_record *mail,
           struct sf_record *task)
{
    const char *address =
        sf_text(mail, sf_true(mail, "Incoming") ? "FromAddress" : "ToAddress");
    const struct sf_record *who;

    if (sf_text(mail, "Source") == NULL || address == NULL)
        return;
    who = person_of(sf, "Contact", address);
    if (who == NULL)
        who = person_of(sf, "Lead", address);
    if (who != NULL)
        sf_put_text(task, "WhoId", who->id);
}

static void
put_cut(struct sf_record *task, const char *name, const char *text,
        size_t units)
{
    struct text t;

    if (text == NULL)
        return;
    text_init(&t);
    text_puts(&t, text);
    text_cut_units(&t, units, "");
    text_putc(&t, '\0');
    sf_put_text(task, name, t.data);
    text_fini(&t);
}

void
sf_make_mail_task(struct salesforce *sf, struct sf_record *mail)
{
    struct sf_record *task;
    int64_t at;

    if (sf_text(mail, "ActivityId") != NULL)
        return; /* of a record that was dumped */
    task = sf_new(sf, sf_object_find("Task"), NULL);
    sf_put_text(task, "TaskSubtype", "Email");
    sf_put_text(task, "Status", "Completed");
    put_cut(task, "Subject", sf_text(mail, "Subject"), 255);
    put_cut(task, "Description", sf_text(mail, "TextBody"), 32000);
    if (sf_time_of(mail, "MessageDate", &at)) {
        char day[TIMETEXT_SIZE];

        timetext_s(at, day);
        day[strlen("2026-01-31")] = '\0';
        sf_put_text(task, "ActivityDate", day);
    }
    sf_put_text(task, "WhatId", sf_text(mail, "RelatedToId"));
    put_person(sf, mail, task);
    sf_derive(sf, task, true);
    sf_put_text(mail, "ActivityId", task->id);
}
