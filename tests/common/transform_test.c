/* transform_test: each transform's values, read and rendered. */
#include "tests/common/transform_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#define N(a) (sizeof(a) / sizeof((a)[0]))
#define HS   SIDE_HUBSPOT
#define SF   SIDE_SALESFORCE
#define FFFD "\xef\xbf\xbd"

static const char no[] = "-1"; /* it makes no sense */

static const struct reading {
    const char *name;
    enum transform transform;
    enum side side;
    const char *value; /* NULL: null */
    const char *want;  /* NULL: empty */
} readings[] = {
    {"text", TRANSFORM_TEXT, HS, "a b", "a b"},
    {"text: null", TRANSFORM_TEXT, HS, NULL, NULL},
    {"text: nothing", TRANSFORM_TEXT, SF, "", NULL},
    {"text: blanks", TRANSFORM_TEXT, SF, " \t\r\n", NULL},
    {"text: trimmed", TRANSFORM_TEXT, HS, "\n  a  b \r\n", "a  b"},
    {"text: CR LF", TRANSFORM_TEXT, SF, "a\r\nb\rc\n\r\nd", "a\nb\nc\n\nd"},
    {"text: a no-break space is no blank", TRANSFORM_TEXT, SF, "\xc2\xa0",
     "\xc2\xa0"},
    {"text: markup is text", TRANSFORM_TEXT, HS, "<b>a</b> &amp;",
     "<b>a</b> &amp;"},
    {"text: no UTF-8", TRANSFORM_TEXT, HS, "a\xff\xc3z", "a" FFFD FFFD "z"},
    {"text: umlauts, CJK, emoji", TRANSFORM_TEXT, SF,
     "Übergröße 日本語 😀👩‍💻",
     "Übergröße 日本語 😀👩‍💻"},

    {"html of HubSpot", TRANSFORM_HTML, HS,
     "<div><p>a &amp; b</p><p>c<br>d</p></div>", "a & b\n\nc\nd"},
    {"html of Salesforce is text", TRANSFORM_HTML, SF, "<p>a &amp; b</p>",
     "<p>a &amp; b</p>"},
    {"html of nothing", TRANSFORM_HTML, HS, "<p>&nbsp;</p><br>", NULL},
    {"html: null", TRANSFORM_HTML, HS, NULL, NULL},
    {"html: hidden", TRANSFORM_HTML, HS, "<p hidden>a</p>", NULL},
    {"html: Salesforce's white space is tidied too", TRANSFORM_HTML, SF,
     " a \r\n\r\n\r\n\r\nb\tc\xc2\xa0", "a\n\nb c"},
    {"html: HubSpot's plain text", TRANSFORM_HTML, HS, "a\n\n\nb  ", "a\n\nb"},
    {"html: pre", TRANSFORM_HTML, HS, "<pre>a\n\n\n\tb</pre>", "a\n\n b"},

    {"number", TRANSFORM_NUMBER, HS, "3", "3"},
    {"number: zeros", TRANSFORM_NUMBER, HS, "003.500", "3.5"},
    {"number: 3.0", TRANSFORM_NUMBER, SF, "3.0", "3"},
    {"number: exponent", TRANSFORM_NUMBER, HS, "1e3", "1000"},
    {"number: Java's exponent", TRANSFORM_NUMBER, HS, "1.0E7", "10000000"},
    {"number: blanks", TRANSFORM_NUMBER, HS, " 3 ", "3"},
    {"number: minus zero", TRANSFORM_NUMBER, HS, "-0.0", "0"},
    {"number: null", TRANSFORM_NUMBER, SF, NULL, NULL},
    {"number: words", TRANSFORM_NUMBER, HS, "three", no},
    {"number: thousands", TRANSFORM_NUMBER, HS, "1,000", no},
    {"number: hexadecimal", TRANSFORM_NUMBER, HS, "0x10", no},
    {"number: infinity", TRANSFORM_NUMBER, HS, "inf", no},
    {"number: too large", TRANSFORM_NUMBER, HS, "1e18", no},

    {"ms_to_s: HubSpot has ms", TRANSFORM_MS_TO_S, HS, "245000", "245"},
    {"ms_to_s: Salesforce has s", TRANSFORM_MS_TO_S, SF, "245", "245"},
    {"ms_to_s: rounded", TRANSFORM_MS_TO_S, HS, "3500", "4"},
    {"ms_to_s: rounded down", TRANSFORM_MS_TO_S, HS, "3499.9", "3"},
    {"ms_to_s: 0", TRANSFORM_MS_TO_S, HS, "0", "0"},
    {"ms_to_s: negative", TRANSFORM_MS_TO_S, HS, "-400", "0"},
    {"ms_to_s: fraction of Salesforce", TRANSFORM_MS_TO_S, SF, "3.0", "3"},
    {"ms_to_s: 8 digits", TRANSFORM_MS_TO_S, SF, "123456789", "99999999"},
    {"ms_to_s: 8 digits, of HubSpot", TRANSFORM_MS_TO_S, HS, "9e17",
     "99999999"},
    {"ms_to_s: null", TRANSFORM_MS_TO_S, HS, "", NULL},
    {"ms_to_s: garbage", TRANSFORM_MS_TO_S, HS, "4:05", no},

    {"bool: true", TRANSFORM_BOOL, HS, "true", "true"},
    {"bool: TRUE", TRANSFORM_BOOL, HS, "TRUE", "true"},
    {"bool: 1", TRANSFORM_BOOL, HS, "1", "true"},
    {"bool: False", TRANSFORM_BOOL, SF, "False", "false"},
    {"bool: 0", TRANSFORM_BOOL, SF, "0", "false"},
    {"bool: null is false", TRANSFORM_BOOL, HS, NULL, "false"},
    {"bool: nothing is false", TRANSFORM_BOOL, HS, " ", "false"},
    {"bool: garbage", TRANSFORM_BOOL, HS, "truer", no},

    {"time: HubSpot's", TRANSFORM_TIME, HS, "2024-04-25T16:00:00.123Z",
     "1714060800000"},
    {"time: Salesforce's", TRANSFORM_TIME, SF, "2024-04-25T16:00:00.000+0000",
     "1714060800000"},
    {"time: ms", TRANSFORM_TIME, HS, "1714060800999", "1714060800000"},
    {"time: 0", TRANSFORM_TIME, HS, "0", "0"},
    {"time: before 1970, rounded down", TRANSFORM_TIME, HS,
     "1969-12-31T23:59:59.999Z", "-1000"},
    {"time: a date", TRANSFORM_TIME, SF, "2024-04-25", "1714003200000"},
    {"time: year 1", TRANSFORM_TIME, HS, "0001-01-01T00:00:00Z",
     "-62135596800000"},
    {"time: year 9999", TRANSFORM_TIME, HS, "9999-12-31T23:59:59.999Z",
     "253402300799000"},
    {"time: null", TRANSFORM_TIME, HS, NULL, NULL},
    {"time: garbage", TRANSFORM_TIME, HS, "tomorrow", no},
    {"time: 30 February", TRANSFORM_TIME, HS, "2024-02-30T00:00Z", no},

    {"date: Salesforce's", TRANSFORM_DATE, SF, "2024-04-25", "2024-04-25"},
    {"date: an instant in Berlin", TRANSFORM_DATE, HS, "2024-04-25T21:59:59Z",
     "2024-04-25"},
    {"date: past midnight in Berlin", TRANSFORM_DATE, HS, "2024-04-25T22:00Z",
     "2024-04-26"},
    {"date: past midnight in winter", TRANSFORM_DATE, HS, "1704063600000",
     "2024-01-01"},
    {"date: the night the clock goes forward", TRANSFORM_DATE, HS,
     "2024-03-30T23:30Z", "2024-03-31"},
    {"date: the night the clock goes back", TRANSFORM_DATE, HS,
     "2024-10-27T22:59Z", "2024-10-27"},
    {"date: HubSpot's date", TRANSFORM_DATE, HS, "2024-04-25", "2024-04-25"},
    {"date: far away", TRANSFORM_DATE, HS, "2999-07-15T22:00Z", "2999-07-16"},
    {"date: beyond year 9999", TRANSFORM_DATE, HS, "9999-12-31T23:59Z", no},
    {"date: null", TRANSFORM_DATE, SF, NULL, NULL},
    {"date: garbage", TRANSFORM_DATE, SF, "25.04.2024", no},
    {"date: 29 February", TRANSFORM_DATE, SF, "2023-02-29", no},

    {"disposition: HubSpot's own", TRANSFORM_DISPOSITION, HS, BUSY, "Busy"},
    {"disposition: its label", TRANSFORM_DISPOSITION, SF, "Busy", "Busy"},
    {"disposition: in another case", TRANSFORM_DISPOSITION, SF, "bUSY", "Busy"},
    {"disposition: the account's own", TRANSFORM_DISPOSITION, HS, OWN_GUID,
     "Rückruf gewünscht"},
    {"disposition: one with a new name", TRANSFORM_DISPOSITION, HS, CONNECTED,
     "Erreicht"},
    {"disposition: its old name", TRANSFORM_DISPOSITION, SF, "Connected",
     "Erreicht"},
    {"disposition: two of one name", TRANSFORM_DISPOSITION, HS, AGAIN_GUID,
     "Later"},
    {"disposition: unknown GUID", TRANSFORM_DISPOSITION, HS,
     "00000000-0000-0000-0000-000000000000",
     "00000000-0000-0000-0000-000000000000"},
    {"disposition: unknown label", TRANSFORM_DISPOSITION, SF, " Voice mail ",
     "Voice mail"},
    {"disposition: null", TRANSFORM_DISPOSITION, HS, NULL, NULL},

    {"owner: HubSpot's", TRANSFORM_OWNER, HS, "41629779", "anna@example.com"},
    {"owner: Salesforce's", TRANSFORM_OWNER, SF, "005A0000000AAAAAA0",
     "anna@example.com"},
    {"owner: lower case (ASCII)", TRANSFORM_OWNER, HS, "41629780",
     "bob.Ö@example.com"},
    {"owner: nobody knows", TRANSFORM_OWNER, HS, "7", "7"},
    {"owner: the other side's id", TRANSFORM_OWNER, SF, "41629779", "41629779"},
    {"owner: null", TRANSFORM_OWNER, HS, "", NULL},

    {"task_status: HubSpot's", TRANSFORM_TASK_STATUS, HS, "WAITING",
     "Waiting on someone else"},
    {"task_status: Salesforce's", TRANSFORM_TASK_STATUS, SF, "In Progress",
     "In Progress"},
    {"task_status: case", TRANSFORM_TASK_STATUS, SF, "deferred", "Deferred"},
    {"task_status: an org's own", TRANSFORM_TASK_STATUS, SF, "On Hold",
     "On Hold"},
    {"task_status: null", TRANSFORM_TASK_STATUS, HS, NULL, "Not Started"},
    {"task_priority: HIGH", TRANSFORM_TASK_PRIORITY, HS, "HIGH", "High"},
    {"task_priority: MEDIUM", TRANSFORM_TASK_PRIORITY, HS, "MEDIUM", "Normal"},
    {"task_priority: LOW", TRANSFORM_TASK_PRIORITY, HS, "LOW", "Low"},
    {"task_priority: NONE", TRANSFORM_TASK_PRIORITY, HS, "NONE", "Normal"},
    {"task_priority: null", TRANSFORM_TASK_PRIORITY, HS, NULL, "Normal"},
    {"task_priority: nothing", TRANSFORM_TASK_PRIORITY, HS, "", "Normal"},
    {"call_status: COMPLETED", TRANSFORM_CALL_STATUS, HS, "COMPLETED",
     "Completed"},
    {"call_status: MISSED", TRANSFORM_CALL_STATUS, HS, "MISSED", "Completed"},
    {"call_status: NO_ANSWER", TRANSFORM_CALL_STATUS, HS, "NO_ANSWER",
     "Completed"},
    {"call_status: CANCELED", TRANSFORM_CALL_STATUS, HS, "CANCELED",
     "Completed"},
    {"call_status: RINGING", TRANSFORM_CALL_STATUS, HS, "RINGING",
     "In Progress"},
    {"call_status: CALLING_CRM_USER", TRANSFORM_CALL_STATUS, HS,
     "CALLING_CRM_USER", "In Progress"},
    {"call_status: QUEUED", TRANSFORM_CALL_STATUS, HS, "QUEUED", "Not Started"},
    {"call_status: Deferred has no value", TRANSFORM_CALL_STATUS, SF,
     "Deferred", "Not Started"},
    {"call_status: null", TRANSFORM_CALL_STATUS, HS, NULL, "Completed"},
    {"call_direction: INBOUND", TRANSFORM_CALL_DIRECTION, HS, "INBOUND",
     "Inbound"},
    {"call_direction: Internal", TRANSFORM_CALL_DIRECTION, SF, "Internal",
     "Internal"},
    {"call_direction: null", TRANSFORM_CALL_DIRECTION, HS, NULL, NULL},
    {"email_status: SENT", TRANSFORM_EMAIL_STATUS, HS, "SENT", "Completed"},
    {"email_status: BOUNCED", TRANSFORM_EMAIL_STATUS, HS, "BOUNCED",
     "Completed"},
    {"email_status: SENDING", TRANSFORM_EMAIL_STATUS, HS, "SENDING",
     "Not Started"},
    {"email_status: In Progress", TRANSFORM_EMAIL_STATUS, SF, "In Progress",
     "Not Started"},
    {"email_status: null", TRANSFORM_EMAIL_STATUS, HS, NULL, "Completed"},
};

