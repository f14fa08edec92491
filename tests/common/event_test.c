/* event_test: what goes in comes out; unknown fields pass; bad events are
 * refused with a reason. */
#include "common/event.h"

#include "common/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void
build(struct event *ev)
{
    event_init(ev);
    event_set_i64(ev, EVENT_V, 1);
    event_set_str(ev, EVENT_ID, "hubspot:call:512@1714060800000");
    event_set_str(ev, EVENT_KEY, "hubspot:call:512");
    event_set_str(ev, EVENT_SOURCE, "hubspot");
    event_set_i64(ev, EVENT_SEQ, 7);
    event_set_str(ev, EVENT_OP, "upsert");
    event_set_i64(ev, EVENT_MODIFIED_AT, 1714060800000);
}

static void
encode(struct event *ev, msgpack_sbuffer *out)
{
    struct error err;

    msgpack_sbuffer_init(out);
    assert_int_equal(event_encode(ev, out, &err), 0);
}

static int
parse(struct event *ev, const msgpack_sbuffer *b, struct error *err)
{
    return event_parse(ev, (const uint8_t *)b->data, b->size, err);
}

static void
round_trip(void **state)
{
    struct event a, b;
    msgpack_sbuffer bytes;
    struct error err;
    char text[64];

    (void)state;
    build(&a);
    encode(&a, &bytes);
    assert_int_equal(parse(&b, &bytes, &err), 0);
    assert_string_equal(event_str(&b, EVENT_ID, text, sizeof(text)),
                        "hubspot:call:512@1714060800000");
    assert_true(event_i64(&b, EVENT_MODIFIED_AT, 0) == 1714060800000);
    assert_int_equal(event_i64(&b, EVENT_SEQ, 0), 7);
    assert_int_equal(event_i64(&b, EVENT_OCCURRED_AT, -5), -5);
    assert_string_equal(event_str(&b, EVENT_KIND, text, sizeof(text)), "");
    event_fini(&a);
    event_fini(&b);
    msgpack_sbuffer_destroy(&bytes);
}

static void
unknown_fields_pass(void **state)
{
    struct event a, b, c;
    msgpack_sbuffer bytes, again;
    msgpack_packer pk;
    struct error err;
    struct span v;

    (void)state;
    build(&a);
    encode(&a, &bytes);
    /* A newer stage's field: make room in the header for one pair more. */
    bytes.data[0]++;
    msgpack_packer_init(&pk, &bytes, msgpack_sbuffer_write);
    mp_pack_kv_str(&pk, "tomorrow", "value");
    assert_int_equal(parse(&b, &bytes, &err), 0);
    event_set_str(&b, EVENT_KIND, "call");
    encode(&b, &again);
    assert_int_equal(parse(&c, &again, &err), 0);
    v = mp_get((struct span){(const uint8_t *)again.data, again.size},
               "tomorrow");
    assert_true(mp_str(v, &v));
    assert_memory_equal(v.data, "value", 5);
    event_fini(&a);
    event_fini(&b);
    event_fini(&c);
    msgpack_sbuffer_destroy(&bytes);
    msgpack_sbuffer_destroy(&again);
}

static void
fields_change(void **state)
{
    struct event ev;
    msgpack_sbuffer bytes;
    char text[32];

    (void)state;
    build(&ev);
    event_set_str(&ev, EVENT_KIND, "call");
    event_set_str(&ev, EVENT_KIND, "meeting");
    assert_string_equal(event_str(&ev, EVENT_KIND, text, sizeof(text)),
                        "meeting");
    event_set_span(&ev, EVENT_KEY, ev.field[EVENT_KIND]);
    event_set_span(&ev, EVENT_KEY, ev.field[EVENT_KEY]);
    assert_string_equal(event_str(&ev, EVENT_KEY, text, sizeof(text)),
                        "meeting");
    event_drop(&ev, EVENT_KIND);
    encode(&ev, &bytes);
    assert_null(
        mp_get((struct span){(const uint8_t *)bytes.data, bytes.size}, "kind")
            .data);
    event_fini(&ev);
    msgpack_sbuffer_destroy(&bytes);
}

