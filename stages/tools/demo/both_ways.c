/* both_ways: see both_ways.h. */
#include "stages/tools/demo/both_ways.h"

#include "common/activity.h"
#include "common/json.h"
#include "common/store.h"
#include "common/summary.h"
#include "common/timetext.h"
#include "common/tool.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LOOKS_MAX 6 /* HubSpot's search shows a change some seconds late */

/* What a user makes in Salesforce; each becomes a record of HubSpot. */
static const struct made {
    enum activity activity;
    const char *subject;
    const char *fields; /* further ones, as JSON members */
} made[] = {
    {ACTIVITY_CALL, "Demo: call about the renewal",
     "\"TaskSubtype\":\"Call\",\"Status\":\"Completed\","
     "\"CallType\":\"Outbound\",\"CallDurationInSeconds\":95"},
    {ACTIVITY_TASK, "Demo: send the contract",
     "\"TaskSubtype\":\"Task\",\"Status\":\"Not Started\","
     "\"Priority\":\"High\""},
    {ACTIVITY_EMAIL, "Demo: our offer",
     "\"TaskSubtype\":\"Email\",\"Status\":\"Completed\""},
    {ACTIVITY_MEETING, "Demo: kick-off", NULL},
};
#define N_MADE (sizeof(made) / sizeof(made[0]))

/* A record that is on both sides. */
struct pair {
    char salesforce[32], hubspot[32]; /* ids */
};

struct play {
    struct world *w;
    struct pair pair[N_MADE];
    cJSON *out;
};

static const char *
object_of(size_t i)
{
    return activity_facts(made[i].activity)->object;
}

/* Put it in as a user would. `json` is freed. */
static int
load(int port, const char *type, cJSON *record, struct error *err)
{
    cJSON *body = cJSON_CreateObject();
    cJSON *answer;
    char *text;

    cJSON_AddItemToArray(cJSON_AddArrayToObject(body, type), record);
    text = cJSON_PrintUnformatted(body);
    cJSON_Delete(body);
    answer = world_call(port, "/__sandbox/load", text, err);
    cJSON_free(text);
    cJSON_Delete(answer);
    return answer != NULL ? 0 : -1;
}

/* The first record of a type of which `test` holds; NULL: none, or an error.
 * Caller frees. */
static cJSON *
find(int port, const char *type, bool (*test)(const cJSON *record, void *ctx),
     void *ctx, struct error *err)
{
    char path[64];
    cJSON *dump, *record, *found = NULL;

    snprintf(path, sizeof(path), "/__sandbox/dump?type=%s", type);
    dump = world_call(port, path, NULL, err);
    if (dump == NULL)
        return NULL;
    cJSON_ArrayForEach(record, cJSON_GetObjectItemCaseSensitive(dump, type))
    {
        if (found == NULL && test(record, ctx))
            found = cJSON_Duplicate(record, true);
    }
    if (found == NULL)
        error_set(err, EX_SOFTWARE, "the sandbox has no such %s", type);
    cJSON_Delete(dump);
    return found;
}

/* ---- users ---- */

static bool
hangs_on_contact(const cJSON *record, void *ctx)
{
    const char *who = json_str(record, "WhoId");

    (void)ctx;
    return who != NULL && strncmp(who, "003", 3) == 0;
}

static cJSON *
new_record(const struct made *m, const char *who, struct error *err)
{
    char text[1024], begin[TIMETEXT_SIZE], end[TIMETEXT_SIZE];
    int64_t now = (int64_t)time(NULL) * 1000;
    int n = snprintf(text, sizeof(text),
                     "{\"Subject\":\"%s\",\"WhoId\":\"%s\","
                     "\"Description\":\"Written in Salesforce\",",
                     m->subject, who);

    if (m->fields != NULL)
        snprintf(text + n, sizeof(text) - (size_t)n, "%s}", m->fields);
    else
        snprintf(text + n, sizeof(text) - (size_t)n,
                 "\"StartDateTime\":\"%s\",\"EndDateTime\":\"%s\"}",
                 timetext_s(now, begin), timetext_s(now + 3600000, end));
    return json_parse(text, strlen(text), err);
}

