/* create_words: see create_words.h. */
#include "stages/tools/report/create_words.h"

#define ADDRESS "%s/lightning/r/Report/%s/view"

/* "A, B" */
static void
print_list(FILE *out, const cJSON *list)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, list)
        fprintf(out, "%s%s", item == list->child ? "" : ", ",
                cJSON_GetStringValue(item));
    fprintf(out, "\n");
}

static void
print_report(FILE *out, const struct plan_report *report)
{
    static const char *const words[] = {
        [PLAN_CREATE] = "will be made",
        [PLAN_UPDATE] = "will be changed",
        [PLAN_KEEP] = "is there, and as it is to be",
        [PLAN_CANNOT] = "cannot be made",
    };
    const cJSON *item;

    fprintf(out, "report \"%s\" (%s) %s", report->kind->name,
            report->kind->type, words[report->action]);
    if (report->action == PLAN_CANNOT) {
        fprintf(out, "\n");
        return;
    }
    if (report->change != NULL) {
        fprintf(out, ": ");
        cJSON_ArrayForEach(item, report->change)
            fprintf(out, "%s%s", item == report->change->child ? "" : ", ",
                    item->string);
    }
    fprintf(out, "\n  columns: ");
    print_list(out,
               cJSON_GetObjectItemCaseSensitive(report->want, "detailColumns"));
    if (report->missing->child == NULL)
        return;
    fprintf(out, "  this report type does not have: ");
    print_list(out, report->missing);
}

void
create_print_plan(FILE *out, const struct plan *plan)
{
    if (plan->has_folder || plan_is_due(plan))
        fprintf(out, "report folder \"" PLAN_FOLDER "\" %s\n",
                plan->has_folder ? "is there" : "will be made");
    for (int i = 0; i < PLAN_REPORTS; i++)
        print_report(out, &plan->reports[i]);
}

void
create_print_addresses(FILE *out, const struct plan *plan, const char *instance)
{
    for (int i = 0; i < PLAN_REPORTS; i++)
        if (plan->reports[i].id[0] != '\0')
            fprintf(out, "%s: " ADDRESS "\n", plan->reports[i].kind->name,
                    instance, plan->reports[i].id);
}

/* "": null */
static void
add_text(cJSON *to, const char *name, const char *value)
{
    if (value[0] != '\0')
        cJSON_AddStringToObject(to, name, value);
    else
        cJSON_AddNullToObject(to, name);
}

static cJSON *
report_json(const struct plan_report *report, const char *instance)
{
    const cJSON *columns =
        cJSON_GetObjectItemCaseSensitive(report->want, "detailColumns");
    cJSON *doc = cJSON_CreateObject();
    char url[640] = "";

    if (report->id[0] != '\0')
        snprintf(url, sizeof(url), ADDRESS, instance, report->id);
    cJSON_AddStringToObject(doc, "name", report->kind->name);
    cJSON_AddStringToObject(doc, "type", report->kind->type);
    cJSON_AddStringToObject(doc, "action", plan_action_name(report->action));
    add_text(doc, "id", report->id);
    add_text(doc, "url", url);
    cJSON_AddItemToObject(doc, "columns",
                          columns != NULL ? cJSON_Duplicate(columns, true)
                                          : cJSON_CreateArray());
    cJSON_AddItemToObject(doc, "missing",
                          cJSON_Duplicate(report->missing, true));
    add_text(doc, "problem",
             report->action == PLAN_CANNOT ? report->problem.text : "");
    return doc;
}

cJSON *
create_json(const struct plan *plan, const char *instance, bool is_done)
{
    cJSON *doc = cJSON_CreateObject();
    cJSON *folder = cJSON_AddObjectToObject(doc, "folder");
    cJSON *list = cJSON_AddArrayToObject(doc, "reports");

    cJSON_AddStringToObject(folder, "name", PLAN_FOLDER);
    add_text(folder, "id", plan->folder);
    cJSON_AddStringToObject(folder, "action",
                            plan_action_name(plan->has_folder ? PLAN_KEEP
                                             : plan_is_due(plan)
                                                 ? PLAN_CREATE
                                                 : PLAN_CANNOT));
    for (int i = 0; i < PLAN_REPORTS; i++)
        cJSON_AddItemToArray(list, report_json(&plan->reports[i], instance));
    cJSON_AddBoolToObject(doc, "done", is_done);
    return doc;
}
