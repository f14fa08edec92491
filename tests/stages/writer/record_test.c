/* record_test: what becomes of an event, given the link that is there when it
 * is its turn; and how events are held in hand. */
#include "common/json.h"
#include "stages/writer/record.h"
#include "stages/writer/salesforce/task.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DECISION                                                               \
    "'target':'salesforce','object':'Task','action':'create','version':0,"     \
    "'digest':'d1','who_id':'003000000000001AAA','who_type':'Contact'"

struct row {
    const char *name;
    const char *decision; /* JSON with ' for "; NULL: absent */
    const char *kind;     /* NULL: call */
    bool has_link;
    int64_t link_version, link_modified_at; /* the event's is 1000 */
    const char *link_digest;
    const char *want; /* outcome and reason; NULL: it is written */
    bool want_update;
};

static const struct row rows[] = {
    {"no link", "{" DECISION "}", NULL, false, 0, 0, NULL, NULL, false},
    {"no decision", NULL, NULL, false, 0, 0, NULL, "dead no-decision", false},
    {"a decision that is no map", "[1]", NULL, false, 0, 0, NULL,
     "dead no-decision", false},
    {"a decision for another", "{'target':'hubspot','object':'Task'}", NULL,
     false, 0, 0, NULL, "dead no-decision", false},
    {"a kind of tomorrow", "{" DECISION "}", "fax", false, 0, 0, NULL,
     "dead bad-event", false},
    {"a newer version was written", "{" DECISION "}", NULL, true, 3, 1001, "d9",
     "unchanged superseded", false},
    {"this very version was written", "{" DECISION "}", NULL, true, 3, 1000,
     "d1", "unchanged already-written", false},
    {"the same version with other content", "{" DECISION "}", NULL, true, 3,
     1000, "d2", NULL, true},
    {"the link has moved on, and we are newer", "{" DECISION "}", NULL, true, 7,
     999, "d2", NULL, true},
    {"an older one with the same content", "{" DECISION "}", NULL, true, 1, 999,
     "d1", NULL, true},
    {"one of a group is enough", "{" DECISION ",'group':'g'}", NULL, true, 1, 5,
     "d7", "dropped duplicate", false},
    {"the first of a group", "{" DECISION ",'group':'g'}", NULL, false, 0, 0,
     NULL, NULL, false},
    {"the first of a group comes again", "{" DECISION ",'group':'g'}", NULL,
     true, 1, 1000, "d1", "unchanged already-written", false},
    {"asked for: it is made as a new one",
     "{'target':'salesforce','object':"
     "'Task','action':'update','version':3,'digest':'d1','who_id':"
     "'003000000000001AAA','who_type':'Contact'}",
     NULL, true, 3, 1000, "d1", NULL, false},
    {"asked for, and written since", "{" DECISION "}", NULL, true, 3, 1000,
     "d1", "unchanged already-written", false},
};

static void
pack_json(msgpack_packer *pk, const char *text)
{
    char *json = strdup(text);
    cJSON *value;

    for (char *p = json; *p != '\0'; p++)
        if (*p == '\'')
            *p = '"';
    value = json_parse(json, strlen(json), NULL);
    assert_non_null(value);
    json_to_mp(value, 1 << 20, pk);
    cJSON_Delete(value);
    free(json);
}

static void
build(struct event *ev, const char *id, const char *decision, const char *kind)
{
    msgpack_packer pk;

    event_init(ev);
    event_set_i64(ev, EVENT_V, 1);
    event_set_str(ev, EVENT_ID, id);
    event_set_str(ev, EVENT_KEY, "hubspot:call:512");
    event_set_str(ev, EVENT_SOURCE, "hubspot");
    event_set_i64(ev, EVENT_SEQ, 7);
    event_set_str(ev, EVENT_KIND, kind != NULL ? kind : "call");
    event_set_i64(ev, EVENT_OCCURRED_AT, 1714060800000);
    event_set_i64(ev, EVENT_MODIFIED_AT, 1000);
    event_set_str(ev, EVENT_NATIVE, "large");
    if (decision != NULL) {
        msgpack_packer_init(&pk, event_set(ev, EVENT_DECISION),
                            msgpack_sbuffer_write);
        pack_json(&pk, decision);
        event_set_done(ev, EVENT_DECISION);
    }
}

