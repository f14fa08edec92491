/* hubspot_fixture: a client of HubSpot and the sandbox of the same build, which
 * is started for it. */
#ifndef TESTS_HUBSPOT_FIXTURE_H
#define TESTS_HUBSPOT_FIXTURE_H

#include "common/hubspot.h"
#include "tests/common/quoted.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static pid_t sandbox;
static int port;
static bool is_stopped;
static bool is_hurried; /* a wait is stopped after its first slice */

static _Noreturn void
run_sandbox(int out)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 16);
    char *tests;

    /* BUILD/tests/.../X_test -> BUILD/sandbox */
    path[n > 0 ? n : 0] = '\0';
    tests = strstr(path, "/tests/");
    while (tests != NULL && strstr(tests + 1, "/tests/") != NULL)
        tests = strstr(tests + 1, "/tests/");
    if (tests != NULL)
        strcpy(tests, "/sandbox");
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    dup2(out, STDOUT_FILENO);
    execl(path, path, "--hubspot-port", "0", "--salesforce-port", "0",
          "--contacts", "0", "--activities", "0", "--no-limits", NULL);
    perror(path);
    _exit(127);
}

static int
start_sandbox(void **state)
{
    char line[128] = "";
    int ends[2];
    FILE *from;

    (void)state;
    if (pipe(ends) < 0 || (sandbox = fork()) < 0)
        return -1;
    if (sandbox == 0)
        run_sandbox(ends[1]);
    close(ends[1]);
    from = fdopen(ends[0], "r");
    while (strcmp(line, "ready\n") != 0 &&
           fgets(line, sizeof(line), from) != NULL)
        sscanf(line, "hubspot=%d", &port);
    fclose(from);
    return strcmp(line, "ready\n") == 0 ? 0 : -1;
}

static int
stop_sandbox(void **state)
{
    int status;

    (void)state;
    kill(sandbox, SIGTERM);
    return waitpid(sandbox, &status, 0) == sandbox && status == 0 ? 0 : -1;
}

static bool
go_on(void *ctx)
{
    bool was_stopped = is_stopped;

    (void)ctx;
    is_stopped |= is_hurried;
    return !was_stopped;
}

static struct hubspot *
open_hubspot(const char *more)
{
    char path[] = "/tmp/hubspot_sandbox_test.XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");
    struct conf *conf;
    struct hubspot *hs;
    struct error err;

    assert_non_null(file);
    fprintf(file,
            "[hubspot]\napi_base = http://127.0.0.1:%d\n"
            "token = env:HUBSPOT_SANDBOX_TEST\n%s\n"
            "[delivery]\nretry_min = 1ms\nretry_max = 10ms\n",
            port, more);
    fclose(file);
    setenv("HUBSPOT_SANDBOX_TEST", "sandbox-token", 1);
    if (conf_load(path, &conf, &err) < 0)
        fail_msg("%s", err.text);
    unlink(path);
    if (hubspot_open(conf, NULL, go_on, NULL, &hs, &err) < 0)
        fail_msg("%s", err.text);
    conf_free(conf);
    return hs;
}

static void
post(struct hubspot *hs, enum hubspot_api api, const char *tail,
     const char *text, struct hubspot_answer *out)
{
    cJSON *body = quoted_json(text);

    hubspot_call(hs, "POST", api, tail, body, out);
    cJSON_Delete(body);
}

/* The next call to that path goes wrong. */
static void
fault(struct hubspot *hs, const char *path, const char *action)
{
    struct hubspot_answer a;
    char text[512];

    snprintf(text, sizeof(text), "{'rules':[{'path':'%s','times':1,%s}]}", path,
             action);
    post(hs, HUBSPOT_ROOT, "/__sandbox/faults", text, &a);
    assert_int_equal(a.end, HUBSPOT_OK);
    hubspot_answer_fini(&a);
}

#endif