static const struct rendering {
    const char *name;
    enum transform transform;
    enum side side;
    const char *canon; /* NULL: empty */
    const char *want;  /* JSON */
    int code;          /* or this error */
} renderings[] = {
    {"text", TRANSFORM_TEXT, HS, "a\nb", "\"a\\nb\"", 0},
    {"text is cleared in HubSpot", TRANSFORM_TEXT, HS, NULL, "\"\"", 0},
    {"text is cleared in Salesforce", TRANSFORM_TEXT, SF, NULL, "null", 0},
    {"html", TRANSFORM_HTML, HS, "a & <b>\n\nc",
     "\"<p>a &amp; &lt;b&gt;<br><br>c</p>\"", 0},
    {"html in Salesforce", TRANSFORM_HTML, SF, "a & <b>", "\"a & <b>\"", 0},
    {"html is cleared", TRANSFORM_HTML, HS, "", "\"\"", 0},
    {"number", TRANSFORM_NUMBER, HS, "3.5", "\"3.5\"", 0},
    {"number in Salesforce", TRANSFORM_NUMBER, SF, "3.5", "3.5", 0},
    {"number of no sense", TRANSFORM_NUMBER, SF, "x", NULL, EX_DATAERR},
    {"ms", TRANSFORM_MS_TO_S, HS, "245", "\"245000\"", 0},
    {"s", TRANSFORM_MS_TO_S, SF, "245", "245", 0},
    {"ms of no sense", TRANSFORM_MS_TO_S, HS, "x", NULL, EX_DATAERR},
    {"s is cleared", TRANSFORM_MS_TO_S, SF, NULL, "null", 0},
    {"bool", TRANSFORM_BOOL, HS, "true", "\"true\"", 0},
    {"bool in Salesforce", TRANSFORM_BOOL, SF, "true", "true", 0},
    {"false in Salesforce", TRANSFORM_BOOL, SF, "false", "false", 0},
    {"bool is false when cleared", TRANSFORM_BOOL, SF, NULL, "false", 0},
    {"bool of no sense", TRANSFORM_BOOL, SF, "x", NULL, EX_DATAERR},
    {"time", TRANSFORM_TIME, HS, "1714060800000",
     "\"2024-04-25T16:00:00.000Z\"", 0},
    {"time in Salesforce", TRANSFORM_TIME, SF, "1714060800000",
     "\"2024-04-25T16:00:00Z\"", 0},
    {"time of no sense", TRANSFORM_TIME, SF, "x", NULL, EX_DATAERR},
    {"date is noon in summer", TRANSFORM_DATE, HS, "2024-07-15",
     "\"2024-07-15T10:00:00.000Z\"", 0},
    {"date is noon in winter", TRANSFORM_DATE, HS, "2024-01-15",
     "\"2024-01-15T11:00:00.000Z\"", 0},
    {"date in Salesforce", TRANSFORM_DATE, SF, "2024-07-15", "\"2024-07-15\"",
     0},
    {"date is cleared", TRANSFORM_DATE, SF, NULL, "null", 0},
    {"date of no sense", TRANSFORM_DATE, HS, "x", NULL, EX_DATAERR},
    {"disposition", TRANSFORM_DISPOSITION, HS, "Busy", "\"" BUSY "\"", 0},
    {"disposition of the account", TRANSFORM_DISPOSITION, HS,
     "Rückruf gewünscht", "\"" OWN_GUID "\"", 0},
    {"disposition by its own name", TRANSFORM_DISPOSITION, HS, "Erreicht",
     "\"" CONNECTED "\"", 0},
    {"disposition in Salesforce", TRANSFORM_DISPOSITION, SF, "Busy", "\"Busy\"",
     0},
    {"disposition that nobody knows", TRANSFORM_DISPOSITION, HS, "x", "\"x\"",
     0},
    {"owner", TRANSFORM_OWNER, HS, "anna@example.com", "\"41629779\"", 0},
    {"owner in Salesforce", TRANSFORM_OWNER, SF, "anna@example.com",
     "\"005A0000000AAAAAA0\"", 0},
    {"owner who is not there", TRANSFORM_OWNER, SF, "only@hubspot.example",
     NULL, EX_NOUSER},
    {"owner whom nobody knows", TRANSFORM_OWNER, SF, "41629999", NULL,
     EX_NOUSER},
    {"owner is cleared in HubSpot", TRANSFORM_OWNER, HS, NULL, "\"\"", 0},
    {"owner cannot be cleared in Salesforce", TRANSFORM_OWNER, SF, NULL, NULL,
     EX_NOUSER},
    {"task_status", TRANSFORM_TASK_STATUS, HS, "Waiting on someone else",
     "\"WAITING\"", 0},
    {"task_status in Salesforce", TRANSFORM_TASK_STATUS, SF, "Deferred",
     "\"Deferred\"", 0},
    {"task_status of an org", TRANSFORM_TASK_STATUS, HS, "On Hold", NULL,
     EX_NOUSER},
    {"task_status of an org in Salesforce", TRANSFORM_TASK_STATUS, SF,
     "On Hold", "\"On Hold\"", 0},
    {"call_direction of Salesforce only", TRANSFORM_CALL_DIRECTION, HS,
     "Internal", NULL, EX_NOUSER},
    {"task_status when cleared", TRANSFORM_TASK_STATUS, SF, NULL,
     "\"Not Started\"", 0},
    {"task_priority", TRANSFORM_TASK_PRIORITY, HS, "Normal", "\"MEDIUM\"", 0},
    {"task_priority when cleared", TRANSFORM_TASK_PRIORITY, HS, NULL,
     "\"MEDIUM\"", 0},
    {"call_status", TRANSFORM_CALL_STATUS, HS, "Completed", "\"COMPLETED\"", 0},
    {"call_status, under way", TRANSFORM_CALL_STATUS, HS, "In Progress",
     "\"IN_PROGRESS\"", 0},
    {"call_status, to come", TRANSFORM_CALL_STATUS, HS, "Not Started",
     "\"QUEUED\"", 0},
    {"call_direction", TRANSFORM_CALL_DIRECTION, HS, "Outbound", "\"OUTBOUND\"",
     0},
    {"call_direction in Salesforce", TRANSFORM_CALL_DIRECTION, SF, "Outbound",
     "\"Outbound\"", 0},
    {"call_direction is cleared", TRANSFORM_CALL_DIRECTION, SF, NULL, "null",
     0},
    {"email_status", TRANSFORM_EMAIL_STATUS, HS, "Completed", "\"SENT\"", 0},
    {"email_status, to come", TRANSFORM_EMAIL_STATUS, HS, "Not Started",
     "\"SCHEDULED\"", 0},
};

