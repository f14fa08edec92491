/* activity_decide_test: an event, its link and the other side's record: what is
 * written, or how it ends. What they hang on: ties_decide_test. */
#include "stages/conflict-resolver/activity_decide.h"

#include "common/json.h"
#include "common/text.h"
#include "tests/stages/conflict-resolver/activity_decide_rows.h"
#include "tests/stages/conflict-resolver/activity_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define FLIP(property, from, to)                                               \
    "\"flip\":{\"number\":7,\"property\":\"" property "\",\"from\":\"" from    \
    "\",\"to\":\"" to "\",\"is_back\":false},"

/* JSON as MessagePack; the caller frees. */
static struct span
packed(const char *json)
{
    cJSON *value = cJSON_Parse(json);
    msgpack_sbuffer out;
    msgpack_packer pk;

    assert_non_null(value);
    msgpack_sbuffer_init(&out);
    msgpack_packer_init(&pk, &out, msgpack_sbuffer_write);
    json_to_mp(value, MP_EVENT_MAX, &pk);
    cJSON_Delete(value);
    return (struct span){(const uint8_t *)out.data, out.size};
}

static struct span
make_event(const struct row *row)
{
    bool is_hubspot = row->from[0] == 'h';
    char json[2000];

    snprintf(
        json, sizeof(json),
        "{\"v\":1,\"id\":\"1\",\"key\":\"%s\",\"source\":\"%s\",\"seq\":1,"
        "\"op\":\"%s\",\"kind\":\"call\",\"sync\":\"activity\","
        "\"occurred_at\":1714060800000,\"modified_at\":%d,%s%s%s%s%s%s%s"
        "\"contact\":{\"hubspot_id\":\"101\",\"salesforce_id\":\"003A\","
        "\"salesforce_type\":\"Contact\"},\"contacts\":[{\"hubspot_id\":"
        "\"102\"},{\"hubspot_id\":\"101\"}],\"companies\":[{\"hubspot_id\":"
        "\"7\",\"salesforce_id\":\"001A\"}],%s\"props\":%s}",
        is_hubspot ? "hubspot:call:512" : "salesforce:Task:" TASK,
        is_hubspot ? "hubspot" : "salesforce",
        strchr(row->from, 'd') != NULL ? "delete" : "upsert",
        strchr(row->from, 'o') != NULL   ? 99
        : strchr(row->from, 'k') != NULL ? 100
                                         : 200,
        strchr(row->from, 'u') != NULL ? "\"unless_linked\":\"filtered\","
                                         "\"unless_detail\":\"owner:ann\","
                                       : "",
        strchr(row->from, 'l') != NULL ? "\"leave\":true," : "",
        strchr(row->from, 'a') != NULL ? "\"asked\":true," : "",
        strchr(row->from, 'm') != NULL ? "\"import\":true," : "",
        strchr(row->from, 'n') == NULL ? "" : "\"other\":\"",
        strchr(row->from, 'n') == NULL ? ""
        : is_hubspot                   ? "salesforce:Task:" TASK
                                       : "hubspot:call:512",
        strchr(row->from, 'n') == NULL ? "" : "\",",
        strchr(row->from, 'f') != NULL ? FLIP("hs_call_title", "b", "x")
        : strchr(row->from, 'F') != NULL
            ? FLIP("hubspot_owner_id", "", "bob@example.com")
            : "",
        row->props != NULL ? row->props : "{}");
    return packed(json);
}

static struct current
make_current(const char *other)
{
    struct current c = {.state = CURRENT_ALIVE, .modified_at = 300};

    if (strcmp(other, "missing") == 0)
        c.state = CURRENT_MISSING;
    else if (strcmp(other, "deleted") == 0)
        c.state = CURRENT_DELETED;
    else
        c.fields = cJSON_Parse(other);
    return c;
}

/* ---- a decision in a line ---- */

static void
say_json(struct text *t, const char *before, const cJSON *json)
{
    char *printed = cJSON_PrintUnformatted(json);

    text_printf(t, "%s%s", before, printed);
    free(printed);
}

static void
say_write(struct text *t, const cJSON *w, bool with_was)
{
    text_printf(t, "%s%s %s %s", t->len > 0 ? "; " : "", json_str(w, "target"),
                json_str(w, "action"),
                json_str(w, "id") != NULL ? json_str(w, "id") : "-");
    say_json(t, " ", json_at(w, "fields"));
    if (with_was)
        say_json(t, " was ", json_at(w, "was"));
}

