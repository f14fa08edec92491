/* dead_class: see dead_class.h. The codes are those of salesforce-api.md, 5.5,
 * and of hubspot-api.md, 9. */
#include "common/dead_class.h"

#include "common/wildcard.h"

#include <string.h>

#define AGAIN                                                                  \
    "try it again; when it comes back, Salesforce's status page and the "      \
    "org's "                                                                   \
    "limits tell more"
#define HUBSPOT_AGAIN                                                          \
    "try it again; when it comes back, see status.hubspot.com and the "        \
    "account's limits"
#define SECURITY                                                               \
    "let crmpipe's user see and edit the field that the words name "           \
    "(field-level security, or a permission set), or take it out of the "      \
    "mapping; ./run.sh check names it"
#define SHARING                                                                \
    "let crmpipe's user see and edit that record: its owner's role, a "        \
    "sharing "                                                                 \
    "rule, or the permission \"Modify All\" of its object"
#define CODE                                                                   \
    "ask who looks after the org's automation; the words name it, and its "    \
    "debug log has the rest"
#define NEWER                                                                  \
    "mend the record where it comes from: it then comes over as a new "        \
    "version by itself, and this letter can be dropped"
#define ADMIN "ask the administrator of the account: the words name what is off"

/* The first row that fits counts: those that read the words come first. */
static const struct dead_reason reasons[] = {
    /* -- our own stages -- */
    {"bad-record", NULL, DEAD_NEVER,
     "the service gave a record that cannot be understood", NEWER},
    {"too-large", NULL, DEAD_NEVER,
     "it is larger than the 4 MiB that an event may have", NEWER},
    {"bad-event", NULL, DEAD_USER,
     "it was no event as the next stage expects it",
     "correct the stage before the one that is named; with crmpipe's own "
     "stages it is a defect of crmpipe: please report it"},
    {"no-decision", NULL, DEAD_USER, "it reached the writer without a decision",
     "correct the stage that stands before the writer"},
    {"bad-decision", NULL, DEAD_USER,
     "the writer cannot understand what was decided about it",
     "correct the stage that stands before the writer"},
    {"swallowed", NULL, DEAD_USER,
     "the stage that is named neither passed it on nor ended it",
     "correct that stage; of crmpipe's own ones it is a defect: please report "
     "it"},
    {"cannot-read", NULL, DEAD_USER,
     "the other side's record could not be read, and that is for good",
     "the words name what crmpipe's user may not read, or what is not there: "
     "./run.sh check tells how to mend it"},
    {"external-id-field-missing", NULL, DEAD_USER,
     "the external id field is not there, or crmpipe's user may not see it",
     "make the field of [salesforce] external_id_field on Activity (Text 255, "
     "External ID, Unique), and let crmpipe's user edit it"},
    {"bad-answer", NULL, DEAD_RETRYABLE,
     "the service gave an answer that is none", "try it again"},
    {"vanished", NULL, DEAD_RETRYABLE,
     "the service's answer said nothing of this record", HUBSPOT_AGAIN},
    {"batch-refused", NULL, DEAD_RETRYABLE,
     "it was refused because of another record of its batch", "try it again"},

    /* -- Salesforce: passes by -- */
    {"CANNOT_*", "UNABLE_TO_LOCK_ROW", DEAD_RETRYABLE,
     "a trigger or flow of the org met a locked record", AGAIN},
    {"CANNOT_*", "unable to obtain exclusive access", DEAD_RETRYABLE,
     "a trigger or flow of the org met a locked record", AGAIN},
    {"CANNOT_*", "QUERY_TIMEOUT", DEAD_RETRYABLE,
     "a trigger or flow of the org took too long", AGAIN},
    {"CUSTOM_APEX_ERROR", "UNABLE_TO_LOCK_ROW", DEAD_RETRYABLE,
     "a trigger of the org met a locked record", AGAIN},
    {"CUSTOM_APEX_ERROR", "unable to obtain exclusive access", DEAD_RETRYABLE,
     "a trigger of the org met a locked record", AGAIN},
    {"CUSTOM_APEX_ERROR", "QUERY_TIMEOUT", DEAD_RETRYABLE,
     "a trigger of the org took too long", AGAIN},
    {"UNABLE_TO_LOCK_ROW", NULL, DEAD_RETRYABLE,
     "somebody else was writing the record or what it belongs to", AGAIN},
    {"REQUEST_LIMIT_EXCEEDED", NULL, DEAD_RETRYABLE,
     "the org's API calls were spent, or too many were under way", AGAIN},
    {"SERVER_UNAVAILABLE", NULL, DEAD_RETRYABLE, "Salesforce was away", AGAIN},
    {"QUERY_TIMEOUT", NULL, DEAD_RETRYABLE, "Salesforce took too long", AGAIN},
    {"REQUEST_RUNNING_TOO_LONG", NULL, DEAD_RETRYABLE,
     "Salesforce took too long", AGAIN},
    {"UNKNOWN_EXCEPTION", NULL, DEAD_RETRYABLE,
     "Salesforce failed without a reason", AGAIN},
    {"INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", NULL,
     DEAD_RETRYABLE, "Salesforce was under maintenance", AGAIN},
    {"ORG_IN_MAINTENANCE", NULL, DEAD_RETRYABLE,
     "Salesforce was under maintenance", AGAIN},
    {"FUNCTIONALITY_TEMPORARILY_UNAVAILABLE", NULL, DEAD_RETRYABLE,
     "a part of Salesforce was away", AGAIN},
    {"ALL_OR_NONE_OPERATION_ROLLED_BACK", NULL, DEAD_RETRYABLE,
     "it was refused because of another record of its batch", AGAIN},
    {"PROCESSING_HALTED", NULL, DEAD_RETRYABLE,
     "it was refused because of another record of its batch", AGAIN},
    {"INVALID_SESSION_ID", NULL, DEAD_RETRYABLE, "crmpipe's sign-in had ended",
     AGAIN},
    {"TOO_MANY_APEX_REQUESTS", NULL, DEAD_RETRYABLE,
     "too much of the org's automation was running", AGAIN},
    {"RECORD_IN_USE_BY_WORKFLOW", NULL, DEAD_RETRYABLE,
     "a workflow of the org was using the record", AGAIN},
    {"TXN_*", NULL, DEAD_RETRYABLE, "Salesforce's transaction failed", AGAIN},

    /* -- Salesforce: somebody has to mend it -- */
    {"FIELD_CUSTOM_VALIDATION_EXCEPTION", NULL, DEAD_USER,
     "a validation rule of the org refuses it; the words are the rule's own",
     "in Salesforce's Setup, Object Manager, Task or Event, Validation Rules: "
     "make the rule leave crmpipe's user out, or mend the record so that it "
     "holds"},
    {"CANNOT_EXECUTE_FLOW_TRIGGER", NULL, DEAD_USER, "a flow of the org failed",
     CODE},
    {"CANNOT_UPDATE_CONVERTED_LEAD", NULL, DEAD_USER,
     "its lead was converted, and the contact that it became was not found",
     "let crmpipe's user see that contact"},
    {"CANNOT_*", NULL, DEAD_USER, "a trigger or flow of the org failed", CODE},
    {"CUSTOM_APEX_ERROR", NULL, DEAD_USER, "a trigger of the org failed", CODE},
    {"REQUIRED_FIELD_MISSING", NULL, DEAD_USER,
     "the org wants a field that crmpipe does not fill",
     "add a line for the field that the words name to [activity.KIND.mapping], "
     "or give it a default in Salesforce, or require it no more"},
    {"INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", NULL, DEAD_USER,
     "a value is not in the field's restricted list",
     "add the value to the field's list in Salesforce, or set another "
     "task_type in [timeline.KIND]; ./run.sh check names the values that lack"},
    {"STRING_TOO_LONG", NULL, DEAD_USER,
     "a text is longer than the field that the words name",
     "make the field longer in Salesforce, or take it out of the mapping; or "
     "shorten the text in HubSpot: it then comes over as a new version"},
    {"NUMBER_OUTSIDE_VALID_RANGE", NULL, DEAD_USER,
     "a number is larger than the field takes",
     "make the field larger, or take it out of the mapping"},
    {"INVALID_FIELD_FOR_INSERT_UPDATE", NULL, DEAD_USER,
     "crmpipe's user may not write a field", SECURITY},
    {"INVALID_FIELD*", NULL, DEAD_USER,
     "a field is not there, or crmpipe's user may not see it", SECURITY},
    {"FIELD_NOT_UPDATABLE", NULL, DEAD_USER,
     "crmpipe's user may not write a field", SECURITY},
    {"INVALID_TYPE_ON_FIELD_IN_RECORD", NULL, DEAD_USER,
     "a value does not fit the type of its field",
     "give the field another transform in [activity.KIND.mapping]; ./run.sh "
     "check names it"},
    {"JSON_PARSER_ERROR", NULL, DEAD_USER,
     "a value does not fit the type of its field",
     "give the field another transform in [activity.KIND.mapping]; ./run.sh "
     "check names it"},
    {"INVALID_EMAIL_ADDRESS", NULL, DEAD_USER,
     "a field of Salesforce takes nothing but e-mail addresses", NEWER},
    {"FIELD_INTEGRITY_EXCEPTION", NULL, DEAD_USER,
     "its values do not go together for Salesforce (dates, or whom and what it "
     "hangs on)",
     NEWER},
    {"FIELD_FILTER_VALIDATION_EXCEPTION", NULL, DEAD_USER,
     "a lookup filter of the org refuses whom or what it hangs on",
     "change the filter of the field that the words name"},
    {"INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY", NULL, DEAD_USER,
     "crmpipe's user may not see its contact, lead or account", SHARING},
    {"INSUFFICIENT_ACCESS*", NULL, DEAD_USER,
     "crmpipe's user may not write that record", SHARING},
    {"INVALID_CROSS_REFERENCE_KEY", NULL, DEAD_USER,
     "what it belongs to is not in Salesforce any more, or crmpipe's user may "
     "not see it",
     "let crmpipe's user see it; if it is gone, drop the letter: with the "
     "record's next change it hangs on what is there"},
    {"INACTIVE_OWNER_OR_USER", NULL, DEAD_USER,
     "its owner is not active in Salesforce",
     "give the record an active owner, activate the user, or set [owners] "
     "fallback"},
    {"ENTITY_IS_LOCKED", NULL, DEAD_USER, "the record is locked by an approval",
     "finish the approval, or unlock the record"},
    {"DUPLICATE_EXTERNAL_ID", NULL, DEAD_USER,
     "several records have its external id",
     "delete all but one of them, and make the field of [salesforce] "
     "external_id_field unique"},
    {"DUPLICATE_VALUE", NULL, DEAD_USER,
     "another record has its value in a unique field",
     "take the field that the words name out of the mapping, or make it not "
     "unique"},
    {"DUPLICATES_DETECTED", NULL, DEAD_USER,
     "a duplicate rule of the org refuses it",
     "make the rule leave crmpipe's user out"},
    {"STORAGE_LIMIT_EXCEEDED", NULL, DEAD_USER, "the org's storage is full",
     "free some of it (Setup, Storage Usage), or buy more"},
    {"LIMIT_EXCEEDED", NULL, DEAD_USER, "a limit of the org is reached", ADMIN},
    {"API_*DISABLED*", NULL, DEAD_USER, "the org or crmpipe's user has no API",
     ADMIN},
    {"NOT_FOUND", NULL, DEAD_USER,
     "there is no such object, or crmpipe's user may not see it", SECURITY},

    /* -- Salesforce: for ever -- */
    {"ENTITY_IS_DELETED", NULL, DEAD_NEVER,
     "it, or what it belongs to, was deleted in Salesforce",
     "drop it; or get the record back out of Salesforce's recycle bin first, "
     "and try it again"},

    /* -- HubSpot; its validation errors are told apart by their words -- */
    {"VALIDATION_ERROR", "PROPERTY_DOESNT_EXIST", DEAD_USER,
     "there is no property of that name in HubSpot",
     "make the property that the words name, or take it out of the mapping; "
     "./run.sh check names it"},
    {"VALIDATION_ERROR", "INVALID_OPTION", DEAD_USER,
     "a value is none of the property's options",
     "add the option that the words name to the property in HubSpot"},
    {"VALIDATION_ERROR", "READ_ONLY_VALUE", DEAD_USER,
     "a property of the mapping is read-only in HubSpot",
     "map it to_salesforce only; ./run.sh check names it"},
    {"VALIDATION_ERROR", NULL, DEAD_USER,
     "HubSpot refuses a value; the words name the property",
     "mend the value in Salesforce: it then comes over as a new version; or "
     "change the property, or its validation rule, in HubSpot"},
    {"MISSING_SCOPES", NULL, DEAD_USER,
     "crmpipe's token lacks a permission (scope) in HubSpot",
     "add the scopes that the words name to the private app or service key; "
     "./run.sh check names them too"},
    {"USER_DOES_NOT_HAVE_PERMISSIONS", NULL, DEAD_USER,
     "the user behind crmpipe's token lacks a permission in HubSpot",
     "give that user the permission that the words name"},
    {"CONFLICT", NULL, DEAD_USER,
     "another record of HubSpot has its value in a unique property",
     "take the property that the words name out of the mapping, or mend the "
     "other record"},
    {"OBJECT_ALREADY_EXISTS", NULL, DEAD_USER,
     "another record of HubSpot has its value in a unique property",
     "take the property that the words name out of the mapping, or mend the "
     "other record"},
    {"METHOD_NOT_ALLOWED", NULL, DEAD_USER,
     "HubSpot does not let this kind of record be written", ADMIN},
    {"OBJECT_NOT_FOUND", NULL, DEAD_NEVER,
     "the record is not in HubSpot any more",
     "drop it; or restore the record in HubSpot first, and try it again"},
    {"RATE_LIMIT*", NULL, DEAD_RETRYABLE,
     "too many calls came to HubSpot at once", HUBSPOT_AGAIN},
    {"*_ROLLING", NULL, DEAD_RETRYABLE,
     "too many calls came to HubSpot at once", HUBSPOT_AGAIN},
    {"*INTERNAL_ERROR*", NULL, DEAD_RETRYABLE,
     "HubSpot failed without a reason", HUBSPOT_AGAIN},
    {"UNKNOWN", NULL, DEAD_RETRYABLE, "HubSpot failed without a reason",
     HUBSPOT_AGAIN},

    /* -- answers without a code -- */
    {"HTTP_5??", NULL, DEAD_RETRYABLE, "the service failed", "try it again"},
    {"HTTP_408", NULL, DEAD_RETRYABLE, "the service took too long",
     "try it again"},
    {"HTTP_429", NULL, DEAD_RETRYABLE, "too many calls came at once",
     "try it again"},
    {"HTTP_413", NULL, DEAD_NEVER, "it is larger than the service takes",
     NEWER},

    {"*", NULL, DEAD_USER, "crmpipe does not know this reason",
     "the service's own words tell what it wants; mend that"},
};

#define N_REASONS (sizeof(reasons) / sizeof(reasons[0]))

static bool
fits(const struct dead_reason *r, const char *reason, const char *detail)
{
    return wildcard_fits(r->name, strlen(r->name), reason, strlen(reason),
                         WILDCARD_CASE) &&
           (r->says == NULL || strstr(detail, r->says) != NULL);
}

const struct dead_reason *
dead_reason_of(const char *reason, const char *detail)
{
    size_t i = 0;

    while (i < N_REASONS - 1 && !fits(&reasons[i], reason, detail))
        i++;
    return &reasons[i];
}

bool
dead_reason_is_known(const char *reason)
{
    return dead_reason_of(reason, "") != &reasons[N_REASONS - 1];
}

static const char *const names[DEAD_CLASSES] = {"retryable", "user", "never"};

const char *dead_class_name(enum dead_class class)
{
    return names[class];
}

enum dead_class
dead_class_parse(const char *name)
{
    enum dead_class class = DEAD_RETRYABLE;

    while (class < DEAD_CLASSES && strcmp(names[class], name) != 0)
        class ++;
    return class;
}