static void
reading(void **state)
{
    const struct reading *r = *state;
    struct mapping_pair pair = world_pair(r->transform, "X__c");
    struct error err = {0, ""};
    struct text t;
    int rc;

    text_init(&t);
    rc = transform_canon(&world, &pair, r->side, r->value,
                         r->value == NULL ? 0 : strlen(r->value), &t, &err);
    text_putc(&t, '\0');
    assert_int_equal(rc, r->want == NULL ? 0 : r->want == no ? -1 : 1);
    if (rc < 0) {
        assert_int_equal(err.code, EX_DATAERR);
        assert_ptr_equal(strstr(err.text, pair.name[r->side]), err.text);
    }
    assert_string_equal(t.data, rc == 1 ? r->want : "");
    text_fini(&t);
}

static void
rendering(void **state)
{
    const struct rendering *r = *state;
    struct mapping_pair pair = world_pair(r->transform, "X__c");
    struct error err = {0, ""};
    cJSON *json = NULL;
    char *printed;
    int rc =
        transform_render(&world, &pair, r->side, r->canon,
                         r->canon == NULL ? 0 : strlen(r->canon), &json, &err);

    assert_int_equal(rc, r->want == NULL ? -1 : 0);
    assert_int_equal(err.code, r->code);
    if (rc < 0) {
        assert_null(json);
        assert_ptr_equal(strstr(err.text, pair.name[r->side]), err.text);
        return;
    }
    printed = cJSON_PrintUnformatted(json);
    assert_string_equal(printed, r->want);
    cJSON_free(printed);
    cJSON_Delete(json);
}

