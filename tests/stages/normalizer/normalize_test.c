/* normalize_test: what is rendered, bounded, mended, kept and passed, whatever
 * the record's type. */
#include "tests/stages/normalizer/native_rows.h"

static void
expect_prop(const struct event *ev, const char *name, const char *want)
{
    static char got[400000];

    mp_get_str(ev->field[EVENT_PROPS], name, got, sizeof(got));
    assert_string_equal(got, want);
}

static void
renders(void **state)
{
    struct error err;
    struct event ev;

    (void)state;
    build(&ev, "call",
          ENG(AT "'hs_call_title':'Hello\\n  world','hs_call_direction':"
                 "'INBOUND','hs_call_duration':'61000','hs_call_body':"
                 "'<p>a</p><p>b</p>'"));
    assert_int_equal(normalize_event(&ev, &shipped, &err), NORMALIZE_OK);
    expect_prop(&ev, "subject", "HubSpot call: Hello world");
    expect_prop(&ev, "description",
                "Direction: inbound\nDuration: 1 min 1 s\n\na\n\nb");
    event_fini(&ev);
}

static void
own_templates(void **state)
{
    struct normalize_conf conf;
    struct error err = {0, ""};
    struct event ev;

    (void)state;
    normalize_conf_init(&conf);
    normalize_conf_set(&conf, KIND_NOTE, "{preview}", "Noted {occurred_at}");
    build(&ev, "note", ENG(AT "'hs_note_body':'Hi'"));
    assert_int_equal(normalize_event(&ev, &conf, &err), NORMALIZE_OK);
    expect_prop(&ev, "subject", "Hi");
    expect_prop(&ev, "description", "Noted 2024-04-25 16:00 UTC");
    event_fini(&ev);
    /* A subject that comes out empty becomes the shipped one; an empty
     * description is none. */
    normalize_conf_set(&conf, KIND_NOTE, "{preview}", "");
    build(&ev, "note", ENG(AT "'hs_note_body':''"));
    assert_int_equal(normalize_event(&ev, &conf, &err), NORMALIZE_OK);
    expect_prop(&ev, "subject", "HubSpot note");
    assert_null(mp_get(ev.field[EVENT_PROPS], "description").data);
    event_fini(&ev);
    normalize_conf_fini(&conf);
}

/* A text of n times `unit`. */
static char *
repeated(const char *unit, size_t n)
{
    size_t len = strlen(unit);
    char *s = malloc(n * len + 1);

    for (size_t i = 0; i < n; i++)
        memcpy(s + i * len, unit, len);
    s[n * len] = '\0';
    return s;
}

static void
bounds(void **state)
{
    char *title = repeated("\xc3\xa4", 300);
    char *body = repeated("😀", 40000); /* 80,000 units */
    size_t size = 300000;
    char *json = malloc(size), *text = malloc(size);
    struct error err;
    struct event ev;
    size_t len;

    (void)state;
    snprintf(json, size,
             "{'properties':{" AT "'hs_call_title':'%s',"
             "'hs_call_body':'<p>%s</p>'}}",
             title, body);
    build(&ev, "call", json);
    assert_int_equal(normalize_event(&ev, &shipped, &err), NORMALIZE_OK);
    len = mp_get_str(ev.field[EVENT_PROPS], "subject", text, size);
    assert_int_equal(text_units(text, len), NORMALIZE_SUBJECT_MAX);
    assert_string_equal(text + len - 3, "\xe2\x80\xa6");
    len = mp_get_str(ev.field[EVENT_PROPS], "title", text, size);
    assert_int_equal(text_units(text, len), 300);
    len = mp_get_str(ev.field[EVENT_PROPS], "body", text, size);
    assert_true(text_units(text, len) <= PROPS_TEXT_MAX);
    assert_true(text_units(text, len) > PROPS_TEXT_MAX - 2);
    assert_true(text_is_valid(text, len));
    assert_non_null(strstr(text, PROPS_CUT_MARK));
    len = mp_get_str(ev.field[EVENT_PROPS], "description", text, size);
    assert_true(text_units(text, len) <= NORMALIZE_DESCRIPTION_MAX);
    assert_true(text_units(text, len) > NORMALIZE_DESCRIPTION_MAX - 2);
    assert_string_equal(text + len - strlen(PROPS_CUT_MARK), PROPS_CUT_MARK);
    event_fini(&ev);
    free(title);
    free(body);
    free(json);
    free(text);
}

