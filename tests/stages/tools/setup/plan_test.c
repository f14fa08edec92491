/* plan_test: what is planned by what there is. */
#include "stages/tools/setup/plan.h"

#include "common/json.h"
#include "common/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N(a) (sizeof(a) / sizeof((a)[0]))

#define DEF(name, type, flags)                                                 \
    "[{\"name\":\"" name "\",\"type\":\"" type "\"," flags "}]"
#define KEY   "\"externalId\":true,\"unique\":true"
#define EDIT  ",\"createable\":true,\"updateable\":true"
#define WHOLE DEF("Key__c", "string", KEY EDIT)
#define CUSTOM(meta)                                                           \
    "[{\"Id\":\"00N000000000001AAA\",\"DeveloperName\":\"Key\"" meta "}]"
#define GRANT(object, edit)                                                    \
    "{\"Id\":\"01k000000000001AAA\",\"Field\":\"" object                       \
    ".Key__c\",\"PermissionsRead\":true,\"PermissionsEdit\":" edit "}"

/* What is wanted: the key on Task, and on Event where there is an `event`; and
 * of calls the property, where there are `properties`. */
static const struct row {
    const char *name;
    const char *task, *event, *customs, *grants, *properties;
    bool has_set, is_assigned;
    /* Of each step a letter for its kind (f s a u p) and, in front, one for
     * its state (= + !). */
    const char *want;
    const char *words; /* in a detail, a thing or a fix */
} rows[] = {
    {"all is there", WHOLE, WHOLE, "[]", "[]", NULL, false, false, "=f", ""},
    {"a bare org", "[]", NULL, "[]", "[]", NULL, false, false, "+f +s +a +u",
     "External ID, Unique"},
    {"the set is left from before", "[]", NULL, "[]", "[]", NULL, true, true,
     "+f =s +a =u", "is assigned"},
    {"made, not shown", "[]", NULL, CUSTOM(""), "[]", NULL, true, false,
     "=f =s +a +u", "does not see it"},
    {"shown, not assigned", "[]", NULL, CUSTOM(""),
     "[" GRANT("Task", "true") "]", NULL, true, false, "=f =s =a +u", ""},
    {"shown to read", DEF("Key__c", "string", KEY), NULL, CUSTOM(""),
     "[" GRANT("Task", "false") "]", NULL, true, true, "=f =s +a =u", ""},
    {"assigned, and yet not seen", "[]", NULL, CUSTOM(""),
     "[" GRANT("Task", "true") "]", NULL, true, true, "=f =s !a =u",
     "look again in a minute"},
    {"Event has no twin of the grant", WHOLE, "[]", CUSTOM(""),
     "[" GRANT("Task", "true") "]", NULL, true, true, "=f =s +a =u",
     "of Event in"},
    {"Event has it, and yet not seen", WHOLE, "[]", CUSTOM(""),
     "[" GRANT("Task", "true") "," GRANT("Event", "true") "]", NULL, true, true,
     "=f =s !a =u", "of Event in"},

    {"a number", DEF("Key__c", "double", KEY EDIT), NULL, "[]", "[]", NULL,
     false, false, "!f", "the type double, but Text(255)"},
    {"no external id", DEF("Key__c", "string", "\"unique\":true" EDIT), NULL,
     "[]", "[]", NULL, false, false, "!f", "tick External ID"},
    {"not unique", DEF("Key__c", "string", "\"externalId\":true" EDIT), NULL,
     "[]", "[]", NULL, false, false, "!f", "tick Unique"},
    {"a hidden number", "[]", NULL,
     CUSTOM(",\"Metadata\":{\"type\":\"Number\"}"), "[]", NULL, false, false,
     "!f", "the type Number"},
    {"a hidden key", "[]", NULL,
     CUSTOM(",\"Metadata\":{\"type\":\"Text\"," KEY "}"), "[]", NULL, true,
     true, "=f =s +a =u", ""},
    {"another spelling", DEF("key__c", "string", KEY EDIT), NULL, "[]", "[]",
     NULL, false, false, "!f", "write key__c"},
    {"nonsense", "[1,null,{\"name\":[]},{\"name\":\"Key__c\"}]", NULL, "[7]",
     "[null]", NULL, true, true, "=f =s +a =u", ""},

    {"no property", WHOLE, NULL, "[]", "[]",
     "[{\"name\":\"x\",\"groupName\":\"other\"},{\"name\":\"hs_call_title\","
     "\"groupName\":\"call_information\"}]",
     false, false, "=f +p", "in group call_information"},
    {"a group by any property", WHOLE, NULL, "[]", "[]",
     "[{},{\"name\":\"x\",\"groupName\":\"other\"}]", false, false, "=f +p",
     "in group other"},
    {"a unique property", WHOLE, NULL, "[]", "[]",
     "[{\"name\":\"crmpipe_salesforce_id\",\"type\":\"string\","
     "\"hasUniqueValue\":true}]",
     false, false, "=f =p", "there and unique"},
    {"a plain property", WHOLE, NULL, "[]", "[]",
     "[{\"name\":\"crmpipe_salesforce_id\",\"type\":\"string\"}]", false, false,
     "=f =p", "but not unique"},
    {"a number as property", WHOLE, NULL, "[]", "[]",
     "[{\"name\":\"crmpipe_salesforce_id\",\"type\":\"number\"}]", false, false,
     "=f !p", "type number, but string"},
    {"a read-only property", WHOLE, NULL, "[]", "[]",
     "[{\"name\":\"crmpipe_salesforce_id\",\"type\":\"string\","
     "\"modificationMetadata\":{\"readOnlyValue\":true}}]",
     false, false, "=f !p", "read-only"},
};