/* `unit` n times and `tail`, as a value of `field`: the canonical value is its
 * first `units` UTF-16 units. */
static const struct cut {
    const char *name;
    enum transform transform;
    const char *field, *unit;
    size_t n;
    const char *tail;
    size_t units;
} cuts[] = {
    {"a Subject of 255 is whole", TRANSFORM_TEXT, "Subject", "a", 255, "  ",
     255},
    {"a Subject is cut", TRANSFORM_TEXT, "Subject", "a", 256, "", 255},
    {"field names have any case", TRANSFORM_TEXT, "SUBJECT", "a", 256, "", 255},
    {"an emoji has two units, and is not cut in half", TRANSFORM_TEXT,
     "Subject", "😀", 200, "", 254},
    {"umlauts have one", TRANSFORM_TEXT, "Location", "ä", 300, "", 255},
    {"no blanks are left at the cut", TRANSFORM_TEXT, "Location", "a", 254,
     " bcd", 254},
    {"a CallDisposition is cut", TRANSFORM_DISPOSITION, "CallDisposition", "日",
     300, "", 255},
    {"a Description is cut", TRANSFORM_HTML, "Description", "a", 40000, "",
     32000},
    {"a Description is trimmed at the cut", TRANSFORM_HTML, "Description",
     "abc ", 7999, "abc\n\n\ndef", 31999},
    {"another field is cut to what HubSpot holds", TRANSFORM_TEXT, "X__c", "日",
     65540, "", 65536},
    {"as HTML, too", TRANSFORM_HTML, "X__c", "日", 65540, "", 65536 - 7},
    {"what takes more room in HTML is cut there", TRANSFORM_HTML, "Description",
     "&", 32000, "", 13105},
};

