/* trouble: see trouble.h. */
#include "stages/tools/status/trouble.h"
#include "common/json.h"
#include "common/summary.h"
#include "common/timetext.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Why an event is thought to be in a stage, the worst first. */
enum why { SWALLOWED, SILENT, UNTOLD, IN_HAND, UNKNOWN };

static const char *const why_names[] = {
    "swallowed", "does-not-answer", "tells-no-figures", "in-hand", "unknown"};

static const char *const why_words[] = {
    ("which neither passed on nor ended all that it took: replace it, or "
     "restart it"),
    "which does not answer: if it stays so, restart it",
    "which does not tell what it passes on and ends: look into its own log",
    "which has it in hand: it waits for its service, see the log",
    "on its way to a stage: see the log"};

static const cJSON *
stages_of(const cJSON *doc)
{
    return cJSON_GetObjectItemCaseSensitive(doc, "stages");
}

static bool
is_source(const cJSON *stage)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(stage, "source"));
}

static enum why
suspicion(const cJSON *stage)
{
    const cJSON *ended = cJSON_GetObjectItemCaseSensitive(stage, "ended");
    int64_t in_hand = summary_number(stage, "in_hand");

    if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(stage, "answers")))
        return SILENT;
    if (!cJSON_IsObject(ended) ||
        cJSON_GetObjectItemCaseSensitive(stage, "in") == NULL ||
        cJSON_GetObjectItemCaseSensitive(stage, "out") == NULL)
        return UNTOLD;
    if (summary_number(stage, "in") >
        summary_number(stage, "out") + summary_total(ended) + in_hand)
        return SWALLOWED;
    return in_hand > 0 ? IN_HAND : UNKNOWN;
}

static void
name_stage(cJSON *stuck, const cJSON *stages)
{
    enum why why = UNKNOWN;
    const char *name = "";
    const cJSON *stage;

    cJSON_ArrayForEach(stage, stages)
    {
        enum why its = is_source(stage) ? UNKNOWN : suspicion(stage);

        if (its < why) {
            why = its;
            name = stage->string;
        }
    }
    cJSON_AddStringToObject(stuck, "stage", name);
    cJSON_AddStringToObject(stuck, "why", why_names[why]);
}

static void
add_stuck(cJSON *list, const cJSON *fetcher, const cJSON *stages)
{
    const char *id = json_str(fetcher, "stuck_id");
    cJSON *stuck;

    if (id == NULL || id[0] == '\0')
        return;
    stuck = cJSON_CreateObject();
    cJSON_AddStringToObject(stuck, "id", id);
    cJSON_AddNumberToObject(stuck, "since",
                            (double)summary_number(fetcher, "stuck_since"));
    cJSON_AddNumberToObject(stuck, "sent",
                            (double)summary_number(fetcher, "stuck_sent"));
    name_stage(stuck, stages);
    cJSON_AddItemToArray(list, stuck);
}

static void
add_state(cJSON *doc, const char *detail, int64_t since)
{
    cJSON *state = cJSON_AddObjectToObject(doc, "state");

    cJSON_AddStringToObject(state, "detail", detail);
    if (since > 0)
        cJSON_AddNumberToObject(state, "since", (double)since);
    else
        cJSON_AddNullToObject(state, "since");
}

void
trouble_gather(cJSON *doc, const char *unreadable)
{
    cJSON *list = cJSON_AddArrayToObject(doc, "stuck");
    const cJSON *stage, *failing = NULL;

    cJSON_ArrayForEach(stage, stages_of(doc))
    {
        add_stuck(list, stage, stages_of(doc));
        if (summary_number(stage, "state_failing_since") > 0)
            failing = stage;
    }
    if (unreadable != NULL)
        add_state(doc, unreadable, 0);
    else if (failing != NULL)
        add_state(doc, json_str(failing, "state_detail"),
                  summary_number(failing, "state_failing_since"));
    else
        cJSON_AddNullToObject(doc, "state");
}

bool
trouble_is_serious(const cJSON *doc)
{
    const cJSON *stuck;

    if (cJSON_IsObject(cJSON_GetObjectItemCaseSensitive(doc, "state")))
        return true;
    cJSON_ArrayForEach(stuck, cJSON_GetObjectItemCaseSensitive(doc, "stuck"))
    {
        if (strcmp(json_str(stuck, "why"), why_names[IN_HAND]) != 0)
            return true;
    }
    return false;
}

static const char *
words_of(const char *why)
{
    enum why i = SWALLOWED;

    while (i < UNKNOWN && strcmp(why_names[i], why) != 0)
        i++;
    return why_words[i];
}

static void
print_stuck(const cJSON *s)
{
    const char *stage = json_str(s, "stage");
    char since[TIMETEXT_SIZE];

    printf("\nSTUCK        %s has no outcome since %s, though it was sent "
           "%" PRId64 " times.\n             It is %s%s%s%s\n",
           json_str(s, "id"), timetext_plain(summary_number(s, "since"), since),
           summary_number(s, "sent"), stage[0] != '\0' ? "in " : "", stage,
           stage[0] != '\0' ? ", " : "", words_of(json_str(s, "why")));
}

void
trouble_print(const cJSON *doc)
{
    const cJSON *state = cJSON_GetObjectItemCaseSensitive(doc, "state");
    int64_t at = summary_number(state, "since");
    char since[TIMETEXT_SIZE];
    const cJSON *s;

    if (cJSON_IsObject(state))
        printf("\nSTATE FAILS  %s%s%s\n", json_str(state, "detail"),
               at > 0 ? "; since " : "",
               at > 0 ? timetext_plain(at, since) : "");
    cJSON_ArrayForEach(s, cJSON_GetObjectItemCaseSensitive(doc, "stuck"))
        print_stuck(s);
}
