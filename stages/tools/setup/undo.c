/* undo: see undo.h. */
#include "stages/tools/setup/undo.h"

#include "common/json.h"
#include "common/summary.h"
#include "common/text.h"
#include "stages/tools/setup/plan.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static cJSON *add(cJSON *list, const char *service, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* A new entry {service, thing, how: []}; its `how`. */
static cJSON *
add(cJSON *list, const char *service, const char *fmt, ...)
{
    cJSON *entry = cJSON_CreateObject();
    char thing[200];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(thing, sizeof(thing), fmt, ap);
    va_end(ap);
    cJSON_AddItemToArray(list, entry);
    cJSON_AddStringToObject(entry, "service", service);
    cJSON_AddStringToObject(entry, "thing", thing);
    return cJSON_AddArrayToObject(entry, "how");
}

static void
say(cJSON *how, const char *words)
{
    cJSON_AddItemToArray(how, cJSON_CreateString(words));
}

static void
add_set(cJSON *list)
{
    cJSON *how =
        add(list, side_title(SIDE_SALESFORCE), "permission set %s", PLAN_SET);

    say(how, "Setup > Users > Permission Sets > " PLAN_SET
             " > Manage Assignments: choose the user > Remove Assignments");
    say(how, "back on " PLAN_SET ": Delete");
}

static void
add_field(cJSON *list, const struct wanted_field *f)
{
    cJSON *how =
        add(list, side_title(SIDE_SALESFORCE), "field %s on Activity", f->name);

    if (f->is_key)
        say(how, "only if crmpipe is not to run again: without it, it does not "
                 "know any more which task is which");
    say(how, "Setup > Object Manager > Activity > Fields & Relationships > "
             "the arrow beside the field > Delete: its values go too");
    say(how, "for good: Setup > Object Manager > Activity > Fields & "
             "Relationships > Deleted Fields > Erase (else it goes by itself "
             "after 15 days)");
}

/* HubSpot's settings do not show the properties of each kind of activity. */
static void
add_property(const struct conf *conf, cJSON *list, enum activity activity)
{
    const char *version = conf_str(conf, "hubspot", "api_version");
    const char *collection = activity_facts(activity)->collection;
    bool is_dated = strcmp(version, "v3") != 0;
    cJSON *how = add(list, side_title(SIDE_HUBSPOT), "property %s of %s",
                     HUBSPOT_SALESFORCE_ID, collection);
    char words[300];

    say(how, "Settings > Properties > choose the kind of activity > "
             "crmpipe_salesforce_id > More > Archive, then Archived properties "
             "> Delete");
    snprintf(words, sizeof(words),
             "where the settings do not show it: DELETE "
             "/crm/%s%s/%s/" HUBSPOT_SALESFORCE_ID
             " with the token that made it",
             is_dated ? "properties/" : "v3/properties",
             is_dated ? version : "", collection);
    say(how, words);
}

static void
print(const cJSON *list)
{
    const cJSON *entry, *line;
    int n = 0;

    printf("Nothing is changed by this. First: ./run.sh stop. What was there "
           "before setup stays as it is; take back what setup has made:\n");
    cJSON_ArrayForEach(entry, list)
    {
        printf("\n%d. %s: %s\n", ++n, json_str(entry, "service"),
               json_str(entry, "thing"));
        cJSON_ArrayForEach(line, cJSON_GetObjectItemCaseSensitive(entry, "how"))
        {
            printf("   - %s\n", line->valuestring);
        }
    }
}

void
undo_print(const struct conf *conf, const struct wanted *wanted, bool json)
{
    cJSON *doc = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(doc, "undo");

    add_set(list);
    for (size_t i = 0; i < wanted->n; i++)
        add_field(list, &wanted->fields[i]);
    for (int i = 0; i < ACTIVITY_COUNT; i++)
        if (wanted->activities[i])
            add_property(conf, list, (enum activity)i);
    if (json)
        summary_print_json(stdout, doc);
    else
        print(list);
    cJSON_Delete(doc);
}
