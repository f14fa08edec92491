/* hubspot_rows_test: the bodies of batches of activities, and what answers of
 * the shapes of hubspot-api.md, 2.2 say of each row; broken ones included. */
#include "common/json.h"
#include "common/text.h"
#include "stages/writer/hubspot/rows.h"
#include "tests/common/quoted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N(a) (sizeof(a) / sizeof((a)[0]))

#define UNIQUE "crmpipe_salesforce_id"

static cJSON *
parse(const char *text)
{
    char *json = quoted(text);
    cJSON *out = json_parse(json, strlen(json), NULL);

    free(json);
    return out;
}

static const struct hubspot_row known[3] = {
    {.id = "11"}, {.id = "12"}, {.id = "13"}};
static const struct hubspot_row unknown[3];

static struct hubspot_batch
batch_of(enum hubspot_verb verb, size_t n)
{
    bool is_by_key = verb == HUBSPOT_UPSERT;

    return (struct hubspot_batch){.verb = verb,
                                  .activity = ACTIVITY_CALL,
                                  .id_property = is_by_key ? UNIQUE : NULL,
                                  .rows =
                                      verb == HUBSPOT_CREATE ? unknown : known,
                                  .n = n};
}

/* "OK 512; NEVER VALIDATION_ERROR [hs_x]; VANISHED" */
static void
put_result(const struct hubspot_result *r, struct text *out)
{
    static const char *const words[] = {[HUBSPOT_ROW_OK] = "OK",
                                        [HUBSPOT_ROW_RETRY] = "RETRY",
                                        [HUBSPOT_ROW_NEVER] = "NEVER",
                                        [HUBSPOT_ROW_GONE] = "GONE",
                                        [HUBSPOT_ROW_VANISHED] = "VANISHED"};

    text_printf(out, "%s%s%s", out->len > 0 ? "; " : "", words[r->verdict],
                r->is_new ? "+" : "");
    if (r->verdict == HUBSPOT_ROW_OK)
        text_printf(out, " %s", r->id);
    else if (r->verdict != HUBSPOT_ROW_VANISHED)
        text_printf(out, " %s", r->code);
    if (r->bad_names[0] != '\0')
        text_printf(out, " [%s]", r->bad_names);
}

static void
check_results(const struct hubspot_result *out, size_t n, const char *want)
{
    struct text got;

    text_init(&got);
    for (size_t i = 0; i < n; i++)
        put_result(&out[i], &got);
    text_putc(&got, '\0');
    assert_string_equal(got.data, want);
    text_fini(&got);
}

/* ---- answers ---- */

struct row {
    const char *name;
    enum hubspot_verb verb;
    const char *json;   /* NULL: an empty body */
    const char *want;   /* NULL: it is no answer */
    const char *detail; /* a part of the first that is not OK; NULL: any */
};

#define DONE(id, trace)                                                        \
    "{'id':'" id "','properties':{'hs_x':'1'},'objectWriteTraceId':'" trace "'}"
#define BARE(id) "{'id':'" id "','properties':{'hs_x':'1'}}"
#define SOME(results, errors)                                                  \
    "{'status':'COMPLETE','results':[" results                                 \
    "],'numErrors':1,'errors':[" errors "],'startedAt':'x','completedAt':'y'}"
#define ALL(results) "{'status':'COMPLETE','results':[" results "]}"
#define ERROR(category, message, context)                                      \
    "{'status':'error','category':'" category "','message':'" message          \
    "','context':{" context "}}"
#define TRACE(row) "'objectWriteTraceId':['row-" row "']"
#define NO_PROPERTY                                                            \
    "Property values were not valid: [{\\\"isValid\\\":false,\\\"message\\\":" \
    "\\\"Property \\\\\\\"missing\\\\\\\" does not exist\\\",\\\"error\\\":"   \
    "\\\"PROPERTY_DOESNT_EXIST\\\",\\\"name\\\":\\\"missing\\\"},"             \
    "{\\\"name\\\":\\\"b\\\",\\\"error\\\":\\\"INVALID_OPTION\\\"}]"
#define MISSING(ids)                                                           \
    ERROR("OBJECT_NOT_FOUND",                                                  \
          "Could not get some CALL objects, they may be "                      \
          "deleted or not exist.",                                             \
          "'ids':[" ids "]")

