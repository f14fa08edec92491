/* activity_decide_test: an event, its link and the other side's record: what is
 * written, or how it ends. What they hang on: ties_decide_test. */
#include "stages/conflict-resolver/activity_decide.h"

#include "common/json.h"
#include "common/text.h"
#include "tests/stages/conflict-resolver/activity_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define TASK "00T000000000001AAA"

#define FLIP(property, from, to)                                               \
    "\"flip\":{\"number\":7,\"property\":\"" property "\",\"from\":\"" from    \
    "\",\"to\":\"" to "\",\"is_back\":false},"

/* Links by a letter. */
static const char both[] = "{\"hubspot\":{\"hs_call_title\":\"b\"},"
                           "\"salesforce\":{\"hs_call_title\":\"b\"},"
                           "\"seen\":{\"hubspot\":100,\"salesforce\":100}}";
static const char gone_salesforce[] =
    "{\"hubspot\":{\"hs_call_title\":\"b\"},"
    "\"salesforce\":{\"hs_call_title\":\"b\"},\"deleted\":{\"salesforce\":"
    "false}}";
static const char gone_hubspot[] =
    "{\"hubspot\":{\"hs_call_title\":\"b\"},"
    "\"salesforce\":{\"hs_call_title\":\"b\"},\"deleted\":{\"hubspot\":false},"
    "\"seen\":{\"hubspot\":100}}";
static const char apart[] = "{\"hubspot\":{\"hs_call_title\":\"b\"},"
                            "\"salesforce\":{\"hs_call_title\":\"c\"},"
                            "\"seen\":{\"hubspot\":100,\"salesforce\":100}}";
static const char timeline[] = "{\"digest\":\"0123\",\"task\":{}}";

