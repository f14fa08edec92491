/* plan_test: from a report type's catalogue to a report, and from a report that
 * is there to what is sent. */
#include "stages/tools/report/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define OWN        "\"Activity.Own__c\":{}"
#define COLUMNS(x) "\"categories\":[{\"columns\":{}},{\"columns\":{" x "}}]"
#define STANDARDS                                                              \
    "\"standardFilterInfos\":{\"closed\":{\"filterValues\":[{\"name\":"        \
    "\"open\"},{\"name\":\"all\"}]},\"type\":{\"filterValues\":[{\"value\":"   \
    "\"te\"}]}}"
#define DATES                                                                  \
    "\"standardDateFilterDurationGroups\":[{\"standardDateFilterDurations\":"  \
    "[]},{\"standardDateFilterDurations\":[{\"value\":\"CUSTOM\"}]}]"
#define SCOPE "\"scopeInfo\":{\"values\":[{\"value\":\"organization\"}]}"

/* What one catalogue comes to; columns "": the field is not there. */
static const struct {
    const char *name, *catalogue;
    int kind; /* of plan_kinds */
    const char *columns, *missing;
} catalogues[] = {
    {"all there is",
     COLUMNS(OWN ",\"DUE_DATE\":{},\"SUBJECT\":{},\"ASSIGNED\":{},"
                 "\"CONTACT\":{},\"TASK_TYPE\":{},\"STATUS\":{},"
                 "\"CREATED_DATE\":{}") "," STANDARDS "," DATES "," SCOPE,
     0,
     "[\"DUE_DATE\",\"SUBJECT\",\"ASSIGNED\",\"CONTACT\",\"TASK_TYPE\","
     "\"STATUS\",\"CREATED_DATE\",\"Activity.Own__c\"]",
     "[]"},
    {"a contact is none of a report on leads",
     COLUMNS(OWN ",\"CONTACT\":{},\"SUBJECT\":{},\"DUE_DATE\":{}") "," STANDARDS
                                                                   "," DATES
                                                                   "," SCOPE,
     1, "[\"DUE_DATE\",\"SUBJECT\",\"Activity.Own__c\"]",
     "[\"assigned\",\"lead\",\"type\",\"status\",\"created date\"]"},
    {"another name of a column",
     COLUMNS(OWN ",\"LEAD_NAME\":{},\"DUE_DATE\":{}") "," STANDARDS "," DATES
                                                      "," SCOPE,
     1, "[\"DUE_DATE\",\"LEAD_NAME\",\"Activity.Own__c\"]",
     "[\"subject\",\"assigned\",\"type\",\"status\",\"created date\"]"},
    {"nothing but the field", COLUMNS(OWN), 0, "[\"Activity.Own__c\"]",
     "[\"date\",\"subject\",\"assigned\",\"contact\",\"type\",\"status\","
     "\"created date\",\"open and closed activities\",\"tasks and events\","
     "\"activities of all time\",\"activities of all users\"]"},
    {"no field", COLUMNS("\"DUE_DATE\":{},\"Activity.Other__c\":{}"), 0, "",
     "[]"},
    {"no categories", "\"categories\":3", 0, "", "[]"},
};

static cJSON *
catalogue_of(const char *members)
{
    char text[4096];
    cJSON *json;

    snprintf(text, sizeof(text), "{\"reportTypeMetadata\":{%s}}", members);
    json = cJSON_Parse(text);
    assert_non_null(json);
    return json;
}

static void
check(const char *name, const cJSON *got, const char *want)
{
    char *text = cJSON_PrintUnformatted(got);

    if (strcmp(text, want) != 0)
        fail_msg("%s: %s", name, text);
    free(text);
}

static const cJSON *
get(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

static void
a_report_has_what_its_type_has(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(catalogues) / sizeof(catalogues[0]); i++) {
        const char *name = catalogues[i].name;
        struct plan plan;
        struct plan_report *r = &plan.reports[catalogues[i].kind];
        cJSON *catalogue = catalogue_of(catalogues[i].catalogue);
        struct error err;
        int rv;

        plan_init(&plan);
        rv = plan_want(r, "Own__c", catalogue, &err);
        assert_int_equal(rv, catalogues[i].columns[0] != '\0' ? 0 : -1);
        if (rv == 0) {
            check(name, get(r->want, "detailColumns"), catalogues[i].columns);
            /* an empty list would be refused */
            assert_int_equal(get(r->want, "standardFilters") != NULL,
                             strstr(catalogues[i].catalogue, "closed") != NULL);
            check(name, get(r->want, "reportFilters"),
                  "[{\"column\":\"Activity.Own__c\",\"operator\":\"notEqual\","
                  "\"value\":\"\"}]");
        } else {
            assert_int_equal(err.code, EX_CONFIG);
            assert_non_null(strstr(err.text, "field-level security"));
            assert_non_null(strstr(err.text, "setup"));
            assert_null(r->want);
        }
        check(name, r->missing, catalogues[i].missing);
        cJSON_Delete(catalogue);
        plan_fini(&plan);
    }
}

