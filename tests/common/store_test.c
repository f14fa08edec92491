/* store_test: the state on real SQLite files. */
#include "common/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include <sqlite3.h>

static char dir[64], path[96], url[128];

static int
make_folder(void **state)
{
    (void)state;
    snprintf(dir, sizeof(dir), "/tmp/crmpipe-store-XXXXXX");
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/s/state.db", dir);
    snprintf(url, sizeof(url), "sqlite:%s", path);
    return 0;
}

static int
remove_folder(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof(command), "rm -rf '%s'", dir);
    return system(command);
}

static struct store *
open_it(enum store_mode mode)
{
    struct store *store;
    struct error err = {0, ""};

    if (store_open(url, mode, &store, &err) < 0)
        fail_msg("%s", err.text);
    return store;
}

/* store_open() refuses; the words hold `hint`. */
static void
refused(enum store_mode mode, int code, const char *hint)
{
    struct store *store;
    struct error err = {0, ""};

    assert_int_equal(store_open(url, mode, &store, &err), -1);
    assert_int_equal(err.code, code);
    assert_non_null(strstr(err.text, hint));
}

static void
execute(const char *sql)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void
it_is_made_for_its_owner_alone(void **state)
{
    struct stat st;

    (void)state;
    store_close(open_it(STORE_WRITE));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    *strrchr(path, '/') = '\0';
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    path[strlen(path)] = '/';
    store_close(open_it(STORE_WRITE));
    store_close(open_it(STORE_READ));
}

static void
reading_makes_nothing(void **state)
{
    (void)state;
    refused(STORE_READ, EX_NOINPUT, "no state");
    assert_int_not_equal(access(path, F_OK), 0);
}

static void
what_it_does_not_understand_is_refused(void **state)
{
    FILE *f;

    (void)state;
    store_close(open_it(STORE_WRITE));
    execute("PRAGMA user_version = 99");
    refused(STORE_WRITE, EX_CONFIG, "version 99");
    refused(STORE_READ, EX_CONFIG, "version 99");
    execute("PRAGMA user_version = 1; PRAGMA application_id = 7");
    refused(STORE_WRITE, EX_CONFIG, "another program");
    f = fopen(path, "w");
    fputs("this is no database at all, but long enough to be looked at as one"
          "........................................................",
          f);
    fclose(f);
    refused(STORE_WRITE, EX_CONFIG, "move it aside");
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(store_open("oracle:x", STORE_WRITE, NULL, NULL), -1);
}

static void
checkpoints_survive_and_roll_back(void **state)
{
    struct store *a = open_it(STORE_WRITE);
    struct error err;
    char *cursor;

    (void)state;
    assert_int_equal(store_checkpoint_get(a, "f", &cursor, &err), 0);
    assert_int_equal(store_begin(a, &err), 0);
    assert_int_equal(store_checkpoint_put(a, "f", "{\"t\":1}", &err), 0);
    store_rollback(a);
    assert_int_equal(store_checkpoint_get(a, "f", &cursor, &err), 0);
    assert_int_equal(store_begin(a, &err), 0);
    assert_int_equal(store_checkpoint_put(a, "f", "{\"t\":2}", &err), 0);
    assert_int_equal(store_commit(a, &err), 0);
    store_close(a);
    a = open_it(STORE_READ);
    assert_int_equal(store_checkpoint_get(a, "f", &cursor, &err), 1);
    assert_string_equal(cursor, "{\"t\":2}");
    free(cursor);
    store_close(a);
}

static int
count_contact(void *ctx, const struct store_contact *c)
{
    char *seen = ctx;
    size_t n = strlen(seen);

    snprintf(seen + n, 256 - n, "%s ", c->hubspot_id);
    return 0;
}

static void
put_contact(struct store *s, const char *id, const char *email,
            const char *more, const char *sf, bool due)
{
    struct store_contact c = {.matches = 1, .lookback_due = due};
    struct error err;

    snprintf(c.hubspot_id, sizeof(c.hubspot_id), "%s", id);
    snprintf(c.email, sizeof(c.email), "%s", email);
    snprintf(c.more_emails, sizeof(c.more_emails), "%s", more);
    snprintf(c.salesforce_id, sizeof(c.salesforce_id), "%s", sf);
    assert_int_equal(store_contact_put(s, &c, &err), 0);
}