static void
say(struct text *t, const struct event *ev, bool with_was)
{
    cJSON *decision = json_from_mp(ev->field[EVENT_DECISION]);
    const cJSON *item;

    assert_non_null(decision);
    cJSON_ArrayForEach(item, json_at(decision, "writes"))
    {
        say_write(t, item, with_was);
    }
    if (t->len == 0)
        text_printf(t, "none %s",
                    json_str(decision, "reason") != NULL
                        ? json_str(decision, "reason")
                        : "");
    cJSON_ArrayForEach(item, json_at(decision, "conflicts"))
    {
        text_printf(t, " conflict %s %s %s", json_str(item, "kept"),
                    json_str(item, "lost"), json_str(item, "kept_side"));
    }
    cJSON_ArrayForEach(item, json_at(decision, "deleted"))
    {
        text_printf(t, " %s-gone", item->string);
    }
    if (json_at(decision, "flip") != NULL)
        say_json(t, " flip ", json_at(decision, "flip"));
    cJSON_Delete(decision);
}

static void
check_row(void **state)
{
    const struct row *row = *state;
    struct activity_rules rules[ACTIVITY_COUNT];
    const struct activity_world world = {
        .rules = rules, .env = &env, .fallback = "", .user = "005me", .now = 1};
    struct span bytes = make_event(row);
    struct store_link link = {.key = "hubspot:call:512",
                              .target = "salesforce:Task:" TASK,
                              .version = 3,
                              .modified_at = 100};
    struct activity_case c;
    struct outcome o = {.outcome = ""};
    enum activity_step step;
    struct event ev;
    struct error err;
    struct text said;
    char id[64];

    make_rules(row->rules, rules);
    text_init(&said);
    assert_int_equal(event_parse(&ev, bytes.data, bytes.len, &err), 0);
    assert_true(activity_case_of(&ev, &c, id, sizeof(id), &o));
    if (row->snapshot != NULL) {
        link.snapshot = packed(row->snapshot);
        c.link = &link;
    }
    if (strchr(row->from, 'e') != NULL)
        snprintf(link.target, sizeof(link.target), "salesforce:Task:00T0");
    assert_true(activity_fits(&c, &ev, &o));
    step = activity_begin(&world, &c, &ev, &o);
    if (step == ACTIVITY_MATCH) {
        assert_non_null(strchr(row->from, 'm'));
        step = activity_create(&world, &c, &ev, &o);
    }
    if (step == ACTIVITY_READ_BOTH) {
        struct current own = make_current("{}");

        own.modified_at = strchr(row->from, 'w') != NULL ? 300 : 100;
        step = activity_own(&c, &own, &own.ties, &ev, &o);
        c.own_ties = NULL;
        cJSON_Delete(own.fields);
    }
    assert_int_equal(step == ACTIVITY_READ, row->other != NULL);
    if (step == ACTIVITY_READ) {
        struct current current = make_current(row->other);

        activity_other_id(&c, &ev, id, sizeof(id));
        assert_string_equal(id, row->from[0] == 'h' ? TASK : "512");
        c.id = row->from[0] == 'h' ? "512" : TASK;
        step = activity_finish(&world, &c, &current, &ev, &o);
        cJSON_Delete(current.fields);
    }
    if (step == ACTIVITY_PASS)
        say(&said, &ev, strchr(row->rules, 'w') != NULL);
    else
        text_printf(&said, "%s %s%s%s", o.outcome, o.reason,
                    strcmp(o.reason, "filtered") == 0 ? " " : "",
                    strcmp(o.reason, "filtered") == 0 ? o.detail : "");
    text_putc(&said, '\0');
    assert_string_equal(said.data, row->want);
    text_fini(&said);
    event_fini(&ev);
    free((void *)link.snapshot.data);
    free((void *)bytes.data);
}

/* ---- what goes with it ---- */

static void
the_link_and_its_next_snapshot(void **state)
{
    static const struct row row = {
        "",
        "h",
        "{\"hs_call_title\":\"x\",\"hubspot_owner_id\":\"12\"}",
        LINK_BOTH,
        "{\"Subject\":\"b\",\"OwnerId\":\"005ann\"}",
        "",
        "u"};
    struct activity_rules rules[ACTIVITY_COUNT];
    const struct activity_world world = {.rules = rules,
                                         .env = &env,
                                         .fallback = "",
                                         .user = "005me",
                                         .now = 1,
                                         .over = 1300};
    struct span bytes = make_event(&row);
    struct store_link link = {.key = "hubspot:call:512",
                              .target = "salesforce:Task:" TASK,
                              .version = 3};
    struct current current = make_current(row.other);
    struct activity_case c;
    struct outcome o = {.outcome = ""};
    struct event ev;
    struct error err;
    struct text said;
    cJSON *decision;
    char id[64];

    (void)state;
    make_rules("", rules);
    link.snapshot = packed(row.snapshot);
    assert_int_equal(event_parse(&ev, bytes.data, bytes.len, &err), 0);
    assert_true(activity_case_of(&ev, &c, id, sizeof(id), &o));
    c.link = &link;
    assert_int_equal(activity_finish(&world, &c, &current, &ev, &o),
                     ACTIVITY_PASS);
    decision = json_from_mp(ev.field[EVENT_DECISION]);
    assert_string_equal(json_str(decision, "sync"), "activity");
    assert_string_equal(json_str(decision, "link"), link.key);
    assert_int_equal(cJSON_GetObjectItem(decision, "version")->valueint, 3);
    text_init(&said);
    say_json(&said, "", json_at(decision, "base"));
    say_json(&said, " ", json_at(decision, "seen"));
    say_json(&said, " ", json_at(decision, "known"));
    text_putc(&said, '\0');
    /* Salesforce's owner won; HubSpot has its address now. */
    assert_string_equal(
        said.data,
        "{\"hubspot\":{\"hs_call_title\":\"x\",\"hubspot_owner_id\":"
        "\"ann@example.com\"},\"salesforce\":{\"hs_call_title\":\"x\","
        "\"hubspot_owner_id\":\"ann@example.com\"}} "
        "{\"hubspot\":200,\"salesforce\":300} "
        "{\"hubspot\":201,\"salesforce\":301}");
    text_fini(&said);
    cJSON_Delete(decision);
    cJSON_Delete(current.fields);
    event_fini(&ev);
    free((void *)link.snapshot.data);
    free((void *)bytes.data);
}