static const struct row rows[] = {
    {"all created", HUBSPOT_CREATE,
     ALL(DONE("1", "row-0") "," DONE("2", "row-1") "," DONE("3", "row-2")),
     "OK+ 1; OK+ 2; OK+ 3", NULL},
    {"in another order", HUBSPOT_CREATE,
     ALL(DONE("3", "row-2") "," DONE("1", "row-0") "," DONE("2", "row-1")),
     "OK+ 1; OK+ 2; OK+ 3", NULL},
    {"an id that is a number", HUBSPOT_CREATE,
     ALL("{'id':5000000000001,'objectWriteTraceId':'row-1'}"),
     "VANISHED; OK+ 5000000000001; VANISHED", "says nothing"},
    {"created, but which", HUBSPOT_CREATE,
     ALL(BARE("1") "," BARE("2") "," BARE("3")), "VANISHED; VANISHED; VANISHED",
     "says nothing"},
    {"created, without an id", HUBSPOT_CREATE,
     ALL("{'objectWriteTraceId':'row-0'},{'id':'','objectWriteTraceId':'row-1'}"
         ",{'id':[],'objectWriteTraceId':'row-2'}"),
     "VANISHED; VANISHED; VANISHED", NULL},
    {"one bad row", HUBSPOT_CREATE,
     SOME(DONE("1", "row-0") "," DONE("3", "row-2"),
          ERROR("VALIDATION_ERROR", NO_PROPERTY, TRACE("1"))),
     "OK+ 1; NEVER VALIDATION_ERROR [missing,b]; OK+ 3",
     "missing: Property \"missing\" does not exist (PROPERTY_DOESNT_EXIST); b: "
     "? (INVALID_OPTION)"},
    {"two rows in one error", HUBSPOT_CREATE,
     SOME(DONE("1", "row-0"),
          ERROR("CONFLICT", "no", "'objectWriteTraceId':['row-1','row-2']")),
     "OK+ 1; NEVER CONFLICT; NEVER CONFLICT", "no"},
    {"a trace id that is no array", HUBSPOT_CREATE,
     SOME(DONE("1", "row-0"),
          ERROR("CONFLICT", "no", "'objectWriteTraceId':'row-2'")),
     "OK+ 1; VANISHED; NEVER CONFLICT", NULL},
    {"named by an error within", HUBSPOT_CREATE,
     SOME("", "{'errors':[{'code':'INVALID_EMAIL','message':'bad','context':"
              "{'objectWriteTraceId':['row-1'],'propertyName':['p','q','p']}}]"
              "}"),
     "VANISHED; RETRY INVALID_EMAIL [p,q]; VANISHED", NULL},
    {"an error that names nobody", HUBSPOT_CREATE,
     SOME(DONE("2", "row-1"), ERROR("VALIDATION_ERROR", "something", "")),
     "NEVER VALIDATION_ERROR; OK+ 2; NEVER VALIDATION_ERROR", "something"},
    {"who is named does not get it", HUBSPOT_CREATE,
     SOME("", ERROR("VALIDATION_ERROR", "one", "") "," ERROR(
                  "CONFLICT", "two", "") "," ERROR("LIMIT", "x", TRACE("1"))),
     "NEVER VALIDATION_ERROR; RETRY LIMIT; NEVER VALIDATION_ERROR", "one"},
    {"an error of a stranger", HUBSPOT_CREATE,
     SOME(DONE("1", "row-0"),
          ERROR("CONFLICT", "no", "'objectWriteTraceId':['row-99','x']")),
     "OK+ 1; VANISHED; VANISHED", "says nothing"},
    {"a result stands over an error", HUBSPOT_CREATE,
     SOME(DONE("1", "row-0"), ERROR("CONFLICT", "no", TRACE("0"))),
     "OK+ 1; VANISHED; VANISHED", NULL},
    {"passing by", HUBSPOT_CREATE,
     SOME("", ERROR("RATE_LIMITS", "slow down", "")),
     "RETRY RATE_LIMITS; RETRY RATE_LIMITS; RETRY RATE_LIMITS", "slow down"},
    {"an error without anything", HUBSPOT_CREATE, SOME("", "{}"),
     "RETRY UNKNOWN; RETRY UNKNOWN; RETRY UNKNOWN", "no reason"},
    {"errors of other types", HUBSPOT_CREATE,
     SOME("5,'x',null,[],{}", "5,'x',null,[]"), "VANISHED; VANISHED; VANISHED",
     NULL},
    {"a list that is no JSON", HUBSPOT_CREATE,
     SOME("", ERROR("VALIDATION_ERROR",
                    "Property values were not valid: [{\\\"name\\\":", "")),
     "NEVER VALIDATION_ERROR; NEVER VALIDATION_ERROR; NEVER VALIDATION_ERROR",
     "Property values were not valid: [{"},
    {"a list and no category", HUBSPOT_CREATE,
     SOME("", "{'message':'" NO_PROPERTY "','context':{'objectWriteTraceId':["
              "'row-0']}}"),
     "NEVER UNKNOWN [missing,b]; VANISHED; VANISHED", "does not exist"},
    {"names that are none", HUBSPOT_CREATE,
     SOME("", "{'category':'CONFLICT','errors':[{'context':{'propertyName':['',"
              "'a,b',5,null,'ok']}}],'context':{'objectWriteTraceId':['row-0']}"
              "}"),
     "NEVER CONFLICT [ok]; VANISHED; VANISHED", NULL},
    {"updated", HUBSPOT_UPDATE, ALL(BARE("13") "," BARE("11") "," BARE("12")),
     "OK 11; OK 12; OK 13", NULL},
    {"a trace id goes before an id", HUBSPOT_UPDATE,
     ALL(DONE("99", "row-0") "," DONE("11", "row-2")), "OK 99; VANISHED; OK 11",
     NULL},
    {"ids that are gone", HUBSPOT_UPDATE,
     SOME(BARE("12"), MISSING("'11','13'")),
     "GONE OBJECT_NOT_FOUND; OK 12; GONE OBJECT_NOT_FOUND", "Could not get"},
    {"ids as numbers", HUBSPOT_UPDATE, SOME(BARE("12"), MISSING("11,13")),
     "GONE OBJECT_NOT_FOUND; OK 12; GONE OBJECT_NOT_FOUND", NULL},
    {"a merged id vanishes", HUBSPOT_UPDATE, ALL(BARE("11") "," BARE("13")),
     "OK 11; VANISHED; OK 13", "says nothing"},
    {"gone, vanished and bad", HUBSPOT_UPDATE,
     SOME("", MISSING("'11'") "," ERROR("VALIDATION_ERROR", NO_PROPERTY,
                                        "'ids':['13'],'objectWriteTraceId':["
                                        "'row-2']")),
     "GONE OBJECT_NOT_FOUND; VANISHED; NEVER VALIDATION_ERROR [missing,b]",
     NULL},
    {"upserted", HUBSPOT_UPSERT,
     ALL("{'id':'1','new':true,'objectWriteTraceId':'row-0'},"
         "{'id':'2','new':false,'objectWriteTraceId':'row-1'},"
         "{'id':'3','new':'true','objectWriteTraceId':'row-2'}"),
     "OK+ 1; OK 2; OK 3", NULL},
    {"upserted, known by its value", HUBSPOT_UPSERT,
     ALL("{'id':'1','new':true,'properties':{'" UNIQUE "':'13'}},"
         "{'id':'11','new':true,'properties':{}}"),
     "VANISHED; VANISHED; OK+ 1", NULL},
    {"archived", HUBSPOT_ARCHIVE, NULL, "OK 11; OK 12; OK 13", NULL},
    {"archived, with a body", HUBSPOT_ARCHIVE, ALL(""), "OK 11; OK 12; OK 13",
     NULL},
    {"archived, but one is gone", HUBSPOT_ARCHIVE, SOME("", MISSING("'12'")),
     "OK 11; GONE OBJECT_NOT_FOUND; OK 13", NULL},
    {"not archived", HUBSPOT_ARCHIVE, SOME("", ERROR("CONFLICT", "no", "")),
     "NEVER CONFLICT; NEVER CONFLICT; NEVER CONFLICT", "no"},
    {"no results yet", HUBSPOT_CREATE, "{'status':'PENDING','results':[]}",
     "VANISHED; VANISHED; VANISHED", NULL},
    {"errors alone", HUBSPOT_UPDATE, "{'errors':[" MISSING("'11'") "]}",
     "GONE OBJECT_NOT_FOUND; VANISHED; VANISHED", NULL},
    {"an empty body", HUBSPOT_CREATE, NULL, NULL, NULL},
    {"neither results nor errors", HUBSPOT_CREATE, "{'status':'COMPLETE'}",
     NULL, NULL},
    {"results of another type", HUBSPOT_CREATE, "{'results':{'a':1}}", NULL,
     NULL},
    {"an array", HUBSPOT_CREATE, "[]", NULL, NULL},
    {"a string", HUBSPOT_CREATE, "'x'", NULL, NULL},
};