static int
make_records(struct play *p, struct error *err)
{
    cJSON *task =
        find(p->w->salesforce_port, "Task", hangs_on_contact, NULL, err);
    int rv = task != NULL ? 0 : -1;

    for (size_t i = 0; i < N_MADE && rv == 0; i++) {
        cJSON *record = new_record(&made[i], json_str(task, "WhoId"), err);

        rv = record != NULL
                 ? load(p->w->salesforce_port, object_of(i), record, err)
                 : -1;
    }
    cJSON_Delete(task);
    return rv;
}

static int
change_salesforce(struct play *p, size_t i, const char *field,
                  const char *value, struct error *err)
{
    cJSON *record = cJSON_CreateObject();

    cJSON_AddStringToObject(record, "Id", p->pair[i].salesforce);
    cJSON_AddStringToObject(record, field, value);
    return load(p->w->salesforce_port, object_of(i), record, err);
}

static int
change_hubspot(struct play *p, size_t i, const char *property,
               const char *value, struct error *err)
{
    const struct activity_facts *facts = activity_facts(made[i].activity);
    cJSON *record = cJSON_CreateObject();

    cJSON_AddStringToObject(record, "id", p->pair[i].hubspot);
    cJSON_AddStringToObject(cJSON_AddObjectToObject(record, "properties"),
                            property, value);
    return load(p->w->hubspot_port, facts->collection, record, err);
}

/* One on each side, and one of which both sides change the title. */
static int
change_records(struct play *p, struct error *err)
{
    if (change_hubspot(p, 3, "hs_meeting_location", "Room 3", err) < 0 ||
        change_salesforce(p, 1, "Status", "In Progress", err) < 0 ||
        change_hubspot(p, 0, "hs_call_title", "Demo: renewal, in HubSpot",
                       err) < 0)
        return -1;
    return change_salesforce(p, 0, "Subject", "Demo: renewal, in Salesforce",
                             err);
}

/* ---- what came of it ---- */

static bool
has_subject(const cJSON *record, void *ctx)
{
    const char *subject = json_str(record, "Subject");

    return subject != NULL && strcmp(subject, ctx) == 0;
}

static bool
has_id(const cJSON *record, void *ctx)
{
    char id[32];

    return json_id(record, "id", id, sizeof(id)) && strcmp(id, ctx) == 0;
}

/* The HubSpot record of one of ours, by the link. 1/0/-1 */
static int
find_pair(struct play *p, struct store *store, size_t i, struct error *err)
{
    struct store_link link;
    char target[96];
    int rv;

    snprintf(target, sizeof(target), "salesforce:%s:%s", object_of(i),
             p->pair[i].salesforce);
    rv = store_link_by_target(store, target, &link, err);
    if (rv == 1)
        snprintf(p->pair[i].hubspot, sizeof(p->pair[i].hubspot), "%s",
                 strrchr(link.key, ':') + 1);
    return rv;
}

static int
find_pairs(struct play *p, struct error *err)
{
    char url[PATH_MAX + 16];
    struct store *store;
    struct conf *conf;
    int rv = 1;

    if (conf_load(p->w->conf, &conf, err) < 0)
        return -1;
    tool_state_url(conf, url, sizeof(url));
    conf_free(conf);
    if (store_open(url, STORE_READ, &store, err) < 0)
        return -1;
    for (size_t i = 0; i < N_MADE && rv == 1; i++) {
        cJSON *record = find(p->w->salesforce_port, object_of(i), has_subject,
                             (void *)made[i].subject, err);

        rv = -1;
        if (record != NULL) {
            snprintf(p->pair[i].salesforce, sizeof(p->pair[i].salesforce), "%s",
                     json_str(record, "Id"));
            rv = find_pair(p, store, i, err);
        }
        cJSON_Delete(record);
    }
    store_close(store);
    if (rv == 0)
        error_set(err, EX_SOFTWARE,
                  "not all that was made in Salesforce is in HubSpot");
    return rv == 1 ? 0 : -1;
}