/* Its pair went on without it, under another key. */
static void
a_record_that_was_made_anew(void **state)
{
    const struct row row = {"", "h", "{}", NULL, NULL, "", ""};
    struct span bytes = make_event(&row);
    struct outcome o = {.outcome = ""};
    struct activity_case c;
    struct event ev;
    struct error err;
    char id[64];

    (void)state;
    assert_int_equal(event_parse(&ev, bytes.data, bytes.len, &err), 0);
    assert_true(activity_case_of(&ev, &c, id, sizeof(id), &o));
    assert_true(activity_fits(&c, &ev, &o));
    snprintf(c.successor, sizeof(c.successor), "hubspot:call:900");
    assert_false(activity_fits(&c, &ev, &o));
    assert_string_equal(o.outcome, "dropped");
    assert_string_equal(o.reason, "made-anew");
    assert_string_equal(o.detail, "hubspot:call:900");
    event_fini(&ev);
    free((void *)bytes.data);
}

static void
a_link_of_something_else(void **state)
{
    static const struct {
        const char *from, *key, *target, *want;
        bool is_twin;
    } links[] = {
        {"s", "hubspot:meeting:9", "salesforce:Task:" TASK, "own-task", false},
        {"s", "hubspot:call:512", "salesforce:Task:00T0", "linked-elsewhere",
         false},
        {"sa", "hubspot:call:512", "salesforce:Task:00T0", "linked-elsewhere",
         true},
        {"h", "hubspot:call:9", "salesforce:Task:" TASK, "linked-elsewhere",
         true},
        {"ha", "hubspot:call:9", "salesforce:Task:" TASK, "linked-elsewhere",
         true}};

    (void)state;
    for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
        const struct row row = {"", links[i].from, "{}", NULL, NULL, "", ""};
        struct span bytes = make_event(&row);
        struct store_link link = {.version = 1};
        struct outcome o = {.outcome = ""};
        struct activity_case c;
        struct event ev;
        struct error err;
        char id[64];

        assert_int_equal(event_parse(&ev, bytes.data, bytes.len, &err), 0);
        snprintf(link.key, sizeof(link.key), "%s", links[i].key);
        snprintf(link.target, sizeof(link.target), "%s", links[i].target);
        assert_true(activity_case_of(&ev, &c, id, sizeof(id), &o));
        c.link = &link;
        c.is_twin = links[i].is_twin;
        assert_false(activity_fits(&c, &ev, &o));
        assert_string_equal(o.outcome, "dropped");
        assert_string_equal(o.reason, links[i].want);
        event_fini(&ev);
        free((void *)bytes.data);
    }
}

int
main(void)
{
    size_t n = n_activity_rows;
    struct CMUnitTest *tests = calloc(n + 3, sizeof(*tests));
    int rv;

    assert_non_null(tests);
    for (size_t i = 0; i < n; i++)
        tests[i] =
            (struct CMUnitTest){.name = activity_rows[i].name,
                                .test_func = check_row,
                                .initial_state = (void *)&activity_rows[i]};
    tests[n] =
        (struct CMUnitTest)cmocka_unit_test(the_link_and_its_next_snapshot);
    tests[n + 1] =
        (struct CMUnitTest)cmocka_unit_test(a_link_of_something_else);
    tests[n + 2] =
        (struct CMUnitTest)cmocka_unit_test(a_record_that_was_made_anew);
    rv = _cmocka_run_group_tests("activity_decide", tests, n + 3, NULL, NULL);
    free(tests);
    return rv;
}