static void
trace_grows(void **state)
{
    struct event ev;
    struct span t, entry, s;
    uint32_t n;

    (void)state;
    build(&ev);
    event_trace(&ev, "normalizer", "passed", NULL);
    event_trace(&ev, "window-filter", "dropped", "kind-off");
    t = ev.field[EVENT_TRACE];
    assert_true(mp_array(&t, &n));
    assert_int_equal(n, 2);
    mp_next(&t);
    entry = mp_next(&t);
    assert_true(mp_array(&entry, &n));
    assert_int_equal(n, 3);
    mp_next(&entry);
    mp_next(&entry);
    assert_true(mp_str(mp_next(&entry), &s));
    assert_memory_equal(s.data, "kind-off", s.len);
    event_fini(&ev);
}

struct bad {
    const char *name;
    enum event_field field;
    const char *text; /* NULL: the field is taken away */
    int64_t number;
    const char *says;
};

static const struct bad bad_rows[] = {
    {"no id", EVENT_ID, NULL, 0, "id"},
    {"no key", EVENT_KEY, NULL, 0, "key"},
    {"no source", EVENT_SOURCE, NULL, 0, "source"},
    {"no seq", EVENT_SEQ, NULL, 0, "seq"},
    {"no version", EVENT_V, NULL, 0, "version"},
    {"version of tomorrow", EVENT_V, "", 2, "version 2"},
    {"negative seq", EVENT_SEQ, "", -1, "seq"},
    {"id is a number", EVENT_ID, "", 5, "id"},
    {"empty key", EVENT_KEY, "", INT64_MIN, "key"},
};

static void
bad_event(void **state)
{
    const struct bad *r = *state;
    struct event ev, out;
    msgpack_sbuffer bytes;
    struct error err;

    build(&ev);
    if (r->text == NULL)
        event_drop(&ev, r->field);
    else if (r->number == INT64_MIN)
        event_set_str(&ev, r->field, r->text);
    else
        event_set_i64(&ev, r->field, r->number);
    encode(&ev, &bytes);
    assert_int_equal(parse(&out, &bytes, &err), -1);
    assert_int_equal(err.code, EX_DATAERR);
    assert_non_null(strstr(err.text, r->says));
    event_fini(&ev);
    event_fini(&out);
    msgpack_sbuffer_destroy(&bytes);
}

static void
too_large(void **state)
{
    struct event ev;
    msgpack_sbuffer bytes;
    msgpack_packer pk;
    struct error err;
    char *body = calloc(1, MP_EVENT_MAX);

    (void)state;
    build(&ev);
    memset(body, 'x', MP_EVENT_MAX - 1);
    msgpack_packer_init(&pk, event_set(&ev, EVENT_PROPS),
                        msgpack_sbuffer_write);
    mp_pack_str(&pk, body);
    event_set_done(&ev, EVENT_PROPS);
    msgpack_sbuffer_init(&bytes);
    assert_int_equal(event_encode(&ev, &bytes, &err), -1);
    assert_int_equal(bytes.size, 0);
    event_fini(&ev);
    msgpack_sbuffer_destroy(&bytes);
    free(body);
}

static void
twice_the_same_field(void **state)
{
    struct event ev, out;
    msgpack_sbuffer bytes;
    msgpack_packer pk;
    struct error err;

    (void)state;
    build(&ev);
    encode(&ev, &bytes);
    bytes.data[0]++;
    msgpack_packer_init(&pk, &bytes, msgpack_sbuffer_write);
    mp_pack_kv_str(&pk, "id", "another");
    assert_int_equal(parse(&out, &bytes, &err), -1);
    assert_non_null(strstr(err.text, "twice"));
    event_fini(&ev);
    event_fini(&out);
    msgpack_sbuffer_destroy(&bytes);
}

