/* report: see report.h. */
#include "stages/tools/setup/report.h"

#include "common/json.h"
#include "common/summary.h"
#include "common/text.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *word; /* in JSON */
    const char *mark; /* in front of the line */
} states[] = {[STEP_THERE] = {"there", "ok"},
              [STEP_TODO] = {"todo", "to make"},
              [STEP_MADE] = {"made", "made"},
              [STEP_WRONG] = {"wrong", "WRONG"},
              [STEP_AWAY] = {"away", "AWAY"}};
#define N_STATES (sizeof(states) / sizeof(states[0]))

void
report_init(struct report *r, bool json)
{
    r->rows = cJSON_CreateArray();
    r->json = json;
}

void
report_fini(struct report *r)
{
    cJSON_Delete(r->rows);
    r->rows = NULL;
}

static bool
is_of(const cJSON *row, const struct step *s)
{
    return strcmp(json_str(row, "service"), side_name(s->side)) == 0 &&
           strcmp(json_str(row, "thing"), s->thing) == 0;
}

static cJSON *
find(const struct report *r, const struct step *s)
{
    cJSON *row;

    cJSON_ArrayForEach(row, r->rows)
    {
        if (is_of(row, s))
            return row;
    }
    return NULL;
}

static enum step_state
state_of(const cJSON *row)
{
    const char *word = json_str(row, "state");
    size_t i = 0;

    while (i < N_STATES - 1 && strcmp(states[i].word, word) != 0)
        i++;
    return (enum step_state)i;
}

/* Words from outside, without control characters; "": the key goes. */
static void
put(cJSON *row, const char *key, const char *words)
{
    struct text t;

    cJSON_DeleteItemFromObjectCaseSensitive(row, key);
    if (words[0] == '\0')
        return;
    text_init(&t);
    text_put_line(&t, words, strlen(words));
    text_putc(&t, '\0');
    cJSON_AddStringToObject(row, key, t.data);
    text_fini(&t);
}

static void
print(const struct step *s, const cJSON *row)
{
    const char *why = json_str(row, "why"), *fix = json_str(row, "fix");
    bool tells_why = why != NULL && s->state == STEP_TODO;

    printf("%-7s %s: %s: %s%s%s%s\n", states[s->state].mark,
           side_title(s->side), json_str(row, "thing"), json_str(row, "detail"),
           tells_why ? " (" : "", tells_why ? why : "", tells_why ? ")" : "");
    if (fix != NULL)
        printf("%-7s to mend it: %s\n", "", fix);
    fflush(stdout);
}

/* Does it say nothing new? */
static bool
is_known(const cJSON *row, const struct step *s)
{
    enum step_state was = state_of(row);

    return was == s->state || (was == STEP_MADE && s->state == STEP_THERE) ||
           (was == STEP_AWAY && s->state == STEP_TODO);
}

void
report_step(struct report *r, const struct step *s)
{
    struct step now = *s;
    cJSON *row = find(r, s);

    if (row != NULL && is_known(row, s))
        return;
    if (row == NULL) {
        row = cJSON_CreateObject();
        cJSON_AddItemToArray(r->rows, row);
        put(row, "service", side_name(s->side));
        put(row, "thing", s->thing);
    } else if (state_of(row) == STEP_AWAY && s->state == STEP_THERE) {
        now.state = STEP_MADE; /* by a call whose answer was lost */
    }
    put(row, "state", states[now.state].word);
    put(row, "detail", s->detail);
    put(row, "why", s->why);
    put(row, "fix", s->fix);
    if (!r->json)
        print(&now, row);
}

/* Does the plan speak of it, or of why its side cannot be read? */
static bool
is_planned(const cJSON *row, const struct plan *plan)
{
    for (size_t i = 0; i < plan->n; i++) {
        const struct step *s = &plan->steps[i];

        if (is_of(row, s) ||
            (s->kind == STEP_SIGN_IN &&
             strcmp(json_str(row, "service"), side_name(s->side)) == 0))
            return true;
    }
    return false;
}

void
report_plan(struct report *r, const struct plan *plan)
{
    cJSON *row;

    cJSON_ArrayForEach(row, r->rows)
    {
        enum step_state was = state_of(row);

        if ((was != STEP_TODO && was != STEP_AWAY) || is_planned(row, plan))
            continue;
        put(row, "state",
            states[was == STEP_AWAY ? STEP_MADE : STEP_THERE].word);
        put(row, "detail", "is there");
        put(row, "fix", "");
    }
    for (size_t i = 0; i < plan->n; i++)
        report_step(r, &plan->steps[i]);
}

int
report_count(const struct report *r, enum step_state state)
{
    const cJSON *row;
    int n = 0;

    cJSON_ArrayForEach(row, r->rows)
    {
        n += state_of(row) == state;
    }
    return n;
}

void
report_end(const struct report *r, bool ok)
{
    cJSON *doc;

    if (!r->json)
        return;
    doc = cJSON_CreateObject();
    cJSON_AddBoolToObject(doc, "ok", ok);
    cJSON_AddNumberToObject(doc, "todo", report_count(r, STEP_TODO));
    cJSON_AddNumberToObject(doc, "made", report_count(r, STEP_MADE));
    cJSON_AddItemReferenceToObject(doc, "steps", r->rows);
    summary_print_json(stdout, doc);
    cJSON_Delete(doc);
}