static void
check_row(void **state)
{
    const struct row *row = *state;
    struct hubspot_batch batch = batch_of(row->verb, 3);
    cJSON *answer = row->json != NULL ? parse(row->json) : NULL;
    struct hubspot_result out[3];
    size_t first = 0;

    assert_int_equal(answer != NULL, row->json != NULL);
    assert_int_equal(hubspot_rows_read(&batch, answer, out), row->want != NULL);
    if (row->want != NULL)
        check_results(out, 3, row->want);
    while (row->detail != NULL && out[first].verdict == HUBSPOT_ROW_OK)
        first++;
    if (row->detail != NULL)
        assert_non_null(strstr(out[first].detail, row->detail));
    cJSON_Delete(answer);
}

static void
test_properties_given_back(void **state)
{
    struct hubspot_batch batch = batch_of(HUBSPOT_UPDATE, 2);
    cJSON *answer = parse(ALL(BARE("11") ",{'id':'12','properties':'x'}"));
    struct hubspot_result out[2];

    (void)state;
    assert_true(hubspot_rows_read(&batch, answer, out));
    assert_string_equal(json_str(out[0].properties, "hs_x"), "1");
    assert_null(out[1].properties);
    cJSON_Delete(answer);
}

/* Every answer with each byte changed or cut off: no crash, one verdict a
 * row. */
