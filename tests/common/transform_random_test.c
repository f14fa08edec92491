/* transform_random_test: for each transform, thousands of values of either
 * side, good and bad: what was read, rendered for a side and read there is what
 * it was. */
#include "common/timetext.h"
#include "tests/common/transform_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#define N(a)   (sizeof(a) / sizeof((a)[0]))
#define ROUNDS 4000

static uint64_t seed;

static size_t
pick(size_t n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (size_t)(seed >> 33) % n;
}

#define PICK(list) (list)[pick(N(list))]

static void
put_text(struct text *t)
{
    static const char *const pieces[] = {
        " ",        "  ",           "\n",   "\r\n",         "\t",
        "\xc2\xa0", "word",         "Über", "日本",         "😀",
        "&",        "&amp;",        "<br>", "<p>",          "</p>",
        "<b>x</b>", "<!--",         "-->",  "\"",           "\\",
        "\x01",     "\xe2\x80\x8b", "\xff", "\xed\xa0\x80", "<pre>",
        "- ",       "<ul><li>",     "<td>", "a@b.com",      "0",
    };

    for (size_t n = pick(12); n > 0; n--)
        text_puts(t, PICK(pieces));
    /* Now and then it is longer than a field holds. */
    if (pick(20) == 0)
        for (size_t n = 100 + pick(300); n > 0; n--)
            text_puts(t, PICK(pieces));
}

static void
put_number(struct text *t)
{
    text_printf(t, "%s%zu", pick(4) == 0 ? "-" : "", pick(100000000));
    if (pick(3) == 0)
        text_printf(t, ".%zu", pick(100000));
    if (pick(5) == 0)
        text_printf(t, "e%d", (int)pick(24) - 12);
}

/* Of the years 2 to 9998: the first and the last days of all have no noon in
 * each zone. */
static void
put_time(struct text *t)
{
    const int64_t year = INT64_C(366) * 86400000;
    int64_t span = (TIMETEXT_MAX - TIMETEXT_MIN - 2 * year) / 1000;
    int64_t ms =
        TIMETEXT_MIN + year +
        (int64_t)((pick(1u << 31) * UINT64_C(2147483648) + pick(1u << 31)) %
                  (uint64_t)span) *
            1000 +
        (int64_t)pick(1000);
    char buf[TIMETEXT_SIZE];

    if (pick(2) == 0) /* of our days, where zones have rules */
        ms = (int64_t)pick(1u << 31) * 1000 + (int64_t)pick(1000);
    timetext_ms(ms, buf);
    if (pick(4) == 0)
        text_printf(t, "%lld", (long long)ms);
    else
        text_putn(t, buf, pick(2) == 0 ? 10 : strlen(buf));
}

static void
put_word(struct text *t)
{
    static const char *const words[] = {
        "COMPLETED",
        "completed",
        "BUSY",
        "FAILED",
        "NO_ANSWER",
        "CANCELED",
        "CANCELLED",
        "IN_PROGRESS",
        "In Progress",
        "RINGING",
        "QUEUED",
        "NOT_STARTED",
        "Not Started",
        "not started",
        "WAITING",
        "Waiting on someone else",
        "DEFERRED",
        "Deferred",
        "HIGH",
        "High",
        "MEDIUM",
        "Medium",
        "Normal",
        "LOW",
        "NONE",
        "INBOUND",
        "Outbound",
        "Internal",
        "SENT",
        "SENDING",
        "SCHEDULED",
        "BOUNCED",
        "On Hold",
        "true",
        "FALSE",
        "1",
        "0",
        CONNECTED,
        OWN_GUID,
        LATER_GUID,
        AGAIN_GUID,
        BUSY,
        "Connected",
        "erreicht",
        "later",
        "Wrong Number",
        "41629779",
        "41629780",
        "41629781",
        "005A0000000AAAAAA0",
        "005A0000000BBBBBB0",
        "005A0000000CCCCCC0",
        "Anna@Example.com",
        "nobody@example.com",
    };

    text_puts(t, PICK(words));
}

static void (*const all_puts[])(struct text *) = {put_text, put_number,
                                                  put_time, put_word};

/* What its values mostly look like. */
static const struct row {
    const char *name;
    enum transform transform;
    void (*put)(struct text *);
} rows[] = {
    {"text", TRANSFORM_TEXT, put_text},
    {"html", TRANSFORM_HTML, put_text},
    {"number", TRANSFORM_NUMBER, put_number},
    {"ms_to_s", TRANSFORM_MS_TO_S, put_number},
    {"bool", TRANSFORM_BOOL, put_word},
    {"time", TRANSFORM_TIME, put_time},
    {"date", TRANSFORM_DATE, put_time},
    {"disposition", TRANSFORM_DISPOSITION, put_word},
    {"owner", TRANSFORM_OWNER, put_word},
    {"task_status", TRANSFORM_TASK_STATUS, put_word},
    {"task_priority", TRANSFORM_TASK_PRIORITY, put_word},
    {"call_status", TRANSFORM_CALL_STATUS, put_word},
    {"call_direction", TRANSFORM_CALL_DIRECTION, put_word},
    {"email_status", TRANSFORM_EMAIL_STATUS, put_word},
};

