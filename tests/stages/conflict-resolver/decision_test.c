/* decision_test: create, update or nothing; whom a task hangs on; groups. */
#include "stages/conflict-resolver/decision.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

/* An event of these properties, hanging on that contact and account. */
struct sample {
    const char *kind, *subject, *message, *link;
    const char *who, *type, *account;
    int64_t modified_at;
};

static void
make(const struct sample *s, struct event *ev)
{
    msgpack_packer pk;

    event_init(ev);
    event_set_str(ev, EVENT_KIND, s->kind != NULL ? s->kind : "call");
    event_set_i64(ev, EVENT_OCCURRED_AT, 5);
    event_set_i64(ev, EVENT_MODIFIED_AT, s->modified_at);
    msgpack_packer_init(&pk, event_set(ev, EVENT_CONTACT),
                        msgpack_sbuffer_write);
    msgpack_pack_map(&pk, 3);
    mp_pack_kv_str(&pk, "hubspot_id", "101");
    mp_pack_kv_str(&pk, "salesforce_id", s->who);
    mp_pack_kv_str(&pk, "salesforce_type", s->type);
    event_set_done(ev, EVENT_CONTACT);
    msgpack_packer_init(&pk, event_set(ev, EVENT_COMPANIES),
                        msgpack_sbuffer_write);
    msgpack_pack_array(&pk, 2);
    msgpack_pack_map(&pk, 1);
    mp_pack_kv_str(&pk, "hubspot_id", "76");
    msgpack_pack_map(&pk, 2);
    mp_pack_kv_str(&pk, "hubspot_id", "77");
    mp_pack_kv_str(&pk, "salesforce_id", s->account);
    event_set_done(ev, EVENT_COMPANIES);
    msgpack_packer_init(&pk, event_set(ev, EVENT_PROPS), msgpack_sbuffer_write);
    msgpack_pack_map(&pk, 4);
    mp_pack_kv_str(&pk, "subject", s->subject);
    mp_pack_kv_str(&pk, "email_id", s->message);
    mp_pack_kv_str(&pk, "campaign_id", s->message);
    mp_pack_kv_str(&pk, "link_url", s->link);
    event_set_done(ev, EVENT_PROPS);
}

static const struct sample plain = {.subject = "Hi",
                                    .who = "003A",
                                    .type = "Contact",
                                    .account = "001A",
                                    .modified_at = 10};

static void
digest_of(const struct sample *s, char out[DECISION_DIGEST_SIZE])
{
    struct decision_parents p;
    struct event ev;

    make(s, &ev);
    decision_parents(&ev, &p);
    decision_digest(&ev, &p, out);
    event_fini(&ev);
}

/* The verdict for the plain sample when `written` stands in Salesforce. */
static enum decision_verdict
verdict_of(const struct sample *written, int64_t written_version, bool is_group,
           bool is_asked)
{
    char now[DECISION_DIGEST_SIZE], then[DECISION_DIGEST_SIZE];
    struct store_link link = {.version = 1, .modified_at = written_version};
    msgpack_sbuffer b;
    msgpack_packer pk;
    enum decision_verdict v;
    struct event ev;

    digest_of(&plain, now);
    make(&plain, &ev);
    if (is_asked)
        event_set_true(&ev, EVENT_ASKED);
    msgpack_sbuffer_init(&b);
    msgpack_packer_init(&pk, &b, msgpack_sbuffer_write);
    if (written != NULL) {
        digest_of(written, then);
        msgpack_pack_map(&pk, 1);
        mp_pack_kv_str(&pk, "digest", then);
        link.snapshot = (struct span){(uint8_t *)b.data, b.size};
    }
    v = decision_make(&ev, &link, now, is_group);
    msgpack_sbuffer_destroy(&b);
    event_fini(&ev);
    return v;
}

static enum decision_verdict
verdict(const struct sample *written, int64_t written_version, bool is_group)
{
    return verdict_of(written, written_version, is_group, false);
}