static void
test_broken_answers(void **state)
{
    static const char bytes[] = "\"{[]},:0nx\\\x80";

    (void)state;
    for (size_t i = 0; i < N(rows); i++) {
        struct hubspot_batch batch = batch_of(rows[i].verb, 3);
        char *text = quoted(rows[i].json != NULL ? rows[i].json : "");
        size_t len = strlen(text);

        for (size_t at = 0; at < len * (sizeof(bytes) - 1); at++) {
            char *p = &text[at % len], was = *p;
            struct hubspot_result out[3];
            cJSON *answer;

            *p = bytes[at / len];
            answer = json_parse(text, len, NULL);
            *p = was;
            if (answer != NULL && hubspot_rows_read(&batch, answer, out))
                for (size_t r = 0; r < 3; r++)
                    assert_true(out[r].verdict <= HUBSPOT_ROW_VANISHED &&
                                strlen(out[r].detail) < sizeof(out[r].detail));
            cJSON_Delete(answer);
        }
        free(text);
    }
}

/* ---- refused as a whole ---- */

struct refusal {
    const char *name;
    enum hubspot_verb verb;
    size_t n;
    const char *json;
    bool is_told;
    const char *want;
};

static const struct refusal refusals[] = {
    {"one row", HUBSPOT_CREATE, 1, ERROR("VALIDATION_ERROR", NO_PROPERTY, ""),
     true, "NEVER VALIDATION_ERROR [missing,b]"},
    {"nobody of several", HUBSPOT_CREATE, 2,
     ERROR("VALIDATION_ERROR", NO_PROPERTY, ""), false,
     "NEVER VALIDATION_ERROR [missing,b]; NEVER VALIDATION_ERROR [missing,b]"},
    {"one of several", HUBSPOT_UPDATE, 3,
     ERROR("CONFLICT", "x", "'ids':['12']"), true,
     "RETRY batch-refused; NEVER CONFLICT; RETRY batch-refused"},
    {"an unknown category", HUBSPOT_UPDATE, 1, ERROR("STRANGE", "x", ""), true,
     "NEVER STRANGE"},
    {"no body", HUBSPOT_CREATE, 2, NULL, false,
     "NEVER HTTP_413; NEVER HTTP_413"},
    {"an update of what is gone", HUBSPOT_UPDATE, 1,
     ERROR("OBJECT_NOT_FOUND", "x", ""), true, "GONE OBJECT_NOT_FOUND"},
    {"a create has nothing that could be gone", HUBSPOT_CREATE, 1,
     ERROR("OBJECT_NOT_FOUND", "x", ""), true, "NEVER OBJECT_NOT_FOUND"},
};