static int
tell_records(struct play *p, struct error *err)
{
    cJSON *list = cJSON_AddArrayToObject(p->out, "records");

    for (size_t i = 0; i < N_MADE; i++) {
        const struct activity_facts *facts = activity_facts(made[i].activity);
        cJSON *row, *record = find(p->w->hubspot_port, facts->collection,
                                   has_id, p->pair[i].hubspot, err);
        const char *title;

        if (record == NULL)
            return -1;
        title = json_str(cJSON_GetObjectItemCaseSensitive(record, "properties"),
                         facts->title);
        row = cJSON_CreateObject();
        cJSON_AddStringToObject(row, "kind", facts->name);
        cJSON_AddStringToObject(row, "title", title != NULL ? title : "");
        cJSON_AddStringToObject(row, "hubspot", p->pair[i].hubspot);
        cJSON_AddStringToObject(row, "salesforce", p->pair[i].salesforce);
        cJSON_AddItemToArray(list, row);
        cJSON_Delete(record);
    }
    return 0;
}

/* ---- the act ---- */

typedef int pass_fn(struct world *w, const char *what, cJSON **sum,
                    struct error *err);

/* Passes until nothing is written any more. */
static int
settle(struct play *p, pass_fn *pass, const char *what, struct error *err)
{
    int64_t conflicts = 0, written = 1;
    cJSON *sum;

    for (int i = 0; i < LOOKS_MAX && written > 0; i++) {
        if (i > 0)
            sleep(2);
        if (pass(p->w, i == 0 ? what : "one more pass", &sum, err) < 0)
            return -1;
        written = summary_number(sum, "written");
        conflicts += summary_number(sum, "conflicts");
        cJSON_Delete(sum);
    }
    cJSON_DeleteItemFromObjectCaseSensitive(p->out, "conflicts");
    cJSON_AddNumberToObject(p->out, "conflicts", (double)conflicts);
    return 0;
}

static int
check(struct play *p, struct error *err)
{
    int code;
    cJSON *found = world_verify(p->w, &code, err);
    int n;

    if (found == NULL)
        return error_wrap(err, "verify has failed");
    n = cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(found, "findings"));
    cJSON_AddNumberToObject(p->out, "links",
                            (double)summary_number(found, "links"));
    cJSON_AddNumberToObject(p->out, "findings", n);
    cJSON_Delete(found);
    if (code == 0)
        return 0;
    return error_set(err, EX_SOFTWARE, "verify has found %d differences", n);
}

static int
play(struct play *p, pass_fn *pass, struct error *err)
{
    if (world_keep_equal(p->w, err) < 0 ||
        settle(p, pass,
               "third sync: tasks, e-mails, calls and meetings are kept equal "
               "from now on; what is there already stays where it is",
               err) < 0 ||
        make_records(p, err) < 0 ||
        settle(
            p, pass,
            "fourth sync: what users have made in Salesforce goes to HubSpot",
            err) < 0 ||
        find_pairs(p, err) < 0 || change_records(p, err) < 0 ||
        settle(p, pass, "fifth sync: users have changed records on both sides",
               err) < 0 ||
        tell_records(p, err) < 0)
        return -1;
    return check(p, err);
}

int
both_ways_play(struct world *w, pass_fn *pass, cJSON **out, struct error *err)
{
    struct play p = {.w = w, .out = cJSON_CreateObject()};
    int rv = play(&p, pass, err);

    cJSON_AddBoolToObject(p.out, "ok", rv == 0);
    *out = p.out;
    return rv;
}

void
both_ways_print(const cJSON *out)
{
    const cJSON *row;

    printf("\nkept equal on both sides\n");
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(out, "records"))
        printf("  %-8s HubSpot %-12s Salesforce %s   %s\n",
               json_str(row, "kind"), json_str(row, "hubspot"),
               json_str(row, "salesforce"), json_str(row, "title"));
    printf("  %lld pairs, %lld conflict (both sides changed one title; "
           "Salesforce is preferred)\n",
           (long long)summary_number(out, "links"),
           (long long)summary_number(out, "conflicts"));
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(out, "ok")))
        printf("\nverified: both sides say the same of all of them\n");
}