static void
outcomes(void **state)
{
    struct outcome a = {.source = "hubspot",
                        .seq = 9,
                        .id = "hubspot:call:1@2",
                        .outcome = "dropped",
                        .reason = "kind-off",
                        .stage = "window-filter",
                        .tries = 3};
    struct outcome b;
    msgpack_sbuffer bytes;
    struct error err;

    (void)state;
    msgpack_sbuffer_init(&bytes);
    outcome_encode(&a, &bytes);
    assert_int_equal(
        outcome_parse(&b, (const uint8_t *)bytes.data, bytes.size, &err), 0);
    assert_string_equal(b.id, a.id);
    assert_string_equal(b.reason, "kind-off");
    assert_int_equal(b.seq, 9);
    assert_int_equal(b.tries, 3);
    assert_null(b.trace.data);
    assert_int_equal(
        outcome_parse(&b, (const uint8_t *)bytes.data, bytes.size - 1, &err),
        -1);
    assert_int_equal(outcome_parse(&b, (const uint8_t *)"\x80", 1, &err), -1);
    /* found by fuzzing: a source that is no C string */
    *(char *)memmem(bytes.data, bytes.size, "hubspot", 7) = '\0';
    assert_int_equal(
        outcome_parse(&b, (const uint8_t *)bytes.data, bytes.size, &err), -1);
    msgpack_sbuffer_destroy(&bytes);
}

#define PERSON "003000000000001AAA"

static const struct {
    const char *event, *whom;
} hangings[] = {
    {"{\"contact\": {\"hubspot_id\": \"51\", \"salesforce_id\": \"" PERSON
     "\"}, \"native\": {\"WhoId\": \"" PERSON "\"}}",
     "51"},
    {"{\"contact\": {\"salesforce_id\": \"" PERSON "\"}}", PERSON},
    {"{\"contact\": {\"hubspot_id\": \"\"}}", ""},
    {"{\"contact\": {\"hubspot_id\": \"123456789012345678901234\"}}", ""},
    {"{\"contact\": {\"hubspot_id\": 51}}", ""},
    {"{\"contact\": [51]}", ""},
    {"{\"native\": {\"WhoId\": \"003000000000001\"}}", PERSON},
    {"{\"native\": {\"WhoId\": null}}", ""},
    {"{\"native\": {\"WhoId\": \"a stranger's\"}}", ""},
    {"{\"props\": {\"WhoId\": \"" PERSON "\"}}", PERSON},
    {"{\"contacts\": [{\"hubspot_id\": \"51\"}]}", ""},
    {"{}", ""}};

static void
whom_an_event_hangs_on(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(hangings) / sizeof(hangings[0]); i++) {
        cJSON *event = cJSON_Parse(hangings[i].event);
        char id[EVENT_WHOM_SIZE] = "before";
        msgpack_sbuffer bytes;
        msgpack_packer pk;

        msgpack_sbuffer_init(&bytes);
        msgpack_packer_init(&pk, &bytes, msgpack_sbuffer_write);
        json_to_mp(event, 1024, &pk);
        event_whom_of((struct span){(const uint8_t *)bytes.data, bytes.size},
                      id);
        if (strcmp(id, hangings[i].whom) != 0)
            fail_msg("%s: %s", hangings[i].event, id);
        msgpack_sbuffer_destroy(&bytes);
        cJSON_Delete(event);
    }
}

int
main(void)
{
    enum { N = sizeof(bad_rows) / sizeof(bad_rows[0]), M = 8 };
    struct CMUnitTest tests[M + N] = {
        cmocka_unit_test(round_trip),
        cmocka_unit_test(unknown_fields_pass),
        cmocka_unit_test(fields_change),
        cmocka_unit_test(trace_grows),
        cmocka_unit_test(too_large),
        cmocka_unit_test(twice_the_same_field),
        cmocka_unit_test(outcomes),
        cmocka_unit_test(whom_an_event_hangs_on),
    };

    for (size_t i = 0; i < N; i++)
        tests[M + i] =
            (struct CMUnitTest){.name = bad_rows[i].name,
                                .test_func = bad_event,
                                .initial_state = (void *)&bad_rows[i]};
    return cmocka_run_group_tests_name("event", tests, NULL, NULL);
}