static void
check_refusal(void **state)
{
    const struct refusal *row = *state;
    struct hubspot_batch batch = batch_of(row->verb, row->n);
    struct hubspot_answer answer = {.end = HUBSPOT_REFUSED,
                                    .status = 413,
                                    .code = "HTTP_413",
                                    .message = "no reason was given"};
    struct hubspot_result out[3];

    answer.json = row->json != NULL ? parse(row->json) : NULL;
    assert_int_equal(hubspot_rows_refused(&batch, &answer, out), row->is_told);
    check_results(out, row->n, row->want);
    hubspot_answer_fini(&answer);
}

/* ---- bodies ---- */

static void
check_body(const struct hubspot_batch *batch, const char *tail,
           const char *want)
{
    cJSON *body = hubspot_rows_body(batch);
    char *got = cJSON_PrintUnformatted(body), *json = quoted(want), buf[64];

    assert_string_equal(got, json);
    hubspot_rows_tail(batch, buf, sizeof(buf));
    assert_string_equal(buf, tail);
    cJSON_Delete(body);
    free(got);
    free(json);
}

static void
test_bodies(void **state)
{
    static const struct hubspot_tied ties[] = {{HUBSPOT_TIE_CONTACT, "7"},
                                               {HUBSPOT_TIE_COMPANY, "8"}};
    cJSON *p = parse("{'a':'1'}"), *q = parse("{}");
    struct hubspot_row two[] = {
        {.id = "11", .properties = p, .ties = ties, .n_ties = 2},
        {.id = "12", .properties = q}};
    struct hubspot_batch batch = {.activity = ACTIVITY_MEETING,
                                  .id_property = UNIQUE,
                                  .rows = two,
                                  .n = 2};

    (void)state;
    check_body(&batch, "/meetings/batch/create",
               "{'inputs':[{'properties':{'a':'1'},'associations':["
               "{'to':{'id':'7'},'types':[{'associationCategory':"
               "'HUBSPOT_DEFINED','associationTypeId':200}]},"
               "{'to':{'id':'8'},'types':[{'associationCategory':"
               "'HUBSPOT_DEFINED','associationTypeId':188}]}],"
               "'objectWriteTraceId':'row-0'},"
               "{'properties':{},'associations':[],"
               "'objectWriteTraceId':'row-1'}]}");
    batch.verb = HUBSPOT_UPDATE;
    batch.activity = ACTIVITY_TASK;
    check_body(&batch, "/tasks/batch/update",
               "{'inputs':[{'id':'11','properties':{'a':'1'},"
               "'objectWriteTraceId':'row-0'},{'id':'12','properties':{},"
               "'objectWriteTraceId':'row-1'}]}");
    batch.verb = HUBSPOT_UPSERT;
    batch.n = 1;
    check_body(&batch, "/tasks/batch/upsert",
               "{'inputs':[{'id':'11','idProperty':'" UNIQUE
               "','properties':{'a':'1'},'objectWriteTraceId':'row-0'}]}");
    batch.verb = HUBSPOT_ARCHIVE;
    batch.n = 2;
    check_body(&batch, "/tasks/batch/archive",
               "{'inputs':[{'id':'11'},{'id':'12'}]}");
    cJSON_Delete(p); /* the bodies only pointed to them */
    cJSON_Delete(q);
}

int
main(void)
{
    struct CMUnitTest tests[N(rows) + N(refusals) + 3];
    size_t n = 0;

    for (size_t i = 0; i < N(rows); i++)
        tests[n++] =
            (struct CMUnitTest){.name = rows[i].name,
                                .test_func = check_row,
                                .initial_state = (void *)(uintptr_t)&rows[i]};
    for (size_t i = 0; i < N(refusals); i++)
        tests[n++] = (struct CMUnitTest){.name = refusals[i].name,
                                         .test_func = check_refusal,
                                         .initial_state =
                                             (void *)(uintptr_t)&refusals[i]};
    tests[n++] =
        (struct CMUnitTest)cmocka_unit_test(test_properties_given_back);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_broken_answers);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_bodies);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