static void
assert_read(const struct mapping_pair *pair, enum side side, const char *value,
            size_t len, const struct text *want)
{
    struct text t;

    text_init(&t);
    assert_int_equal(transform_canon(&world, pair, side, value, len, &t, NULL),
                     1);
    assert_int_equal(t.len, want->len);
    assert_memory_equal(t.data, want->data, want->len);
    text_fini(&t);
}

/* And what each side has and gets of it is equal to it. */
static void
cut(void **state)
{
    const struct cut *r = *state;
    struct mapping_pair pair = world_pair(r->transform, r->field);
    struct text in, out;

    text_init(&in);
    text_init(&out);
    for (size_t i = 0; i < r->n; i++)
        text_puts(&in, r->unit);
    text_puts(&in, r->tail);
    assert_int_equal(
        transform_canon(&world, &pair, SF, in.data, in.len, &out, NULL), 1);
    assert_int_equal(text_units(out.data, out.len), r->units);
    assert_memory_equal(out.data, in.data, out.len);
    for (int side = 0; side < SIDE_COUNT; side++) {
        cJSON *json;

        assert_read(&pair, (enum side)side, in.data, in.len, &out);
        assert_int_equal(transform_render(&world, &pair, (enum side)side,
                                          out.data, out.len, &json, NULL),
                         0);
        assert_read(&pair, (enum side)side, json->valuestring,
                    strlen(json->valuestring), &out);
        cJSON_Delete(json);
    }
    text_fini(&in);
    text_fini(&out);
}