static cJSON *
parse(const char *text)
{
    cJSON *json = text != NULL ? cJSON_Parse(text) : NULL;

    assert_int_equal(json == NULL, text == NULL);
    return json;
}

static void
make_facts(const struct row *row, struct facts *facts)
{
    memset(facts, 0, sizeof(*facts));
    facts->fields[WANTED_TASK] = parse(row->task);
    facts->fields[WANTED_EVENT] = parse(row->event);
    facts->customs = parse(row->customs);
    facts->grants = parse(row->grants);
    facts->properties[ACTIVITY_CALL] = parse(row->properties);
    strcpy(facts->user, "005000000000001AAA");
    if (row->has_set)
        strcpy(facts->set, "0PS000000000001AAA");
    facts->is_assigned = row->is_assigned;
}

static void
make_wanted(const struct row *row, struct wanted *wanted)
{
    struct wanted_field *f = &wanted->fields[0];

    memset(wanted, 0, sizeof(*wanted));
    wanted->n = 1;
    strcpy(f->name, "Key__c");
    f->is_key = true;
    f->on[WANTED_TASK] = true;
    f->on[WANTED_EVENT] = row->event != NULL;
    f->transform = TRANSFORM_TEXT;
    f->activity = ACTIVITY_NONE;
    wanted->activities[ACTIVITY_CALL] = row->properties != NULL;
}

static void
put_steps(const struct plan *plan, struct text *out, struct text *words)
{
    for (size_t i = 0; i < plan->n; i++) {
        const struct step *s = &plan->steps[i];

        text_printf(out, "%s%c%c", i > 0 ? " " : "", "=+ !"[s->state],
                    " fsaup"[s->kind]);
        text_printf(words, "%s %s %s ", s->thing, s->detail, s->fix);
    }
    text_putc(out, '\0');
    text_putc(words, '\0');
}

static void
check(const struct row *row)
{
    struct wanted *wanted = calloc(1, sizeof(*wanted));
    struct plan *plan = calloc(1, sizeof(*plan));
    struct text got, words;
    struct facts facts;

    make_facts(row, &facts);
    make_wanted(row, wanted);
    plan_make(wanted, &facts, plan);
    text_init(&got);
    text_init(&words);
    put_steps(plan, &got, &words);
    if (strcmp(got.data, row->want) != 0 ||
        strstr(words.data, row->words) == NULL)
        fail_msg("%s: %s (wanted %s): %s", row->name, got.data, row->want,
                 words.data);
    text_fini(&got);
    text_fini(&words);
    facts_fini(&facts);
    free(plan);
    free(wanted);
}

static void
test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < N(rows); i++)
        check(&rows[i]);
}

/* The grant that is too narrow is changed, not made a second time. */
static void
test_narrow_grant(void **state)
{
    static const struct row row = {"",
                                   DEF("Key__c", "string", KEY),
                                   NULL,
                                   CUSTOM(""),
                                   "[" GRANT("Task", "false") "]",
                                   NULL,
                                   true,
                                   true,
                                   "",
                                   ""};
    struct wanted *wanted = calloc(1, sizeof(*wanted));
    struct plan *plan = calloc(1, sizeof(*plan));
    struct facts facts;

    (void)state;
    make_facts(&row, &facts);
    make_wanted(&row, wanted);
    plan_make(wanted, &facts, plan);
    assert_string_equal(plan->steps[2].grant, "01k000000000001AAA");
    assert_string_equal(plan->steps[2].object, "Task");
    assert_int_equal(plan_count(plan, STEP_TODO), 1);
    facts_fini(&facts);
    free(plan);
    free(wanted);
}

/* What cannot be read is told, and the other side is planned all the same. */
static void
test_trouble(void **state)
{
    static const struct row row = {"",   "[]",  NULL,  NULL, NULL,
                                   "[]", false, false, "",   ""};
    struct wanted *wanted = calloc(1, sizeof(*wanted));
    struct plan *plan = calloc(1, sizeof(*plan));
    struct facts facts;

    (void)state;
    make_facts(&row, &facts);
    make_wanted(&row, wanted);
    facts.troubles[SIDE_SALESFORCE] =
        (struct trouble){.state = STEP_AWAY, .thing = "sign-in"};
    plan_make(wanted, &facts, plan);
    assert_int_equal(plan->n, 2);
    assert_int_equal(plan->steps[0].state, STEP_AWAY);
    assert_int_equal(plan->steps[1].kind, STEP_PROPERTY);
    facts_fini(&facts);
    free(plan);
    free(wanted);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows),
                                       cmocka_unit_test(test_narrow_grant),
                                       cmocka_unit_test(test_trouble)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
