/* token_test: one process signs in for all, and no more often than need be. */
#include "common/token.h"
#include "common/clock.h"
#include "tests/common/store_fixture.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#define N_PROCESSES 8

/* A service. */
struct service {
    atomic_int n_sign_ins, n_at_once, most_at_once;
    int64_t lifetime_s; /* 0: it does not say */
    bool fails;
    char got_refresh[64], gives_refresh[64];
};

static bool
sign_in(void *ctx, struct store_token *token)
{
    struct service *s = ctx;
    struct timespec a_while = {0, 30000000};
    int n = ++s->n_at_once;

    if (n > s->most_at_once)
        s->most_at_once = n;
    nanosleep(&a_while, NULL); /* whoever comes meanwhile has to wait */
    s->n_at_once--;
    snprintf(s->got_refresh, sizeof(s->got_refresh), "%.63s", token->refresh);
    snprintf(token->access, sizeof(token->access), "token-%d", ++s->n_sign_ins);
    snprintf(token->refresh, sizeof(token->refresh), "%s", s->gives_refresh);
    token->renew_at = token_renew_at(clock_now_ms(), s->lifetime_s);
    return !s->fails;
}

/* What is got; "" and the return value as of token_obtain() else. */
static int
obtain(struct store *store, struct service *s, const char *owner,
       const char *refused, char access[64])
{
    const struct token_ask ask = {.store = store,
                                  .service = "hubspot",
                                  .owner = owner,
                                  .refused = refused,
                                  .sign_in = sign_in,
                                  .sign_in_ctx = s};
    struct store_token token;
    struct error err = {0, ""};
    int rv = token_obtain(&ask, &token, &err);

    snprintf(access, 64, "%.63s", rv == 1 ? token.access : "");
    return rv;
}

static void
gets(struct store *store, struct service *s, const char *owner,
     const char *refused, const char *want)
{
    char access[64];

    assert_int_equal(obtain(store, s, owner, refused, access), 1);
    assert_string_equal(access, want);
}

static void
a_token_is_used_until_it_is_refused_or_due(void **state)
{
    struct service s = {.lifetime_s = 1800, .gives_refresh = "r2"};
    struct store *store = open_it(STORE_WRITE);
    char access[64];

    (void)state;
    gets(store, &s, "me", "", "token-1");
    assert_string_equal(s.got_refresh, "");
    gets(store, &s, "me", "", "token-1");
    gets(store, &s, "me", "token-0", "token-1"); /* an older one */
    gets(store, &s, "me", "token-1", "token-2");
    assert_string_equal(s.got_refresh, "r2");
    gets(store, &s, "me", "token-1", "token-2"); /* another one is late */
    gets(store, &s, "you", "", "token-3");       /* of other credentials */
    assert_string_equal(s.got_refresh, "");
    execute("UPDATE token SET renew_at = 1");
    gets(store, &s, "you", "", "token-4");
    s.fails = true;
    assert_int_equal(obtain(store, &s, "you", "token-4", access), 0);
    s.fails = false; /* it is not in its own way */
    gets(store, &s, "you", "token-4", "token-6");
    store_close(store);
}

static void
alone_each_asks_for_itself(void **state)
{
    struct service s = {.lifetime_s = 0};

    (void)state;
    gets(NULL, &s, "me", "", "token-1");
    gets(NULL, &s, "me", "", "token-2");
}

static void
when_it_is_due(void **state)
{
    (void)state;
    assert_int_equal(token_renew_at(1000, 0), 0);
    assert_int_equal(token_renew_at(1000, -5), 0);
    assert_int_equal(token_renew_at(1000, 1800), 1000 + 1680 * 1000);
    assert_int_equal(token_renew_at(1000, 20), 1000 + 18 * 1000);
    assert_false(token_is_due(0, INT64_MAX));
    assert_false(token_is_due(10, 9));
    assert_true(token_is_due(10, 10));
}

static void *
process(void *ctx)
{
    struct store *store = open_it(STORE_WRITE);
    char access[64];

    for (int i = 0; i < 20; i++) {
        obtain(store, ctx, "me", "", access);
        obtain(store, ctx, "me", "token-1", access);
    }
    store_close(store);
    return NULL;
}

static void
many_at_once_sign_in_once(void **state)
{
    struct service s = {.lifetime_s = 1800};
    pthread_t threads[N_PROCESSES];

    (void)state;
    store_close(open_it(STORE_WRITE));
    for (int i = 0; i < N_PROCESSES; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, process, &s), 0);
    for (int i = 0; i < N_PROCESSES; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(s.n_sign_ins, 2); /* and once for the refused one */
    assert_int_equal(s.most_at_once, 1);
}

/* It died while it signed in: the next one waits until its time is over. */
static void
who_dies_meanwhile_does_not_stay(void **state)
{
    struct service s = {.lifetime_s = 1800};
    struct store *store = open_it(STORE_WRITE);
    struct error err;
    int64_t now = clock_now_ms();

    (void)state;
    assert_int_equal(
        store_token_hold(store, "hubspot", 7, now, now + 200, &err), 1);
    assert_int_equal(
        store_token_hold(store, "hubspot", 8, now, now + 200, &err), 0);
    gets(store, &s, "me", "", "token-1");
    store_close(store);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ROW(a_token_is_used_until_it_is_refused_or_due),
        cmocka_unit_test(alone_each_asks_for_itself),
        cmocka_unit_test(when_it_is_due),
        ROW(many_at_once_sign_in_once),
        ROW(who_dies_meanwhile_does_not_stay),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