static void
contacts_are_found_by_any_address(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    struct store_contact c;
    char seen[256] = "";
    struct error err;

    (void)state;
    put_contact(s, "9", "a@x.test", "b@x.test;c@x.test", "", true);
    put_contact(s, "10", "d@x.test", "", "003A", true);
    put_contact(s, "11", "", "", "", false);
    assert_int_equal(store_contact_get(s, "9", &c, &err), 1);
    assert_true(c.lookback_due);
    assert_int_equal(store_contact_by_email(s, "C@X.test", &c, &err), 1);
    assert_string_equal(c.hubspot_id, "9");
    assert_int_equal(store_contact_by_email(s, "z@x.test", &c, &err), 0);
    assert_int_equal(store_contacts_due(s, 9, count_contact, seen, &err), 0);
    assert_string_equal(seen, "9 10 ");
    seen[0] = '\0';
    store_contacts_untied(s, "", 9, count_contact, seen, &err);
    assert_string_equal(seen, "9 ");
    seen[0] = '\0';
    store_contacts_untied(s, "9", 9, count_contact, seen, &err);
    assert_string_equal(seen, "");
    put_contact(s, "9", "new@x.test", "", "003B", false);
    assert_int_equal(store_contact_by_email(s, "b@x.test", &c, &err), 0);
    assert_int_equal(store_contact_by_email(s, "new@x.test", &c, &err), 1);
    store_close(s);
}

static void
only_the_living_have_an_address(void **state)
{
    static const struct store_person people[] = {
        {"003A", "Contact", "a@x.test", "", false},
        {"003B", "Contact", "a@x.test", "", false},
        {"003C", "Contact", "a@x.test", "", true},
        {"00QD", "Lead", "a@x.test", "003A", false}};
    struct store *s = open_it(STORE_WRITE);
    struct store_person found[1];
    struct error err;

    (void)state;
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(store_person_put(s, &people[i], &err), 0);
    assert_int_equal(store_people_by_email(s, "A@x.test", found, 1, &err), 2);
    assert_string_equal(found[0].salesforce_id, "003A");
    assert_int_equal(store_people_by_email(s, "", found, 1, &err), 0);
    assert_int_equal(store_person_get(s, "00QD", found, &err), 1);
    assert_string_equal(found[0].became_id, "003A");
    store_close(s);
}

static int
count_one(void *ctx, const struct store_outcome *o)
{
    (void)o;
    ++*(int *)ctx;
    return 0;
}

static int
found(struct store *s, const char *text)
{
    struct error err;
    int n = 0;

    assert_int_equal(store_outcome_find(s, text, count_one, &n, &err), 0);
    return n;
}

static void
outcomes_are_found_and_trimmed(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    struct store_outcome o = {.key = "hubspot:call:512", .at = 5};
    struct error err;

    (void)state;
    snprintf(o.o.outcome, sizeof(o.o.outcome), "written");
    snprintf(o.o.id, sizeof(o.o.id), "hubspot:call:512@1");
    assert_int_equal(store_outcome_put(s, &o, &err), 0);
    assert_int_equal(store_outcome_put(s, &o, &err), 0);
    snprintf(o.o.id, sizeof(o.o.id), "hubspot:call:512@2");
    o.at = 7;
    assert_int_equal(store_outcome_put(s, &o, &err), 0);
    assert_int_equal(found(s, "512"), 2);
    assert_int_equal(found(s, "hubspot:call:512"), 2);
    assert_int_equal(found(s, "hubspot:call:512@2"), 1);
    assert_int_equal(found(s, "call:512"), 2);
    assert_int_equal(found(s, "12"), 0);
    assert_int_equal(store_outcome_get(s, "hubspot:call:512@1", &o, &err), 1);
    assert_int_equal(store_outcome_trim(s, 6, 10, &err), 1);
    assert_int_equal(found(s, "512"), 1);
    store_close(s);
}