static void
link_of(const struct row *r, struct store_link *link, msgpack_sbuffer *snapshot)
{
    msgpack_packer pk;

    memset(link, 0, sizeof(*link));
    msgpack_sbuffer_init(snapshot);
    if (!r->has_link)
        return;
    msgpack_packer_init(&pk, snapshot, msgpack_sbuffer_write);
    msgpack_pack_map(&pk, 1);
    mp_pack_kv_str(&pk, "digest", r->link_digest);
    link->snapshot =
        (struct span){(const uint8_t *)snapshot->data, snapshot->size};
    link->version = r->link_version;
    link->modified_at = r->link_modified_at;
    snprintf(link->target, sizeof(link->target), "salesforce:Task:00T1");
}

static void
check_row(void **state)
{
    const struct row *r = *state;
    static const struct rules rules = {.external_id = "HubSpot_Id__c"};
    struct store_link link;
    msgpack_sbuffer snapshot;
    struct record record;
    struct outcome o;
    struct event ev;
    struct error err;
    char got[96];
    int rv;

    build(&ev, "i", r->decision, r->kind);
    if (strncmp(r->name, "asked for", 9) == 0)
        event_set_true(&ev, EVENT_ASKED);
    link_of(r, &link, &snapshot);
    rv = record_make(&ev, &rules, "UTC", 0, r->has_link ? &link : NULL, NULL,
                     &record, &o, &err);
    if (r->want != NULL) {
        assert_int_equal(rv, 0);
        snprintf(got, sizeof(got), "%s %s", o.outcome, o.reason);
        assert_string_equal(got, r->want);
        assert_null(record.task);
    } else {
        assert_int_equal(rv, 1);
        assert_int_equal(record.is_update, r->want_update);
        assert_int_equal(record.version, r->link_version);
        assert_int_equal(task_has(record.task, "TaskSubtype"), !r->want_update);
        msgpack_sbuffer_clear(&snapshot);
        record_snapshot(&record, &snapshot);
        link.snapshot =
            (struct span){(const uint8_t *)snapshot.data, snapshot.size};
        assert_int_equal(mp_get_str(link.snapshot, "digest", got, sizeof(got)),
                         2);
        mp_get_str(mp_get(link.snapshot, "task"), "HubSpot_Id__c", got,
                   sizeof(got));
        assert_string_equal(got, strstr(r->decision, "'group'") != NULL
                                     ? "g"
                                     : "hubspot:call:512");
    }
    record_fini(&record);
    msgpack_sbuffer_destroy(&snapshot);
    event_fini(&ev);
}

static void
a_resend_joins(void **state)
{
    struct hand hand = {.n = 0};
    struct event ev, kept;
    char buf[EVENT_ID_MAX];

    (void)state;
    build(&ev, "a@1", "{" DECISION "}", NULL);
    hand_take(&hand, &ev);
    event_set_i64(&ev, EVENT_SEQ, 8);
    hand_take(&hand, &ev);
    event_set_str(&ev, EVENT_ID, "a@2");
    hand_take(&hand, &ev);
    event_fini(&ev);
    assert_int_equal(hand.n, 2);
    assert_int_equal(hand.held[0]->n_seqs, 2);
    assert_int_equal(hand.held[0]->seqs[1], 8);
    assert_string_equal(hand.held[1]->id, "a@2");
    held_event(hand.held[0], &kept);
    assert_string_equal(event_str(&kept, EVENT_ID, buf, sizeof(buf)), "a@1");
    assert_null(kept.field[EVENT_NATIVE].data);
    assert_non_null(kept.field[EVENT_DECISION].data);
    event_fini(&kept);
    hand_to_back(&hand, (const size_t[]){0}, 1);
    assert_string_equal(hand.held[0]->id, "a@2");
    hand.held[0]->n_seqs = 0; /* it has ended */
    hand_sweep(&hand);
    assert_int_equal(hand.n, 1);
    assert_string_equal(hand.held[0]->id, "a@1");
    hand_fini(&hand);
}

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

int
main(void)
{
    struct CMUnitTest tests[N_ROWS + 1] = {{0}};

    for (size_t i = 0; i < N_ROWS; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name,
                                       .test_func = check_row,
                                       .initial_state = (void *)&rows[i]};
    tests[N_ROWS] = (struct CMUnitTest)cmocka_unit_test(a_resend_joins);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