static void
it_shows_all_activities_newest_first(void **state)
{
    cJSON *catalogue = catalogue_of(
        COLUMNS(OWN ",\"DUE_DATE\":{}") "," STANDARDS "," DATES "," SCOPE);
    struct plan plan;

    (void)state;
    plan_init(&plan);
    assert_int_equal(plan_want(&plan.reports[0], "Own__c", catalogue, NULL), 0);
    check("whole", plan.reports[0].want,
          "{\"name\":\"Activities with Contacts\",\"developerName\":"
          "\"crmpipe_Activities_with_Contacts\",\"reportType\":{\"type\":"
          "\"ContactActivity\"},\"reportFormat\":\"TABULAR\","
          "\"detailColumns\":[\"DUE_DATE\",\"Activity.Own__c\"],"
          "\"reportFilters\":[{\"column\":\"Activity.Own__c\",\"operator\":"
          "\"notEqual\",\"value\":\"\"}],\"standardFilters\":[{\"name\":"
          "\"closed\",\"value\":\"all\"},{\"name\":\"type\",\"value\":\"te\"}],"
          "\"standardDateFilter\":{\"column\":\"DUE_DATE\",\"durationValue\":"
          "\"CUSTOM\",\"startDate\":null,\"endDate\":null},\"scope\":"
          "\"organization\",\"sortBy\":[{\"sortColumn\":\"DUE_DATE\","
          "\"sortOrder\":\"Desc\"}]}");
    cJSON_Delete(catalogue);
    plan_fini(&plan);
}

/* ---- what differs ---- */

#define F1 "{\"column\":\"A\",\"operator\":\"notEqual\",\"value\":\"\"}"
#define DATE                                                                   \
    "{\"column\":\"D\",\"durationValue\":\"CUSTOM\",\"startDate\":null}"
#define STD "{\"name\":\"closed\",\"value\":\"all\"}"
#define HAVE(columns, filters, standard, date, more)                           \
    "{\"detailColumns\":" columns ",\"reportFilters\":" filters                \
    ",\"standardFilters\":" standard ",\"standardDateFilter\":" date           \
    ",\"scope\":\"organization\"" more "}"
#define WANT HAVE("[\"A\",\"B\"]", "[" F1 "]", "[" STD "]", DATE, "")

static const struct {
    const char *name, *have, *sent; /* "": nothing */
} differences[] = {
    {"the same", WANT, ""},
    {"what is the service's own, or a person's",
     HAVE("[\"A\",\"B\"]",
          "[{\"column\":\"A\",\"operator\":\"notEqual\",\"value\":null,"
          "\"isRunPageEditable\":true}]",
          "[{\"name\":\"co\",\"value\":\"1\"}," STD "]",
          "{\"column\":\"D\",\"durationValue\":\"CUSTOM\"}",
          ",\"name\":\"Mine\",\"sortBy\":[],\"reportBooleanFilter\":null"),
     ""},
    {"a column less", HAVE("[\"A\"]", "[" F1 "]", "[" STD "]", DATE, ""),
     "{\"detailColumns\":[\"A\",\"B\"]}"},
    {"in another order",
     HAVE("[\"B\",\"A\"]", "[" F1 "]", "[" STD "]", DATE, ""),
     "{\"detailColumns\":[\"A\",\"B\"]}"},
    {"no filter", HAVE("[\"A\",\"B\"]", "[]", "[" STD "]", DATE, ""),
     "{\"reportFilters\":[" F1 "]}"},
    {"one filter more",
     HAVE("[\"A\",\"B\"]", "[" F1 "," F1 "]", "[" STD "]", DATE, ""),
     "{\"reportFilters\":[" F1 "]}"},
    {"another value",
     HAVE("[\"A\",\"B\"]",
          "[{\"column\":\"A\",\"operator\":\"notEqual\",\"value\":\"x\"}]",
          "[" STD "]", DATE, ""),
     "{\"reportFilters\":[" F1 "]}"},
    {"filters that are no list",
     HAVE("[\"A\",\"B\"]", "{\"a\":1}", "[" STD "]", DATE, ""),
     "{\"reportFilters\":[" F1 "]}"},
    {"a logic of filters",
     HAVE("[\"A\",\"B\"]", "[" F1 "]", "[" STD "]", DATE,
          ",\"reportBooleanFilter\":\"NOT 1\""),
     "{\"reportBooleanFilter\":null}"},
    {"a standard filter",
     HAVE("[\"A\",\"B\"]", "[" F1 "]",
          "[{\"name\":\"closed\",\"value\":\"open\"}]", DATE, ""),
     "{\"standardFilters\":[" STD "]}"},
    {"a range of days",
     HAVE("[\"A\",\"B\"]", "[" F1 "]", "[" STD "]",
          "{\"column\":\"D\",\"durationValue\":\"CUSTOM\",\"startDate\":"
          "\"2026-01-01\"}",
          ""),
     "{\"standardDateFilter\":" DATE "}"},
    {"nothing at all", "{}",
     "{\"detailColumns\":[\"A\",\"B\"],\"reportFilters\":[" F1
     "],\"standardFilters\":[" STD "],\"standardDateFilter\":" DATE
     ",\"scope\":\"organization\"}"},
};

