/* native_rows: tests of native records as the fetcher hands them on, written as
 * JSON, and of the activities that become of them. For the cmocka programs in
 * this folder, each of which is one file. */
#ifndef TESTS_NORMALIZER_NATIVE_ROWS_H
#define TESTS_NORMALIZER_NATIVE_ROWS_H

#include "stages/normalizer/normalize.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cJSON.h>
#include <cmocka.h>

#define T0 INT64_C(1714060800000) /* 2024-04-25T16:00:00Z */

/* An engagement with these properties; its createdAt is an hour before T0. */
#define ENG(properties)                                                        \
    "{'id':'512','properties':{" properties                                    \
    "},'createdAt':'2024-04-25T15:00:00.000Z',"                                \
    "'updatedAt':'2024-04-25T17:00:00.000Z','archived':false}"
#define AT "'hs_timestamp':'2024-04-25T16:00:00Z',"

struct row {
    const char *name;
    const char *type;   /* second part of the key */
    const char *native; /* JSON with ' for "; NULL: none */
    enum normalize_verdict verdict;
    enum kind kind;
    int64_t occurred_at;
    /* All props but subject and description, "name=value" lines; of a refused
     * record: a part of the error. */
    const char *want;
};

/* JSON as MessagePack; whole numbers as ints. */
static inline void
pack(const cJSON *j, msgpack_packer *pk)
{
    const cJSON *kid;

    if (cJSON_IsObject(j) || cJSON_IsArray(j)) {
        size_t n = (size_t)cJSON_GetArraySize(j);

        if (cJSON_IsObject(j))
            msgpack_pack_map(pk, n);
        else
            msgpack_pack_array(pk, n);
        cJSON_ArrayForEach(kid, j)
        {
            if (kid->string != NULL)
                mp_pack_str(pk, kid->string);
            pack(kid, pk);
        }
    } else if (cJSON_IsString(j)) {
        mp_pack_str(pk, j->valuestring);
    } else if (cJSON_IsNumber(j)) {
        if (j->valuedouble == (double)(int64_t)j->valuedouble)
            msgpack_pack_int64(pk, (int64_t)j->valuedouble);
        else
            msgpack_pack_double(pk, j->valuedouble);
    } else if (cJSON_IsNull(j)) {
        msgpack_pack_nil(pk);
    } else if (cJSON_IsTrue(j)) {
        msgpack_pack_true(pk);
    } else {
        msgpack_pack_false(pk);
    }
}

static inline void
set_native(struct event *ev, const char *json)
{
    char *text = strdup(json);
    msgpack_packer pk;
    cJSON *j;

    for (char *p = text; *p != '\0'; p++)
        if (*p == '\'')
            *p = '"';
    j = cJSON_Parse(text);
    assert_non_null(j);
    msgpack_packer_init(&pk, event_set(ev, EVENT_NATIVE),
                        msgpack_sbuffer_write);
    pack(j, &pk);
    event_set_done(ev, EVENT_NATIVE);
    cJSON_Delete(j);
    free(text);
}

static inline void
build(struct event *ev, const char *type, const char *native)
{
    char key[128];

    event_init(ev);
    snprintf(key, sizeof(key), "hubspot:%s:512", type);
    event_set_i64(ev, EVENT_V, 1);
    event_set_str(ev, EVENT_ID, "hubspot:x:512@1");
    event_set_str(ev, EVENT_KEY, key);
    event_set_str(ev, EVENT_SOURCE, "hubspot");
    event_set_i64(ev, EVENT_SEQ, 7);
    event_set_str(ev, EVENT_OP, "upsert");
    if (native != NULL)
        set_native(ev, native);
}

static inline void
print_value(struct span v, struct text *out)
{
    struct span s, inner = v;
    uint32_t n;
    int64_t i;
    bool b;

    if (mp_str(v, &s)) {
        text_putn(out, (const char *)s.data, s.len);
    } else if (mp_i64(v, &i)) {
        text_printf(out, "%lld", (long long)i);
    } else if (mp_bool(v, &b)) {
        text_puts(out, b ? "true" : "false");
    } else {
        assert_true(mp_map(&inner, &n));
        text_putc(out, '{');
        for (uint32_t k = 0; k < n; k++) {
            if (k > 0)
                text_putc(out, ',');
            print_value(mp_next(&inner), out);
            text_putc(out, '=');
            print_value(mp_next(&inner), out);
        }
        text_putc(out, '}');
    }
}

/* The event's props as "name=value" lines, rendered ones left out. */
static inline struct text
print_props(const struct event *ev)
{
    struct span map = ev->field[EVENT_PROPS];
    struct text out;
    uint32_t n;
    size_t size;

    text_init(&out);
    assert_int_equal(mp_skip(map.data, map.len, MP_EVENT_MAX, &size), MP_OK);
    assert_int_equal(size, map.len);
    assert_true(mp_map(&map, &n));
    while (n-- > 0) {
        struct span key, v;

        assert_true(mp_str(mp_next(&map), &key));
        v = mp_next(&map);
        if ((key.len == 7 && memcmp(key.data, "subject", 7) == 0) ||
            (key.len == 11 && memcmp(key.data, "description", 11) == 0))
            continue;
        text_putn(&out, (const char *)key.data, key.len);
        text_putc(&out, '=');
        print_value(v, &out);
        text_putc(&out, '\n');
    }
    text_putc(&out, '\0');
    return out;
}

static struct normalize_conf shipped;

static inline int
setup(void **state)
{
    (void)state;
    normalize_conf_init(&shipped);
    return 0;
}

static inline int
teardown(void **state)
{
    (void)state;
    normalize_conf_fini(&shipped);
    return 0;
}

static inline void
row(void **state)
{
    const struct row *r = *state;
    struct error err = {0, ""};
    struct event ev;
    struct text got;
    char kind[32];

    build(&ev, r->type, r->native);
    assert_int_equal(normalize_event(&ev, &shipped, &err), r->verdict);
    if (r->verdict == NORMALIZE_OK) {
        assert_string_equal(event_str(&ev, EVENT_KIND, kind, sizeof(kind)),
                            kind_name(r->kind));
        assert_true(event_i64(&ev, EVENT_OCCURRED_AT, -1) == r->occurred_at);
        assert_null(ev.field[EVENT_NATIVE].data);
        got = print_props(&ev);
        assert_string_equal(got.data, r->want);
        text_fini(&got);
    } else {
        assert_null(ev.field[EVENT_KIND].data);
        assert_null(ev.field[EVENT_PROPS].data);
        assert_int_equal(err.code,
                         r->verdict == NORMALIZE_BAD_RECORD ? EX_DATAERR : 0);
        assert_non_null(strstr(err.text, r->want));
    }
    event_fini(&ev);
}

/* Each row is a test of its own. */
static inline int
run_rows(const struct row *rows, size_t n)
{
    struct CMUnitTest *tests = calloc(n, sizeof(*tests));
    int failed;

    for (size_t i = 0; i < n; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].name,
                                       .test_func = row,
                                       .initial_state = (void *)&rows[i]};
    failed = _cmocka_run_group_tests("rows", tests, n, setup, teardown);
    free(tests);
    return failed;
}

#endif
