/* store_deletions_test: pairs one after another, and deletions that wait. */
#include "tests/common/store_fixture.h"

static void
put_link(struct store *s, const char *key, const char *snapshot)
{
    struct store_link link = {
        .kind = "call",
        .target = "salesforce:Task:1",
        .snapshot = {(const uint8_t *)snapshot, strlen(snapshot)}};
    struct error err;

    snprintf(link.key, sizeof(link.key), "%s", key);
    assert_int_equal(store_link_put(s, &link, &err), 0);
}

static int
note_link(void *ctx, const struct store_link *link)
{
    char *seen = ctx;
    size_t n = strlen(seen);

    snprintf(seen + n, 256 - n, "%s/%s/%zu ", link->key, link->kind,
             link->snapshot.len);
    return strcmp(link->key, "hubspot:call:3") == 0;
}

#define PAIR "\x81\xa7hubspot\x80"

static void
pairs_come_by_their_keys(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    const char *before = "hubspot:call;";
    char seen[256] = "";
    struct error err;

    (void)state;
    put_link(s, "hubspot:call:2", PAIR);
    put_link(s, "hubspot:call:1", PAIR);
    put_link(s, "hubspot:call:15",
             "\x81\xa6"
             "digest\x80"); /* timeline */
    put_link(s, "hubspot:call:3", PAIR);
    put_link(s, "hubspot:call:4", PAIR);
    put_link(s, "hubspot:email:1", PAIR);
    assert_int_equal(store_pair_count(s, "hubspot:call:", before, &err), 4);
    assert_int_equal(store_pair_count(s, "hubspot:", "hubspot;", &err), 5);
    assert_int_equal(
        store_pair_each(s, "hubspot:call:", before, 2, note_link, seen, &err),
        0);
    assert_string_equal(seen, "hubspot:call:1/call/10 hubspot:call:2/call/10 ");
    seen[0] = '\0';
    assert_int_equal(
        store_pair_each(s, "hubspot:call:2", before, 9, note_link, seen, &err),
        0);
    assert_string_equal(seen, "hubspot:call:3/call/10 "); /* told to stop */
    store_close(s);
}

static struct store_deletion
put(struct store *s, const char *key, const char *source, const char *verdict)
{
    struct store_deletion d = {.kind = "call",
                               .found_at = 5,
                               .judged_at = 100,
                               .event = {(const uint8_t *)"\x80", 1}};
    struct error err;

    snprintf(d.key, sizeof(d.key), "%s", key);
    snprintf(d.id, sizeof(d.id), "%s@5", key);
    snprintf(d.source, sizeof(d.source), "%s", source);
    snprintf(d.other, sizeof(d.other), "other of %s", key);
    snprintf(d.verdict, sizeof(d.verdict), "%s", verdict);
    assert_int_equal(store_deletion_put(s, &d, &err), 0);
    assert_true(d.number > 0);
    return d;
}

static int
note_deletion(void *ctx, const struct store_deletion *d)
{
    char *seen = ctx;
    size_t n = strlen(seen);

    snprintf(seen + n, 256 - n, "%s/%s/%zu ", d->key, d->source, d->event.len);
    return 0;
}

static void
has(struct store *s, const char *source, const char *verdict, const char *want)
{
    char seen[256] = "";
    struct error err;

    assert_int_equal(
        store_deletion_each(s, source, verdict, note_deletion, seen, &err), 0);
    assert_string_equal(seen, want);
}

static void
each_goes_its_way(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    struct store_deletion_counts c;
    struct store_deletion d;
    struct error err;

    (void)state;
    put(s, "a", "hubspot", STORE_LOOKED);
    put(s, "a", "hubspot", STORE_PENDING); /* replaces it */
    put(s, "b", "hubspot", STORE_PENDING);
    put(s, "c", "salesforce", STORE_PENDING);
    assert_int_equal(store_deletion_get(s, "x", &d, &err), 0);
    assert_int_equal(store_deletion_get(s, "a", &d, &err), 1);
    assert_string_equal(d.other, "other of a");
    assert_string_equal(d.verdict, STORE_PENDING);
    assert_null(d.event.data);
    assert_int_equal(store_deletion_judge(s, "hubspot", STORE_PENDING,
                                          STORE_RELEASED, 200, &err),
                     2);
    has(s, "hubspot", STORE_RELEASED, "a/hubspot/1 b/hubspot/1 ");
    has(s, NULL, STORE_PENDING, "c/salesforce/1 ");
    assert_int_equal(store_deletion_end(s, d.number, &err), 0);
    has(s, NULL, STORE_CARRIED, "a/hubspot/0 ");
    assert_int_equal(store_deletion_end(s, d.number, &err), 0); /* once more */
    assert_int_equal(store_deletion_count(s, NULL, 199, &c, &err), 0);
    assert_true(c.pending == 1 && c.held == 0 && c.to_send == 1 &&
                c.released == 2 && c.looked == 0);
    assert_int_equal(store_deletion_count(s, "salesforce", 0, &c, &err), 0);
    assert_true(c.pending == 1 && c.released == 0);
    assert_int_equal(store_deletion_trim(s, 200, &err), 0);
    has(s, NULL, STORE_CARRIED, "a/hubspot/0 ");
    assert_int_equal(store_deletion_trim(s, 201, &err), 0);
    has(s, NULL, STORE_CARRIED, "");
    has(s, NULL, STORE_RELEASED, "b/hubspot/1 "); /* has not ended */
    store_close(s);
}

static void
what_a_person_decides(void **state)
{
    struct store *s = open_it(STORE_WRITE);
    struct store_deletion one = put(s, "a", "hubspot", STORE_HELD);
    struct store_deletion two = put(s, "b", "salesforce", STORE_HELD);
    struct store_deletion three = put(s, "c", "hubspot", STORE_PENDING);
    struct error err;

    (void)state;
    assert_int_equal(
        store_deletion_judge(s, NULL, STORE_HELD, STORE_FORGOTTEN, 7, &err), 2);
    assert_int_equal(store_deletion_allow(s, two.number, 8, &err), 0);
    has(s, NULL, STORE_ALLOWED, "b/salesforce/1 ");
    has(s, NULL, STORE_FORGOTTEN, "a/hubspot/1 ");
    /* They go when they have ended, and count for nothing. */
    assert_int_equal(store_deletion_end(s, one.number, &err), 0);
    assert_int_equal(store_deletion_end(s, two.number, &err), 0);
    assert_int_equal(store_deletion_end(s, three.number, &err), 0);
    has(s, NULL, STORE_ALLOWED, "");
    has(s, NULL, STORE_FORGOTTEN, "");
    has(s, NULL, STORE_CARRIED, "");
    has(s, NULL, STORE_PENDING, "c/hubspot/1 "); /* was not sent */
    assert_int_equal(store_deletion_drop(s, "c", &err), 0);
    assert_int_equal(store_deletion_drop(s, "c", &err), 0);
    has(s, NULL, STORE_PENDING, "");
    store_close(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {ROW(pairs_come_by_their_keys),
                                       ROW(each_goes_its_way),
                                       ROW(what_a_person_decides)};

    return cmocka_run_group_tests_name("store_deletions", tests, NULL, NULL);
}