static void
what_differs_is_sent(void **state)
{
    cJSON *want = cJSON_Parse(WANT);

    (void)state;
    for (size_t i = 0; i < sizeof(differences) / sizeof(differences[0]); i++) {
        cJSON *have = cJSON_Parse(differences[i].have);
        cJSON *got;

        assert_non_null(have);
        got = plan_difference(want, have);
        if (differences[i].sent[0] != '\0')
            check(differences[i].name, got, differences[i].sent);
        else if (got != NULL)
            check(differences[i].name, got, "nothing");
        cJSON_Delete(got);
        cJSON_Delete(have);
    }
    cJSON_Delete(want);
}

/* ---- what is ours ---- */

#define ID15 "00l000000000001"
#define ID18 "00l000000000001AAA"

static const struct {
    const char *answer;
    bool is_there;
} folders[] = {
    {"{\"folders\":[{\"id\":\"" ID15 "\",\"name\":\"crmpipe\",\"label\":"
     "\"Mine\",\"type\":\"report\"}]}",
     true},
    {"{\"folders\":[{\"id\":\"x\",\"name\":\"other\",\"type\":\"report\"},"
     "{\"id\":\"" ID18 "\",\"name\":\"Crmpipe\",\"type\":\"Reports\"}]}",
     true},
    {"[{\"id\":\"" ID18 "\",\"name\":\"crmpipe\",\"type\":\"REPORT\"}]", true},
    {"[{\"id\":\"" ID18 "\",\"name\":\"crmpipe\",\"type\":\"dashboard\"}]",
     false},
    {"[{\"id\":\"bad\",\"name\":\"crmpipe\",\"type\":\"report\"}]", false},
    {"[{\"id\":\"" ID18 "\",\"label\":\"crmpipe\",\"type\":\"report\"}]",
     false},
    {"{\"folders\":[]}", false},
    {"3", false},
};

static void
the_folder_is_found_by_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        cJSON *answer = cJSON_Parse(folders[i].answer);
        char id[SF_ID_SIZE] = "";

        if (plan_find_folder(answer, id) != folders[i].is_there)
            fail_msg("%s", folders[i].answer);
        if (folders[i].is_there)
            assert_string_equal(id, ID18);
        cJSON_Delete(answer);
    }
}

static const struct {
    const char *metadata;
    bool is_ours;
} owned[] = {
    {"{\"folderId\":\"" ID15 "\",\"reportType\":{\"type\":\"LeadActivity\"}}",
     true},
    {"{\"folderId\":\"00l000000000002\",\"reportType\":{\"type\":"
     "\"LeadActivity\"}}",
     false},
    {"{\"folderId\":\"" ID15 "\",\"reportType\":{\"type\":\"Activity\"}}",
     false},
    {"{\"reportType\":{\"type\":\"LeadActivity\"}}", false},
    {"{\"folderId\":\"" ID15 "\"}", false},
};

static void
a_report_is_ours_by_its_folder_and_type(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(owned) / sizeof(owned[0]); i++) {
        cJSON *metadata = cJSON_Parse(owned[i].metadata);

        if (plan_is_ours(&plan_kinds[1], ID18, metadata) != owned[i].is_ours)
            fail_msg("%s", owned[i].metadata);
        cJSON_Delete(metadata);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_has_what_its_type_has),
        cmocka_unit_test(it_shows_all_activities_newest_first),
        cmocka_unit_test(what_differs_is_sent),
        cmocka_unit_test(the_folder_is_found_by_its_name),
        cmocka_unit_test(a_report_is_ours_by_its_folder_and_type),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