/* Without look-ups only what is built in is known. */
static void
without_look_ups(void **state)
{
    const struct transform_env bare = {.zone = "UTC"};
    struct mapping_pair pair = world_pair(TRANSFORM_DISPOSITION, "X__c");
    struct error err;
    struct text t;
    cJSON *json;

    (void)state;
    text_init(&t);
    assert_int_equal(transform_canon(&bare, &pair, HS, CONNECTED, 36, &t, NULL),
                     1);
    assert_int_equal(t.len, 9);
    assert_memory_equal(t.data, "Connected", 9);
    assert_int_equal(
        transform_render(&bare, &pair, HS, "connected", 9, &json, NULL), 0);
    assert_string_equal(json->valuestring, CONNECTED);
    cJSON_Delete(json);
    pair.transform = TRANSFORM_OWNER;
    t.len = 0;
    assert_int_equal(transform_canon(&bare, &pair, HS, "77", 2, &t, NULL), 1);
    assert_memory_equal(t.data, "77", 2);
    assert_int_equal(
        transform_render(&bare, &pair, HS, "anna@example.com", 16, &json, &err),
        -1);
    assert_int_equal(err.code, EX_NOUSER);
    text_fini(&t);
}

static void
unknown_zone(void **state)
{
    const struct transform_env bare = {.zone = "Europe/Bielefeld"};
    struct mapping_pair pair = world_pair(TRANSFORM_DATE, "X__c");
    struct error err = {0, ""};
    struct text t;
    cJSON *json;

    (void)state;
    text_init(&t);
    assert_int_equal(transform_canon(&bare, &pair, HS, "0", 1, &t, &err), -1);
    assert_int_equal(err.code, EX_CONFIG);
    assert_int_equal(
        transform_render(&bare, &pair, HS, "2024-04-25", 10, &json, &err), -1);
    assert_int_equal(err.code, EX_CONFIG);
    assert_int_equal(t.len, 0);
    text_fini(&t);
}

