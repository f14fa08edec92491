/* lines: see lines.h. */
#include "stages/tools/check/lines.h"

#include "common/json.h"
#include "common/summary.h"
#include "common/text.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *word; /* in JSON */
    const char *mark; /* in front of the line */
    bool ok;
} states[] = {
    [LINE_OK] = {"ok", "ok", true},
    [LINE_WARNING] = {"warning", "warning", true},
    [LINE_WRONG] = {"wrong", "WRONG", false},
    [LINE_AWAY] = {"away", "AWAY", false},
    [LINE_UNASKED] = {"unasked", "-", true},
};
#define N_STATES (sizeof(states) / sizeof(states[0]))

static void
put_words(cJSON *line, const char *key, const char *words)
{
    struct text t;

    text_init(&t);
    text_put_line(&t, words, strlen(words));
    text_putc(&t, '\0');
    cJSON_AddStringToObject(line, key, t.data);
    text_fini(&t);
}

static cJSON *
add(cJSON *lines, const char *name, enum line_state state, const char *detail,
    const char *fix)
{
    cJSON *line = cJSON_CreateObject();

    cJSON_AddStringToObject(line, "name", name);
    cJSON_AddBoolToObject(line, "ok", states[state].ok);
    cJSON_AddStringToObject(line, "state", states[state].word);
    put_words(line, "detail", detail);
    if (fix != NULL && fix[0] != '\0')
        put_words(line, "fix", fix);
    cJSON_AddItemToArray(lines, line);
    return line;
}

void
line_add(cJSON *lines, const char *name, enum line_state state,
         const char *detail, const char *fix)
{
    add(lines, name, state, detail, fix);
}

void
line_note(cJSON *lines, const char *name, const char *detail,
          const struct error *err, const char *fix)
{
    if (err != NULL)
        add(lines, name, LINE_WRONG, err->text, fix);
    else
        add(lines, name, LINE_OK, detail, NULL);
}

void
line_finding(cJSON *lines, const char *name, const char *where,
             const struct finding *finding)
{
    char detail[sizeof(finding->text) + 512];
    cJSON *line;

    snprintf(detail, sizeof(detail), "%s%s%s", where,
             where[0] != '\0' ? ": " : "", finding->text);
    line = add(lines, name,
               finding->severity == FINDING_ERROR ? LINE_WRONG : LINE_WARNING,
               detail, finding->mend);
    cJSON_AddStringToObject(line, "code", finding->code);
}

static enum line_state
state_of(const cJSON *line)
{
    const char *word = json_str(line, "state");
    size_t i = 0;

    while (i < N_STATES - 1 && strcmp(states[i].word, word) != 0)
        i++;
    return (enum line_state)i;
}

static void
print(const cJSON *line)
{
    const char *fix = json_str(line, "fix");

    printf("%-7s %-28s %s\n", states[state_of(line)].mark,
           json_str(line, "name"), json_str(line, "detail"));
    if (fix != NULL)
        printf("%-36s to mend it: %s\n", "", fix);
}

int
lines_report(const cJSON *lines, bool json)
{
    size_t n[N_STATES] = {0};
    const cJSON *line;
    cJSON *doc;
    int code;

    cJSON_ArrayForEach(line, lines)
    {
        n[state_of(line)]++;
        if (!json)
            print(line);
    }
    code = n[LINE_WRONG] > 0  ? EX_CONFIG
           : n[LINE_AWAY] > 0 ? EX_TEMPFAIL
                              : EX_OK;
    if (json) {
        doc = cJSON_CreateObject();
        cJSON_AddBoolToObject(doc, "ok", code == EX_OK);
        cJSON_AddItemReferenceToObject(doc, "checks", (cJSON *)lines);
        summary_print_json(stdout, doc);
        cJSON_Delete(doc);
    }
    return code;
}