static int
keep_letter(void *ctx, const struct store_dead *d)
{
    struct store_dead *to = ctx;

    *to = *d;
    to->at++; /* proves that it was here */
    return 0;
}

static void
letters_keep_their_number_and_their_event(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    struct store_dead_filter all = {0}, retrying = {.retrying_only = true};
    struct store_dead d = {.id = "hubspot:call:1@1",
                           .key = "hubspot:call:1",
                           .kind = "call",
                           .reason = "R",
                           .event = {(const uint8_t *)"\x80", 1}};
    struct store_dead got = {0};
    struct error err;
    int64_t number;

    (void)state;
    assert_int_equal(store_dead_put(s, &d, &err), 0);
    number = d.number;
    assert_true(number > 0);
    assert_int_equal(store_dead_retry(s, &all, &err), 1);
    assert_int_equal(store_dead_each(s, &retrying, keep_letter, &got, &err), 0);
    assert_int_equal(got.number, number);
    assert_int_equal(got.event.len, 1);
    assert_int_equal(store_dead_put(s, &d, &err), 0);
    assert_int_equal(d.number, number);
    got.number = 0;
    store_dead_each(s, &retrying, keep_letter, &got, &err);
    assert_int_equal(got.number, 0);
    all.kind = "note";
    assert_int_equal(store_dead_drop(s, &all, &err), 0);
    all.kind = "call";
    all.text = "1";
    assert_int_equal(store_dead_drop(s, &all, &err), 1);
    store_close(s);
}

static void
links_and_counters(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    struct store_link link = {
        .key = "k",
        .target = "salesforce:Task:1",
        .version = 1,
        .snapshot = {(const uint8_t *)"\x81\xa1x\x01", 4}};
    struct store_link got;
    struct error err;
    int64_t n;

    (void)state;
    assert_int_equal(store_link_get(s, "k", &got, &err), 0);
    assert_int_equal(store_link_put(s, &link, &err), 0);
    link.version = 2;
    assert_int_equal(store_link_put(s, &link, &err), 0);
    assert_int_equal(store_link_get(s, "k", &got, &err), 1);
    assert_int_equal(got.version, 2);
    assert_int_equal(mp_get_i64(got.snapshot, "x", 0), 1);
    assert_int_equal(store_counter_get(s, "c", &n, &err), 0);
    assert_int_equal(n, 0);
    assert_int_equal(store_counter_put(s, "c", 3, &err), 0);
    assert_int_equal(store_counter_get(s, "c", &n, &err), 1);
    assert_int_equal(n, 3);
    assert_int_equal(store_api_add(s, "hubspot", 20000, 2, &n, &err), 0);
    assert_int_equal(store_api_add(s, "hubspot", 20000, 3, &n, &err), 0);
    assert_int_equal(n, 5);
    assert_int_equal(store_api_add(s, "hubspot", 20001, 0, &n, &err), 0);
    assert_int_equal(n, 0);
    store_close(s);
}

static void
a_copy_holds_the_same(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    struct error err;
    char copy[96], *cursor;

    (void)state;
    assert_int_equal(store_checkpoint_put(s, "f", "1", &err), 0);
    snprintf(copy, sizeof(copy), "%s/copy.db", dir);
    assert_int_equal(store_copy(url, copy, &err), 0);
    store_close(s);
    snprintf(url, sizeof(url), "sqlite:%s", copy);
    s = open_it(STORE_WRITE);
    assert_int_equal(store_checkpoint_get(s, "f", &cursor, &err), 1);
    free(cursor);
    store_close(s);
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(it_is_made_for_its_owner_alone),
        ROW(reading_makes_nothing),
        ROW(what_it_does_not_understand_is_refused),
        ROW(checkpoints_survive_and_roll_back),
        ROW(contacts_are_found_by_any_address),
        ROW(only_the_living_have_an_address),
        ROW(outcomes_are_found_and_trimmed),
        ROW(letters_keep_their_number_and_their_event),
        ROW(links_and_counters),
        ROW(a_copy_holds_the_same)};

    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