/* Bytes that are no UTF-8 never come out. */
static void
mends(void **state)
{
    struct error err;
    struct event ev;

    (void)state;
    build(&ev, "call", ENG(AT "'hs_call_title':'a\xff','hs_call_body':'\xc3'"));
    assert_int_equal(normalize_event(&ev, &shipped, &err), NORMALIZE_OK);
    expect_prop(&ev, "title", "a\xef\xbf\xbd");
    expect_prop(&ev, "body", "\xef\xbf\xbd");
    event_fini(&ev);
}

static void
passes_activities(void **state)
{
    struct error err;
    struct event ev;
    struct span before;

    (void)state;
    build(&ev, "call", ENG(AT "'x':1"));
    assert_int_equal(normalize_event(&ev, &shipped, &err), NORMALIZE_OK);
    before = ev.field[EVENT_PROPS];
    assert_int_equal(normalize_event(&ev, &shipped, &err), NORMALIZE_AS_IS);
    assert_ptr_equal(ev.field[EVENT_PROPS].data, before.data);
    event_fini(&ev);
}

static void
keeps_native(void **state)
{
    struct normalize_conf conf;
    struct error err;
    struct event ev;

    (void)state;
    normalize_conf_init(&conf);
    conf.keep_native = true;
    build(&ev, "call", ENG(AT "'hs_call_title':'x'"));
    assert_int_equal(normalize_event(&ev, &conf, &err), NORMALIZE_OK);
    assert_non_null(mp_get(ev.field[EVENT_NATIVE], "properties").data);
    /* And what has both is normalized anew. */
    assert_int_equal(normalize_event(&ev, &conf, &err), NORMALIZE_OK);
    expect_prop(&ev, "title", "x");
    event_fini(&ev);
    normalize_conf_fini(&conf);
}

static void
other_events(void **state)
{
    struct error err;
    struct event ev;

    (void)state;
    build(&ev, "call", ENG(AT "'x':1"));
    event_set_str(&ev, EVENT_SOURCE, "salesforce");
    assert_int_equal(normalize_event(&ev, &shipped, &err),
                     NORMALIZE_UNKNOWN_TYPE);
    event_set_str(&ev, EVENT_SOURCE, "hubspot");
    event_set_str(&ev, EVENT_KEY, "nonsense");
    assert_int_equal(normalize_event(&ev, &shipped, &err),
                     NORMALIZE_UNKNOWN_TYPE);
    event_set_str(&ev, EVENT_KEY, "hubspot:call");
    assert_int_equal(normalize_event(&ev, &shipped, &err),
                     NORMALIZE_UNKNOWN_TYPE);
    event_set_str(&ev, EVENT_KEY, "hubspot:call:512");
    event_set_str(&ev, EVENT_OP, "delete");
    assert_int_equal(normalize_event(&ev, &shipped, &err), NORMALIZE_DELETED);
    event_drop(&ev, EVENT_NATIVE);
    assert_int_equal(normalize_event(&ev, &shipped, &err), NORMALIZE_DELETED);
    event_fini(&ev);
}

static void
reasons(void **state)
{
    (void)state;
    assert_null(normalize_reason(NORMALIZE_OK));
    assert_null(normalize_reason(NORMALIZE_AS_IS));
    for (int v = NORMALIZE_AS_IS + 1; v <= NORMALIZE_BAD_RECORD; v++)
        for (int w = v; w <= NORMALIZE_BAD_RECORD; w++) {
            const char *a = normalize_reason((enum normalize_verdict)v);
            const char *b = normalize_reason((enum normalize_verdict)w);

            assert_int_equal(strcmp(a, b) == 0, v == w);
        }
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(renders),
        cmocka_unit_test(own_templates),
        cmocka_unit_test(bounds),
        cmocka_unit_test(mends),
        cmocka_unit_test(passes_activities),
        cmocka_unit_test(keeps_native),
        cmocka_unit_test(other_events),
        cmocka_unit_test(reasons),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