static void
random_value(const struct row *r, struct text *t)
{
    t->len = 0;
    if (pick(20) == 0)
        text_puts(t, " ");
    (pick(10) == 0 ? PICK(all_puts) : r->put)(t);
    if (pick(20) == 0)
        text_puts(t, " ");
    if (pick(50) == 0)
        t->len = 0;
}

/* A value of JSON as its text; NULL: null. */
static const char *
text_of(const cJSON *json, struct text *t)
{
    char *printed;

    if (cJSON_IsNull(json))
        return NULL;
    t->len = 0;
    if (cJSON_IsString(json)) {
        text_puts(t, json->valuestring);
    } else {
        printed = cJSON_PrintUnformatted(json);
        text_puts(t, printed);
        cJSON_free(printed);
    }
    text_putc(t, '\0');
    t->len--;
    return t->data;
}

struct check {
    const struct row *row;
    const struct transform_env *env;
    struct mapping_pair pair;
    struct text value, canon, given, again;
    size_t n; /* values that were rendered and read */
};

/* Render the canonical value for a side and read it there. */
static void
there_and_back(struct check *c, enum side side)
{
    struct error err;
    const char *given;
    cJSON *json;
    int rc = transform_render(c->env, &c->pair, side, c->canon.data,
                              c->canon.len, &json, &err);

    if (rc < 0) {
        assert_int_equal(err.code, EX_NOUSER);
        return;
    }
    if (side == SIDE_HUBSPOT) {
        assert_true(cJSON_IsString(json));
        assert_true(text_units(json->valuestring, strlen(json->valuestring)) <=
                    65536);
    }
    given = text_of(json, &c->given);
    c->again.len = 0;
    rc = transform_canon(c->env, &c->pair, side, given,
                         given == NULL ? 0 : c->given.len, &c->again, &err);
    assert_int_equal(rc, c->canon.len > 0);
    assert_int_equal(c->again.len, c->canon.len);
    if (c->canon.len > 0)
        assert_memory_equal(c->again.data, c->canon.data, c->canon.len);
    cJSON_Delete(json);
    c->n++;
}

static void
check_value(struct check *c)
{
    enum side side = (enum side)pick(SIDE_COUNT);
    struct error err;
    int rc;

    random_value(c->row, &c->value);
    c->canon.len = 0;
    rc = transform_canon(c->env, &c->pair, side, c->value.data, c->value.len,
                         &c->canon, &err);
    if (rc < 0) {
        assert_int_equal(err.code, EX_DATAERR);
        assert_int_equal(c->canon.len, 0);
        return;
    }
    assert_int_equal(rc, c->canon.len > 0);
    assert_true(text_is_valid(c->canon.data, c->canon.len));
    there_and_back(c, SIDE_HUBSPOT);
    there_and_back(c, SIDE_SALESFORCE);
}

static void
check_transform(const struct row *r, const struct transform_env *env)
{
    static const char *const fields[] = {"X__c", "Subject", "Description"};
    struct check c = {.row = r, .env = env};

    text_init(&c.value);
    text_init(&c.canon);
    text_init(&c.given);
    text_init(&c.again);
    seed = 1 + r->transform;
    for (int i = 0; i < ROUNDS; i++) {
        c.pair = world_pair(r->transform, PICK(fields));
        check_value(&c);
    }
    assert_true(c.n > ROUNDS / 10);
    text_fini(&c.value);
    text_fini(&c.canon);
    text_fini(&c.given);
    text_fini(&c.again);
}

static void
one_transform(void **state)
{
    check_transform(*state, &world);
}

/* Dates, in zones of all kinds. (None of these ever left a day out.) */
static void
one_zone(void **state)
{
    static const struct row date = {"date", TRANSFORM_DATE, put_time};
    struct transform_env env = world;

    env.zone = *state;
    check_transform(&date, &env);
}

int
main(void)
{
    static const char *const zones[] = {
        "UTC",
        "Europe/London",
        "America/New_York",
        "America/Sao_Paulo",
        "America/St_Johns",
        "Africa/Casablanca",
        "Asia/Kathmandu",
        "Asia/Tehran",
        "Australia/Lord_Howe",
        "Pacific/Auckland",
        "Pacific/Chatham",
        "Pacific/Pago_Pago",
        "Etc/GMT+12",
        "Etc/GMT-14",
    };
    struct CMUnitTest tests[N(rows) + N(zones)];
    size_t n = 0;

    for (; n < N(rows); n++)
        tests[n] = (struct CMUnitTest){.name = rows[n].name,
                                       .test_func = one_transform,
                                       .initial_state = (void *)&rows[n]};
    for (size_t i = 0; i < N(zones); i++)
        tests[n++] = (struct CMUnitTest){.name = zones[i],
                                         .test_func = one_zone,
                                         .initial_state = (void *)zones[i]};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
