/* scopes: see scopes.h. Which call needs which: hubspot-api.md, 1. */
#include "stages/tools/check/scopes.h"

#include "common/activity.h"
#include "common/kind.h"
#include "stages/tools/check/screens.h"

#include <stdio.h>
#include <string.h>

/* What makes use of a scope. */
enum use {
    USE_ALWAYS,
    USE_ACTIVITY, /* one of [activity.KIND] is on */
    USE_OWNERS,
    USE_MAIL,
    USE_FORMS,
    USE_MARKETING,
    USE_OCCURRENCES
};

static const struct scope {
    const char *name, *line;
    enum hubspot_api api;
    const char *tail;
    bool is_write; /* with an empty batch: nothing can come of it */
    enum use use;
    enum line_state state; /* without it */
    const char *loss, *or_else;
} scopes[] = {
    {"crm.objects.contacts.read", NULL, HUBSPOT_OBJECTS, "/contacts?limit=1",
     false, USE_ALWAYS, LINE_WRONG,
     "contacts, calls, meetings, notes and tasks cannot be read", ""},
    {"crm.objects.contacts.write", NULL, HUBSPOT_OBJECTS, "/tasks/batch/update",
     true, USE_ACTIVITY, LINE_WRONG,
     "no activity can be written into HubSpot (they have no scope of their "
     "own)",
     "; or sync = off in each [activity.KIND]"},
    {"crm.objects.companies.read", NULL, HUBSPOT_OBJECTS, "/companies?limit=1",
     false, USE_ALWAYS, LINE_WRONG, "no task is tied to an account", ""},
    {"crm.objects.owners.read", NULL, HUBSPOT_OWNERS, "?limit=1", false,
     USE_OWNERS, LINE_WRONG, "nobody's owner goes over",
     "; or [owners] sync = off"},
    {"crm.objects.owners.read", NULL, HUBSPOT_OWNERS, "?limit=1", false,
     USE_ALWAYS, LINE_WARNING, "{owner_name} and owner: of only are empty", ""},
    {"sales-email-read", NULL, HUBSPOT_OBJECTS, "/emails?limit=1", false,
     USE_MAIL, LINE_WRONG, "logged e-mails cannot be read",
     "; or sync = off in [timeline.sales_email_...] and [activity.email]"},
    {"forms", NULL, HUBSPOT_FORMS, "?limit=1", false, USE_FORMS, LINE_WRONG,
     "forms and what was sent with them cannot be read",
     "; or sync = off in [timeline.form_submission]"},
    {"content", NULL, HUBSPOT_ROOT, "/email/public/v1/events?limit=1", false,
     USE_MARKETING, LINE_WRONG, "marketing e-mail events cannot be read",
     "; or sync = off in each [timeline.marketing_email_...]"},
    {NULL, "hubspot event occurrences", HUBSPOT_EVENTS,
     "?eventType=e_visited_page&limit=1", false, USE_OCCURRENCES, LINE_WARNING,
     "opens, clicks and views come from the counters of e-mails and contacts, "
     "and no events of integrations come",
     "; they are there from Enterprise on: else switch "
     "[timeline.integration_event] off"},
};

static bool
is_timeline(const struct conf *conf, enum kind kind)
{
    return conf_bool(conf, conf_timeline(kind), "sync");
}

static bool
is_used(const struct conf *conf, enum use use)
{
    switch (use) {
    case USE_ALWAYS:
        return true;
    case USE_ACTIVITY:
        return conf_any_activity(conf);
    case USE_OWNERS:
        return conf_bool(conf, "owners", "sync");
    case USE_MAIL:
        return conf_bool(conf, conf_activity(ACTIVITY_EMAIL), "sync") ||
               is_timeline(conf, KIND_SALES_EMAIL_SENT) ||
               is_timeline(conf, KIND_SALES_EMAIL_OPENED) ||
               is_timeline(conf, KIND_SALES_EMAIL_CLICKED);
    case USE_FORMS:
        return is_timeline(conf, KIND_FORM_SUBMISSION);
    case USE_MARKETING:
        return is_timeline(conf, KIND_MARKETING_EMAIL_SENT) ||
               is_timeline(conf, KIND_MARKETING_EMAIL_OPENED) ||
               is_timeline(conf, KIND_MARKETING_EMAIL_CLICKED);
    case USE_OCCURRENCES:
        return is_timeline(conf, KIND_SALES_EMAIL_OPENED) ||
               is_timeline(conf, KIND_SALES_EMAIL_CLICKED) ||
               is_timeline(conf, KIND_SALES_CONTENT_VIEWED) ||
               is_timeline(conf, KIND_INTEGRATION_EVENT);
    }
    return false;
}

/* It was refused for want of another scope, which has a line of its own. */
static bool
is_of_another(const struct scope *scope, const struct error *err)
{
    return scope->name != NULL && strstr(err->text, "(scopes: ") != NULL &&
           strstr(err->text, scope->name) == NULL;
}

static void
tell(struct asking *a, const struct scope *scope, const char *line,
     struct error *err)
{
    char mend[512], words[256];

    if (asking_is_away(err)) {
        asking_tell(a, &a->hubspot, line, LINE_AWAY, err, NULL);
        return;
    }
    if (is_of_another(scope, err)) {
        line_add(a->lines, line, LINE_UNASKED, "cannot be told: see above",
                 NULL);
        return;
    }
    snprintf(mend, sizeof(mend), "tick %s: " SCREEN_SCOPES "%s",
             scope->name != NULL ? scope->name : "the scope that is named",
             scope->or_else);
    snprintf(words, sizeof(words), "without it %s", scope->loss);
    error_wrap(err, "%s", words);
    line_add(a->lines, line, scope->state, err->text, mend);
}

static void
check(struct asking *a, const struct scope *scope)
{
    cJSON *body = NULL, *answer = NULL;
    struct error err;
    char line[96];
    int rv;

    if (scope->is_write) {
        body = cJSON_CreateObject();
        cJSON_AddArrayToObject(body, "inputs");
    }
    rv = hubspot_read(a->hs, scope->api, scope->tail, body, &answer, &err);
    cJSON_Delete(body);
    cJSON_Delete(answer);
    asking_take(a, &a->hubspot, rv, &err);
    if (scope->name != NULL)
        snprintf(line, sizeof(line), "hubspot scope %s", scope->name);
    else
        snprintf(line, sizeof(line), "%s", scope->line);
    /* That the call makes no sense is said behind the scopes. */
    if (rv < 0 && err.code != EX_DATAERR)
        tell(a, scope, line, &err);
    else if (rv == 0 || scope->is_write)
        line_add(a->lines, line, LINE_OK, "is there", NULL);
}

void
scopes_check(struct asking *a)
{
    const char *last = "";

    for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
        const struct scope *s = &scopes[i];

        if (a->hubspot.why[0] != '\0')
            return;
        if (!is_used(a->conf, s->use) ||
            (s->name != NULL && strcmp(s->name, last) == 0))
            continue;
        check(a, s);
        last = s->name != NULL ? s->name : "";
    }
}
