/* explain: all that is known of one record, in words. */
#include "common/json.h"
#include "common/shown.h"
#include "common/summary.h"
#include "common/tool.h"
#include "stages/tools/explain/collect.h"
#include "stages/tools/explain/pair.h"
#include "stages/tools/explain/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: explain ID [--json] [--conf FILE]\n"
    "ID is an event's id (hubspot:call:512@1714060800000), a record's key\n"
    "(hubspot:call:512, salesforce:Task:00T...), the service's own id (512,\n"
    "00T...), a contact's id or e-mail address. Unknown: exit 1.\n";

static const char *
text_of(const cJSON *object, const char *key)
{
    const char *s = json_str(object, key);

    return s != NULL ? s : "";
}

/* One entry of the trace: [name, verdict, reason]. */
static void
print_trace(const cJSON *trace)
{
    const cJSON *entry, *part;

    cJSON_ArrayForEach(entry, trace)
    {
        int i = 0;

        printf("    ");
        cJSON_ArrayForEach(part, entry)
        {
            if (cJSON_IsString(part))
                printf(i == 0   ? "%s:"
                       : i == 1 ? " %s"
                                : " (%s)",
                       part->valuestring);
            i++;
        }
        printf("\n");
    }
}

static void
print_version(const cJSON *v)
{
    char buf[WORDS_WHEN_SIZE];
    const char *reason = text_of(v, "reason");

    printf("  %s\n    at %s in %s: %s", text_of(v, "id"),
           words_when(v, "at", buf), text_of(v, "stage"),
           words_outcome(text_of(v, "outcome")));
    if (text_of(v, "target")[0] != '\0')
        printf(" as %s", text_of(v, "target"));
    if (reason[0] != '\0')
        printf(" (%s)", reason);
    printf(".\n");
    if (text_of(v, "words")[0] != '\0')
        printf("    That is: %s.\n", text_of(v, "words"));
    if (text_of(v, "detail")[0] != '\0')
        printf("    It was said: %s\n", text_of(v, "detail"));
    print_trace(cJSON_GetObjectItemCaseSensitive(v, "trace"));
}

static void
print_record(const cJSON *record)
{
    const cJSON *link = cJSON_GetObjectItemCaseSensitive(record, "link");
    const cJSON *v;
    const char *kind = text_of(record, "kind");
    bool is_target =
        strcmp(text_of(link, "target"), text_of(record, "key")) == 0;
    bool is_salesforce =
        strncmp(text_of(record, "key"), "salesforce:", 11) == 0;
    char buf[WORDS_WHEN_SIZE];

    printf("%s", text_of(record, "key"));
    if (kind[0] != '\0')
        printf(", %s", kind);
    if (summary_number(record, "occurred_at") != 0)
        printf(", happened %s", words_when(record, "occurred_at", buf));
    printf("\n");
    cJSON_ArrayForEach(v, cJSON_GetObjectItemCaseSensitive(record, "versions"))
        print_version(v);
    if (cJSON_IsObject(link))
        printf("  It stands in %s, last written %s (%" PRId64 ". time).\n",
               text_of(link, is_target ? "key" : "target"),
               words_when(link, "written_at", buf),
               summary_number(link, "version"));
    else
        printf("  Nothing in %s belongs to it.\n",
               is_salesforce ? "HubSpot" : "Salesforce");
}

static void
print_dead(const cJSON *d)
{
    char buf[WORDS_WHEN_SIZE], first[WORDS_WHEN_SIZE];
    struct text t;

    text_init(&t);
    text_printf(&t, "dead letter %" PRId64 " (%s): %s\n  at %s in %s: %s ",
                summary_number(d, "number"), text_of(d, "class"),
                text_of(d, "id"), words_when(d, "at", buf), text_of(d, "stage"),
                text_of(d, "reason"));
    shown_put(&t, text_of(d, "detail"), strlen(text_of(d, "detail")));
    text_printf(&t,
                "\n  That is: %s.\n  What to do: %s.\n  Tries: %" PRId64
                ", the first at %s.\n",
                text_of(d, "means"), text_of(d, "mend"),
                summary_number(d, "tries"), words_when(d, "first_at", first));
    fwrite(t.data, 1, t.len, stdout);
    text_fini(&t);
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(d, "is_retrying")))
        printf("  It is tried again.\n");
    else
        printf("  To try it again: ./run.sh dead retry %" PRId64 "\n",
               summary_number(d, "number"));
}

static void
print_contact(const cJSON *c)
{
    char buf[WORDS_WHEN_SIZE];
    int64_t matches = summary_number(c, "matches");

    printf("contact %s (%s): ", text_of(c, "hubspot_id"), text_of(c, "email"));
    if (text_of(c, "salesforce_id")[0] != '\0')
        printf("tied to %s %s, synced since %s.\n",
               text_of(c, "salesforce_type"), text_of(c, "salesforce_id"),
               words_when(c, "synced_at", buf));
    else if (matches > 1)
        printf("not tied: %" PRId64 " people in Salesforce fit.\n", matches);
    else
        printf("not tied to anybody in Salesforce.\n");
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(c, "lookback_due")))
        printf("  Its look-back is still to be fetched.\n");
}

static void
print_pair(const cJSON *pair)
{
    struct text t;

    text_init(&t);
    pair_words(pair, &t);
    fwrite(t.data, 1, t.len, stdout);
    text_fini(&t);
}

static void
print_unknown(const char *id)
{
    printf(
        "Nothing is known of %s. That can mean:\n"
        "  - it was not fetched yet: run ./run.sh sync, or wait for the next "
        "poll;\n"
        "  - its feed is refused by the account's tier or scopes: see "
        "./run.sh status;\n"
        "  - it is older than what a contact's sync looks back to, and was "
        "never asked for;\n"
        "  - how it ended is so long ago that it was forgotten ([state] "
        "outcomes);\n"
        "  - the id is spelled otherwise: hubspot:call:512, or only 512.\n",
        id);
}

static void
print_all(const cJSON *doc)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(doc, "records"))
        print_record(item);
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(doc, "pairs"))
        print_pair(item);
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(doc, "dead"))
        print_dead(item);
    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(doc, "contacts"))
        print_contact(item);
}

static cJSON *
look_up(const struct conf *conf, const char *id, struct error *err)
{
    struct store *store;
    char url[4200];
    cJSON *doc;

    if (!tool_state_url(conf, url, sizeof(url))) {
        doc = cJSON_CreateObject();
        cJSON_AddStringToObject(doc, "id", id);
        cJSON_AddBoolToObject(doc, "found", false);
        return doc;
    }
    if (store_open(url, STORE_READ, &store, err) < 0)
        return NULL;
    doc = collect(store, conf, id, err);
    store_close(store);
    return doc;
}

int
main(int argc, char **argv)
{
    bool json = false, found;
    struct tool tool = {
        .name = "explain", .usage = usage, .flags = {{"--json", NULL, &json}}};
    struct conf *conf;
    struct error err;
    cJSON *doc;
    int code;

    if (!tool_parse(&tool, argc, argv, &code))
        return code;
    if (tool.n_words != 1)
        return tool_misuse(&tool, "which record?");
    if (tool_conf(&tool, &conf, &err) < 0)
        return tool_fail(&tool, &err);
    doc = look_up(conf, tool.words[0], &err);
    conf_free(conf);
    if (doc == NULL)
        return tool_fail(&tool, &err);
    found = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(doc, "found"));
    if (json)
        summary_print_json(stdout, doc);
    else if (found)
        print_all(doc);
    else
        print_unknown(tool.words[0]);
    cJSON_Delete(doc);
    return found ? EX_OK : 1;
}