static void
what_was_written_decides(void **state)
{
    struct sample other = plain;
    struct event ev;

    (void)state;
    make(&plain, &ev);
    assert_int_equal(decision_make(&ev, NULL, "x", false), DECISION_CREATE);
    assert_int_equal(decision_make(&ev, NULL, "x", true), DECISION_CREATE);
    event_set_str(&ev, EVENT_UNLESS_LINKED, "filtered");
    assert_int_equal(decision_make(&ev, NULL, "x", false), DECISION_NOT_LINKED);
    event_fini(&ev);
    make(&plain, &ev);
    event_set_true(&ev, EVENT_ASKED);
    assert_int_equal(decision_make(&ev, NULL, "x", false), DECISION_CREATE);
    event_fini(&ev);
    assert_int_equal(verdict(&plain, 9, false), DECISION_ALREADY_WRITTEN);
    assert_int_equal(verdict(&plain, 11, false), DECISION_ALREADY_WRITTEN);
    assert_int_equal(verdict_of(&plain, 9, false, true), DECISION_UPDATE);
    other.subject = "Ho";
    assert_int_equal(verdict(&other, 9, false), DECISION_UPDATE);
    assert_int_equal(verdict(&other, 10, false), DECISION_UPDATE);
    assert_int_equal(verdict(&other, 11, false), DECISION_SUPERSEDED);
    other = plain;
    other.who = "003B";
    assert_int_equal(verdict(&other, 9, false), DECISION_UPDATE);
    other = plain;
    other.account = "001B";
    assert_int_equal(verdict(&other, 9, false), DECISION_UPDATE);
    assert_int_equal(verdict(NULL, 9, false), DECISION_UPDATE);
    assert_int_equal(verdict(&plain, 9, true), DECISION_ALREADY_WRITTEN);
    assert_int_equal(verdict(&other, 9, true), DECISION_DUPLICATE);
}

static void
reasons_have_names(void **state)
{
    (void)state;
    assert_null(decision_reason(DECISION_CREATE));
    assert_null(decision_reason(DECISION_UPDATE));
    assert_string_equal(decision_reason(DECISION_ALREADY_WRITTEN),
                        "already-written");
    assert_string_equal(decision_reason(DECISION_SUPERSEDED), "superseded");
    assert_string_equal(decision_reason(DECISION_DUPLICATE), "duplicate");
    assert_null(decision_reason(DECISION_NOT_LINKED));
}

static void
check_put(const struct sample *s, const char *group_key, const char *what)
{
    struct decision_parents p;
    struct span d;
    struct event ev;
    char text[64];

    make(s, &ev);
    decision_parents(&ev, &p);
    decision_put(&ev, DECISION_UPDATE, 3, &p, "0123456789abcdef", group_key);
    d = ev.field[EVENT_DECISION];
    mp_get_str(d, "action", text, sizeof(text));
    assert_string_equal(text, "update");
    assert_int_equal(mp_get_i64(d, "version", 0), 3);
    mp_get_str(d, "who_id", text, sizeof(text));
    assert_string_equal(text, s->who);
    mp_get_str(d, "what_id", text, sizeof(text));
    assert_string_equal(text, what);
    mp_get_str(d, "group", text, sizeof(text));
    assert_string_equal(text, group_key != NULL ? group_key : "");
    event_fini(&ev);
}

static void
a_lead_never_has_an_account(void **state)
{
    struct sample lead = plain;

    (void)state;
    lead.type = "Lead";
    check_put(&plain, NULL, "001A");
    check_put(&lead, NULL, "");
    check_put(&plain, "g", "001A");
}

static bool
group(const char *kind, const char *message, const char *link, char key[128])
{
    struct sample s = plain;
    struct event ev;
    bool has;

    s.kind = kind;
    s.message = message;
    s.link = link;
    make(&s, &ev);
    has = decision_group(&ev, key, 128);
    event_fini(&ev);
    return has;
}

static void
repeated_opens_and_clicks_share_a_group(void **state)
{
    char a[128], b[128];

    (void)state;
    assert_false(group("call", "m", "l", a));
    assert_false(group("marketing_email_sent", "m", "l", a));
    assert_false(group("sales_email_opened", NULL, "l", a));
    assert_true(group("sales_email_opened", "m1", "l1", a));
    assert_true(group("sales_email_opened", "m1", "l2", b));
    assert_string_equal(a, b);
    assert_true(group("sales_email_opened", "m2", "l1", b));
    assert_string_not_equal(a, b);
    assert_true(group("marketing_email_clicked", "m1", "l1", a));
    assert_true(group("marketing_email_clicked", "m1", "l2", b));
    assert_string_not_equal(a, b);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_decides),
        cmocka_unit_test(reasons_have_names),
        cmocka_unit_test(a_lead_never_has_an_account),
        cmocka_unit_test(repeated_opens_and_clicks_share_a_group)};

    return cmocka_run_group_tests_name("decision", tests, NULL, NULL);
}