static void
appends(void **state)
{
    struct mapping_pair pair = world_pair(TRANSFORM_TEXT, "X__c");
    struct text t;

    (void)state;
    text_init(&t);
    text_puts(&t, "before ");
    assert_int_equal(transform_canon(&world, &pair, HS, " \0a ", 4, &t, NULL),
                     1);
    assert_int_equal(t.len, 11);
    assert_memory_equal(t.data, "before " FFFD "a", 11);
    text_fini(&t);
}

int
main(void)
{
    struct CMUnitTest tests[N(readings) + N(renderings) + N(cuts) + 3];
    char names[N(readings) + N(renderings)][80];
    size_t n = 0;

    for (size_t i = 0; i < N(readings); i++, n++) {
        snprintf(names[n], sizeof(names[n]), "read %s", readings[i].name);
        tests[n] = (struct CMUnitTest){.name = names[n],
                                       .test_func = reading,
                                       .initial_state = (void *)&readings[i]};
    }
    for (size_t i = 0; i < N(renderings); i++, n++) {
        snprintf(names[n], sizeof(names[n]), "render %s", renderings[i].name);
        tests[n] = (struct CMUnitTest){.name = names[n],
                                       .test_func = rendering,
                                       .initial_state = (void *)&renderings[i]};
    }
    for (size_t i = 0; i < N(cuts); i++)
        tests[n++] = (struct CMUnitTest){.name = cuts[i].name,
                                         .test_func = cut,
                                         .initial_state = (void *)&cuts[i]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(without_look_ups);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(unknown_zone);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(appends);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
