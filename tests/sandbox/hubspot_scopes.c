/* hubspot_scopes: which scope a call needs (hubspot-api.md, 1), and those that
 * were taken away from the token (POST /__sandbox/permissions). */
#include "tests/sandbox/hubspot.h"

#include <stdio.h>
#include <string.h>

#define MAIL "sales-email-read"
/* UNCONFIRMED which one is asked for; an account below Enterprise is answered
 * alike. */
#define OCCURRENCES "behavioral_events.event_definitions.read_write"

static struct scope {
    const char *name;
    bool is_taken;
} scopes[] = {{"crm.objects.contacts.read", false},
              {"crm.objects.contacts.write", false},
              {"crm.objects.companies.read", false},
              {"crm.objects.companies.write", false},
              {"crm.objects.deals.read", false},
              {"crm.objects.deals.write", false},
              {"crm.objects.owners.read", false},
              {"crm.lists.read", false},
              {HS_SCHEMAS_SCOPE, false},
              {MAIL, false},
              {"forms", false},
              {"content", false},
              {OCCURRENCES, false}};

static struct scope *
find(const char *name)
{
    for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++)
        if (strcmp(scopes[i].name, name) == 0)
            return &scopes[i];
    return NULL;
}

bool
hs_scope_permit(const char *name, bool may)
{
    struct scope *scope = find(name);

    if (scope != NULL)
        scope->is_taken = !may;
    return scope != NULL;
}

bool
hs_scope_needed(struct hs_call *call, const char *name)
{
    if (!find(name)->is_taken)
        return true;
    hs_answer_scope(call, name);
    return false;
}

/* The scope of records of a type: activities go with contacts. */
static const char *
scope_of(int type, bool is_write, char buf[64])
{
    const char *object = type == HS_COMPANIES ? "companies"
                         : type == HS_DEALS   ? "deals"
                                              : "contacts";

    snprintf(buf, 64, "crm.objects.%s.%s", object, is_write ? "write" : "read");
    return buf;
}

/* v3 is content with either scope for e-mails. */
static bool
may_mail(struct hs_call *call, const char *scope)
{
    if (strncmp(call->base, "/crm/v3", 7) == 0 &&
        !(find(MAIL)->is_taken && find(scope)->is_taken))
        return true;
    return hs_scope_needed(call, scope) && hs_scope_needed(call, MAIL);
}

bool
hs_may_objects(struct hs_call *call, int type)
{
    bool is_search = call->n == 2 && strcmp(call->parts[1], "search") == 0;
    bool is_read = call->n == 3 && strcmp(call->parts[1], "batch") == 0 &&
                   strcmp(call->parts[2], "read") == 0;
    char buf[64];
    const char *scope =
        scope_of(type, !hs_is(call, "GET") && !is_search && !is_read, buf);

    return type == HS_EMAILS ? may_mail(call, scope)
                             : hs_scope_needed(call, scope);
}

bool
hs_may_associations(struct hs_call *call, int from, int to)
{
    bool is_read = hs_is(call, "GET") || strcmp(call->parts[3], "read") == 0;
    char one[64], other[64];

    return !find(scope_of(to, !is_read, other))->is_taken ||
           hs_scope_needed(call, scope_of(from, !is_read, one));
}

bool
hs_may_properties(struct hs_call *call, int type)
{
    char buf[64];

    return hs_scope_needed(call, hs_is(call, "GET") ? scope_of(type, false, buf)
                                                    : HS_SCHEMAS_SCOPE);
}

bool
hs_may_area(struct hs_call *call, void (*area)(struct hs_call *call))
{
    static const struct {
        void (*area)(struct hs_call *call);
        const char *scope;
    } rows[] = {{hs_owners, "crm.objects.owners.read"},
                {hs_lists, "crm.lists.read"},
                {hs_forms, "forms"},
                {hs_submissions, "forms"},
                {hs_email_events, "content"},
                {hs_campaigns, "content"},
                {hs_occurrences, OCCURRENCES}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].area == area)
            return hs_scope_needed(call, rows[i].scope);
    return true;
}