static const struct row {
    const char *name;
    const char *from;     /* "h" | "s": whose event; 'd': it is a deletion,
                             'o': older than what the link has seen, 'k': that
                             version, 'n': names the other, 'l': the other stays,
                             'a': was asked for, 'e': the link leads to another
                             Task, 'f': a flip of the title from b to x, 'F': of
                             the owner to one whom nobody knows, 'm': of an
                             import, where nothing is alike, 'u': is filtered
                             unless it is linked */
    const char *props;    /* of its own side */
    const char *snapshot; /* NULL: no link */
    const char *other;    /* fields; "missing", "deleted"; NULL: must not be
                             asked for */
    const char *want;     /* "TARGET ACTION ID FIELDS" of each write; then
                             what is told of the decision; or "OUTCOME REASON" */
    const char *rules;    /* "i": creations are ignored, 'u': updates, 'p':
                             HubSpot is preferred, 'x': the kind is off, 'd':
                             deletions go over, 'w': tell what was there */
} rows[] = {
    {"new in HubSpot", "h", "{\"hs_call_title\":\"A\"}", NULL, NULL,
     "salesforce create - {\"Subject\":\"A\",\"OwnerId\":\"005me\","
     "\"TaskSubtype\":\"Call\"}",
     ""},
    {"its owner is known", "h", "{\"hubspot_owner_id\":\"11\"}", NULL, NULL,
     "salesforce create - {\"OwnerId\":\"005ann\",\"TaskSubtype\":\"Call\"}",
     ""},
    {"new in Salesforce", "s",
     "{\"Subject\":\"A\",\"CallDurationInSeconds\":\"90\",\"OwnerId\":"
     "\"005ann\"}",
     NULL, NULL,
     "hubspot create - {\"hs_call_title\":\"A\",\"hs_call_duration\":\"90000\","
     "\"hubspot_owner_id\":\"11\",\"hs_timestamp\":\"1714060800000\"}",
     ""},
    {"new, an owner whom HubSpot has not", "s", "{\"OwnerId\":\"005bob\"}",
     NULL, NULL, "hubspot create - {\"hs_timestamp\":\"1714060800000\"}", ""},
    {"new, to be ignored", "h", "{}", NULL, NULL, "dropped creation-ignored",
     "i"},
    {"new, in spite of ignored updates", "h", "{\"hs_call_title\":\"A\"}", NULL,
     NULL,
     "salesforce create - {\"Subject\":\"A\",\"OwnerId\":\"005me\","
     "\"TaskSubtype\":\"Call\"}",
     "u"},
    {"new, and not among those that are wanted", "hu",
     "{\"hs_call_title\":\"A\"}", NULL, NULL, "dropped filtered owner:ann", ""},
    {"the same of Salesforce", "su", "{\"Subject\":\"A\"}", NULL, NULL,
     "dropped filtered owner:ann", ""},
    {"not wanted, but linked", "hu", "{\"hs_call_title\":\"x\"}", both,
     "{\"Subject\":\"b\"}", "salesforce update " TASK " {\"Subject\":\"x\"}",
     ""},
    {"not wanted, but its timeline task is there", "hu",
     "{\"hs_call_title\":\"A\"}", timeline, "{\"Subject\":\"B\"}",
     "salesforce update " TASK " {\"Subject\":\"A\"}", ""},
    {"not wanted, but it names its call", "sun", "{\"Subject\":\"y\"}", NULL,
     "{\"hs_call_title\":\"y\",\"hs_call_duration\":\"5000\"}",
     "salesforce update " TASK " {\"CallDurationInSeconds\":5}", ""},
    {"deleted and never linked", "hd", NULL, NULL, NULL, "dropped not-linked",
     ""},
    {"the kind is off", "h", "{}", both, NULL, "dropped kind-off", "x"},
    {"a value without sense", "h", "{\"hs_call_duration\":\"soon\"}", both,
     NULL, "dead bad-record", ""},

    {"nothing changed", "hk", "{\"hs_call_title\":\"b\"}", both, NULL,
     "unchanged no-difference", ""},
    {"another version that says the same", "h", "{\"hs_call_title\":\"b\"}",
     both, NULL, "none no-difference", ""},
    {"older than what was seen", "ho", "{\"hs_call_title\":\"x\"}", both, NULL,
     "unchanged superseded", ""},
    {"changed here", "h", "{\"hs_call_title\":\"x\"}", both,
     "{\"Subject\":\"b\"}", "salesforce update " TASK " {\"Subject\":\"x\"}",
     ""},
    {"changed here, updates are ignored", "h", "{\"hs_call_title\":\"x\"}",
     both, "{\"Subject\":\"b\"}", "none no-difference", "u"},
    {"emptied here", "s", "{}", both, "{\"hs_call_title\":\"b\"}",
     "hubspot update 512 {\"hs_call_title\":\"\"}", ""},
    {"changed to the same", "h", "{\"hs_call_title\":\"x\"}", both,
     "{\"Subject\":\"x\"}", "none no-difference", ""},
    {"changed to different values", "h", "{\"hs_call_title\":\"x\"}", both,
     "{\"Subject\":\"y\"}",
     "hubspot update 512 {\"hs_call_title\":\"y\"} conflict y x salesforce",
     ""},
    {"the same, HubSpot is preferred", "h", "{\"hs_call_title\":\"x\"}", both,
     "{\"Subject\":\"y\"}",
     "salesforce update " TASK " {\"Subject\":\"x\"} conflict x y hubspot",
     "p"},
    {"each side something", "h", "{\"hs_call_title\":\"x\"}", both,
     "{\"Subject\":\"b\",\"CallDurationInSeconds\":7}",
     "hubspot update 512 {\"hs_call_duration\":\"7000\"}; "
     "salesforce update " TASK " {\"Subject\":\"x\"}",
     ""},
    {"an owner whom nobody matches stays out", "h",
     "{\"hs_call_title\":\"b\",\"hubspot_owner_id\":\"12\"}", both,
     "{\"Subject\":\"b\"}", "none no-difference", ""},

    {"missing on the other side", "h", "{\"hs_call_title\":\"x\"}", both,
     "missing", "unchanged other-side-missing", ""},
    {"deleted on the other side", "h", "{\"hs_call_title\":\"x\"}", both,
     "deleted", "none other-side-deleted salesforce-gone", ""},
    {"known to be deleted, and missing", "s", "{\"Subject\":\"x\"}",
     gone_hubspot, "missing", "none other-side-deleted hubspot-gone", ""},
    {"deleted here", "hd", NULL, both, "{\"Subject\":\"b\"}",
     "none other-side-deleted hubspot-gone", ""},
    {"deleted here, to go over", "hd", NULL, both, "{\"Subject\":\"b\"}",
     "salesforce delete " TASK " {} hubspot-gone salesforce-gone", "d"},
    {"deleted here, a person lets the other stay", "hdl", NULL, both,
     "{\"Subject\":\"b\"}", "none other-side-deleted hubspot-gone", "d"},
    {"deleted here, changed there", "hd", NULL, both, "{\"Subject\":\"y\"}",
     "salesforce delete " TASK " {} conflict  y hubspot hubspot-gone "
     "salesforce-gone",
     "dp"},
    {"deleted here, changed there and preferred", "sd", NULL, both,
     "{\"hs_call_title\":\"y\"}",
     "salesforce restore " TASK " {\"Subject\":\"y\",\"CallDurationInSeconds\":"
     "null} conflict  deleted hubspot",
     "dp"},
    {"changed here, deleted there: that has an event of its own", "h",
     "{\"hs_call_title\":\"x\"}", both, "deleted",
     "unchanged other-side-deleted", "d"},
    {"changed here and preferred, deleted there", "h",
     "{\"hs_call_title\":\"x\"}", both, "deleted",
     "salesforce restore " TASK " {\"Subject\":\"x\",\"CallDurationInSeconds\":"
     "null} conflict  deleted hubspot",
     "dp"},
    {"a timeline task is not deleted", "hd", NULL, timeline,
     "{\"Subject\":\"b\"}", "none other-side-deleted hubspot-gone", "d"},
    {"nor its call", "sd", NULL, timeline, "{\"hs_call_title\":\"b\"}",
     "none other-side-deleted salesforce-gone", "d"},
    {"deleted here, as is known", "hdk", NULL, gone_hubspot, NULL,
     "unchanged no-difference", ""},
    {"deleted on both", "hd", NULL, gone_salesforce, "deleted",
     "none both-deleted hubspot-gone salesforce-gone", ""},
    {"restored here", "s", "{\"Subject\":\"b\"}", gone_salesforce,
     "{\"hs_call_title\":\"b\"}", "none no-difference", ""},
    {"restored here, changed meanwhile there", "s", "{\"Subject\":\"b\"}",
     gone_salesforce, "{\"hs_call_title\":\"x\"}",
     "salesforce update " TASK " {\"Subject\":\"x\"}", ""},

    {"a timeline task is adopted", "h", "{\"hs_call_title\":\"A\"}", timeline,
     "{\"Subject\":\"HubSpot call: A\",\"CallDurationInSeconds\":5}",
     "salesforce update " TASK " {\"Subject\":\"A\"}", ""},
    {"from its other end too", "s", "{\"Subject\":\"HubSpot call: A\"}",
     timeline, "{\"hs_call_title\":\"A\"}",
     "salesforce update " TASK " {\"Subject\":\"A\"}", ""},
    {"a task that names its call, without a link", "sn", "{\"Subject\":\"y\"}",
     NULL, "{\"hs_call_title\":\"y\",\"hs_call_duration\":\"5000\"}",
     "salesforce update " TASK " {\"CallDurationInSeconds\":5}", ""},
    {"what was there", "h", "{\"hs_call_title\":\"x\"}", both,
     "{\"Subject\":\"b\",\"CallDurationInSeconds\":7}",
     "hubspot update 512 {\"hs_call_duration\":\"7000\"} was {}; salesforce "
     "update " TASK " {\"Subject\":\"x\"} was {\"Subject\":\"b\"}",
     "w"},

    {"a flip", "hf", "{\"hs_call_title\":\"b\"}", both, "{\"Subject\":\"b\"}",
     "hubspot update 512 {\"hs_call_title\":\"x\"} was "
     "{\"hs_call_title\":\"b\"}; salesforce update " TASK
     " {\"Subject\":\"x\"} was {\"Subject\":\"b\"} flip "
     "{\"number\":7,\"is_back\":false}",
     "w"},
    {"a flip that one side has already", "sf", "{\"Subject\":\"b\"}", both,
     "{\"hs_call_title\":\"x\"}",
     "hubspot update 512 {\"hs_call_title\":\"x\"}; salesforce update " TASK
     " {\"Subject\":\"x\"} flip {\"number\":7,\"is_back\":false}",
     ""},
    {"a flip, with another change", "sfk",
     "{\"Subject\":\"b\",\"CallDurationInSeconds\":7}", both,
     "{\"hs_call_title\":\"b\"}",
     "hubspot update 512 "
     "{\"hs_call_title\":\"x\",\"hs_call_duration\":\"7000\"};"
     " salesforce update " TASK
     " {\"Subject\":\"x\"} flip {\"number\":7,\"is_back\":false}",
     ""},
    {"a flip of a pair that was changed here", "hf",
     "{\"hs_call_title\":\"y\"}", both, "{\"Subject\":\"b\"}",
     "dropped changed-since", ""},
    {"a flip of a pair that was changed there", "hf",
     "{\"hs_call_title\":\"b\"}", both, "{}", "dropped changed-since", ""},
    {"a flip of a pair that is agreed on something else", "hfo",
     "{\"hs_call_title\":\"z\"}", both, "{\"Subject\":\"z\"}",
     "dropped changed-since", ""},
    {"a flip of a record that is deleted there", "hf",
     "{\"hs_call_title\":\"b\"}", both, "deleted", "dropped changed-since", ""},
    {"a flip without a link", "hf", "{\"hs_call_title\":\"b\"}", NULL, NULL,
     "dropped not-linked", ""},
    {"a flip of a kind that is off", "hf", "{}", both, NULL, "dropped kind-off",
     "x"},
    {"a flip to an owner whom nobody has", "hF", "{\"hs_call_title\":\"b\"}",
     both, "{\"Subject\":\"b\"}", "dropped cannot-write", ""},

    {"a call that is the same as a task", "hn", "{\"hs_call_title\":\"y\"}",
     NULL, "{\"Subject\":\"y\",\"CallDurationInSeconds\":5}",
     "hubspot update 512 {\"hs_call_duration\":\"5000\"}", ""},
    {"it names one that is not there", "sn", "{\"Subject\":\"y\"}", NULL,
     "missing", "unchanged other-side-missing", ""},

    {"asked for, and nothing is new", "hka", "{\"hs_call_title\":\"b\"}", both,
     "{\"Subject\":\"b\"}", "unchanged no-difference", ""},
    {"asked for, the other has changed", "hka", "{\"hs_call_title\":\"b\"}",
     both, "{\"Subject\":\"y\"}",
     "hubspot update 512 {\"hs_call_title\":\"y\"}", ""},
    {"asked for, and older than what was seen", "hoa",
     "{\"hs_call_title\":\"x\"}", both, NULL, "unchanged superseded", ""},
    {"asked for, the other is missing in Salesforce", "hka",
     "{\"hs_call_title\":\"b\"}", both, "missing",
     "salesforce create - {\"Subject\":\"b\",\"OwnerId\":\"005me\","
     "\"TaskSubtype\":\"Call\"}",
     ""},
    {"asked for, the other is missing in HubSpot", "ska", "{\"Subject\":\"b\"}",
     both, "missing",
     "hubspot create - {\"hs_call_title\":\"b\",\"hs_timestamp\":"
     "\"1714060800000\"}",
     ""},
    {"asked for, missing, creations are ignored", "hka", "{}", both, "missing",
     "dropped creation-ignored", "i"},
    {"asked for, missing, and deleted itself", "sda", NULL, both, "missing",
     "none both-deleted hubspot-gone salesforce-gone", ""},
    {"asked for, the other was deleted", "hka", "{\"hs_call_title\":\"b\"}",
     both, "deleted", "none other-side-deleted salesforce-gone", ""},
    {"asked for, the link calls it agreed", "hka", "{\"hs_call_title\":\"b\"}",
     apart, "{\"Subject\":\"c\"}",
     "hubspot update 512 {\"hs_call_title\":\"c\"} conflict c b salesforce",
     ""},
    {"the same, and updates are ignored", "hka", "{\"hs_call_title\":\"b\"}",
     apart, "{\"Subject\":\"c\"}", "unchanged no-difference", "u"},
    {"it names one, and the link leads elsewhere", "soane",
     "{\"Subject\":\"y\"}", both, "{\"hs_call_title\":\"y\"}",
     "none no-difference", ""},
    {"the same, and they differ", "sane", "{\"Subject\":\"y\"}", both,
     "{\"hs_call_title\":\"x\"}",
     "hubspot update 512 {\"hs_call_title\":\"y\"} conflict y x salesforce",
     ""},

    {"an import of what is new to the other side", "hm",
     "{\"hs_call_title\":\"A\"}", NULL, NULL,
     "salesforce create - {\"Subject\":\"A\",\"OwnerId\":\"005me\","
     "\"TaskSubtype\":\"Call\"}",
     ""},
    {"an import does not heed ignored creations", "sm", "{\"Subject\":\"A\"}",
     NULL, NULL,
     "hubspot create - {\"hs_call_title\":\"A\",\"hs_timestamp\":"
     "\"1714060800000\"}",
     "i"},
    {"an import of a kind that is off", "hm", "{}", NULL, NULL,
     "dropped kind-off", "x"},
    {"an import of what is linked", "hmk", "{\"hs_call_title\":\"b\"}", both,
     NULL, "unchanged no-difference", ""},
    {"an import of a value without sense", "hm",
     "{\"hs_call_duration\":\"soon\"}", NULL, NULL, "dead bad-record", ""},
    {"an import of a call that names its task", "hnm",
     "{\"hs_call_title\":\"x\"}", NULL,
     "{\"Subject\":\"y\",\"CallDurationInSeconds\":5}",
     "hubspot update 512 {\"hs_call_title\":\"y\",\"hs_call_duration\":"
     "\"5000\"} conflict y x salesforce",
     ""},
};

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
        both,
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
    enum { N = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[N + 2] = {
        [N] = cmocka_unit_test(the_link_and_its_next_snapshot),
        [N + 1] = cmocka_unit_test(a_link_of_something_else)};

    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name,
                                       .test_func = check_row,
                                       .initial_state = (void *)&rows[i]};
    return cmocka_run_group_tests_name("activity_decide", tests, NULL, NULL);
}
