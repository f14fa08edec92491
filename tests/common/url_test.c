/* url_test: https to the world, plain text on loopback alone. */
#include "common/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#include <cmocka.h>

static const struct row {
    const char *url;
    int (*check)(const char *url, struct error *err);
    bool is_allowed;
} rows[] = {
    {"https://api.hubapi.com", url_check_http, true},
    {"https://example.com:8443/path", url_check_http, true},
    {"http://127.0.0.1", url_check_http, true},
    {"http://127.8.8.8:80/", url_check_http, true},
    {"http://localhost:8080", url_check_http, true},
    {"http://[::1]:8080", url_check_http, true},
    {"http://example.com", url_check_http, false},
    {"http://10.0.0.1", url_check_http, false},
    {"http://0.0.0.0", url_check_http, false},
    {"http://[::]", url_check_http, false},
    {"http://localhost.example.com", url_check_http, false},
    {"http://127.0.0.1.example.com", url_check_http, false},
    {"http://127.1", url_check_http, false},
    {"http://127.0.0.1@example.com", url_check_http, false},
    {"http://127.0.0.1:1@example.com", url_check_http, false},
    {"https://user:pass@example.com", url_check_http, false},
    {"https://example.com?x=1", url_check_http, false},
    {"https://example.com/#x", url_check_http, false},
    {"https://", url_check_http, false},
    {"https://[::1", url_check_http, false},
    {"https://example.com:0", url_check_http, false},
    {"https://example.com:65536", url_check_http, false},
    {"https://example.com:x", url_check_http, false},
    {"http://127.0.0.1:80abc", url_check_http, false},
    {"http://127.0.0.1:80:80", url_check_http, false},
    {"http://[::1]8080", url_check_http, false},
    {"https://example.com: 80", url_check_http, false},
    {"https://example.com:+80", url_check_http, false},
    {"ftp://example.com", url_check_http, false},
    {"", url_check_http, false},
    {"tcp://127.0.0.1:7001", url_check_tcp, true},
    {"tcp://localhost:1", url_check_tcp, true},
    {"tcp://[::1]:65535", url_check_tcp, true},
    {"tcp://10.0.0.1:7001", url_check_tcp, false},
    {"tcp://*:7001", url_check_tcp, false},
    {"tcp://0.0.0.0:7001", url_check_tcp, false},
    {"tcp://127.0.0.1", url_check_tcp, false},
    {"tcp://127.0.0.1:7001/x", url_check_tcp, false},
    {"tcp://127.0.0.1:70010", url_check_tcp, false},
    {"tcp://127.0.0.1:+7001", url_check_tcp, false},
    {"tcp://:7001", url_check_tcp, false},
    {"ipc:///x", url_check_tcp, false},
};

static void
check(void **state)
{
    const struct row *r = *state;
    struct error err = {0, ""};

    assert_int_equal(r->check(r->url, &err), r->is_allowed ? 0 : -1);
    assert_int_equal(err.code, r->is_allowed ? 0 : EX_CONFIG);
}

int
main(void)
{
    enum { N = sizeof(rows) / sizeof(rows[0]) };
    struct CMUnitTest tests[N];

    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){.name = rows[i].url,
                                       .test_func = check,
                                       .initial_state = (void *)&rows[i]};
    return cmocka_run_group_tests_name("url", tests, NULL, NULL);
}
