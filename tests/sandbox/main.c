/* sandbox: a local stand-in for HubSpot's and Salesforce's APIs.
 *
 *   sandbox --hubspot-port N --salesforce-port N
 *           [--contacts N --activities M --seed S | --bare] [--no-limits]
 *
 * Prints `ready` once both ports listen, on 127.0.0.1 only; with a port 0 (any
 * free one) first a line `hubspot=PORT salesforce=PORT`. */
#include "tests/sandbox/sandbox.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

struct sandbox_options sandbox_options = {.hubspot_port = -1,
                                          .salesforce_port = -1,
                                          .contacts = 50,
                                          .activities = 500,
                                          .seed = 1};

static const char usage[] =
    "usage: sandbox --hubspot-port N --salesforce-port N\n"
    "               [--contacts N --activities M --seed S | --bare] "
    "[--no-limits]\n"
    "Speaks both services' APIs on 127.0.0.1. Token sandbox-token; client\n"
    "sandbox-client, secret sandbox-secret. Port 0: any free one.\n";

static int
number(const char *text, long long max, long long *out)
{
    char *end;

    *out = strtoll(text, &end, 10);
    return *end == '\0' && text[0] != '\0' && *out >= 0 && *out <= max ? 0 : -1;
}

static int
take(const char *flag, const char *value)
{
    struct sandbox_options *o = &sandbox_options;
    long long n;

    if (value == NULL || number(value, 1000000000, &n) < 0)
        return -1;
    if (strcmp(flag, "--hubspot-port") == 0 && n < 65536)
        o->hubspot_port = (int)n;
    else if (strcmp(flag, "--salesforce-port") == 0 && n < 65536)
        o->salesforce_port = (int)n;
    else if (strcmp(flag, "--contacts") == 0)
        o->contacts = (int)n;
    else if (strcmp(flag, "--activities") == 0)
        o->activities = (int)n;
    else if (strcmp(flag, "--seed") == 0)
        o->seed = (uint64_t)n;
    else
        return -1;
    return 0;
}

/* 0: go on; else the exit code, -1 for success. */
static int
parse(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            fputs(usage, stdout);
            return -1;
        }
        if (strcmp(argv[i], "--bare") == 0) {
            sandbox_options.bare = true;
        } else if (strcmp(argv[i], "--no-limits") == 0) {
            sandbox_options.no_limits = true;
        } else if (take(argv[i], argv[i + 1]) == 0) {
            i++;
        } else {
            fprintf(stderr, "sandbox: bad or incomplete argument: %s\n%s",
                    argv[i], usage);
            return EX_USAGE;
        }
    }
    if (sandbox_options.hubspot_port >= 0 &&
        sandbox_options.salesforce_port >= 0)
        return 0;
    fprintf(stderr, "sandbox: both ports are needed\n%s", usage);
    return EX_USAGE;
}

static void
say_ready(const struct service *hubspot, const struct service *salesforce)
{
    if (sandbox_options.hubspot_port == 0 ||
        sandbox_options.salesforce_port == 0)
        printf("hubspot=%d salesforce=%d\n", hubspot->port, salesforce->port);
    printf("ready\n");
    fflush(stdout);
}

static void
close_all(struct service *hubspot, struct service *salesforce)
{
    server_close();
    if (hubspot->close != NULL)
        hubspot->close(hubspot);
    if (salesforce->close != NULL)
        salesforce->close(salesforce);
    faults_close();
    control_close();
}

int
main(int argc, char **argv)
{
    struct service *hubspot, *salesforce;
    int code = parse(argc, argv);
    sigset_t set;
    int got;

    if (code != 0)
        return code < 0 ? EX_OK : code;
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    hubspot = hubspot_service();
    salesforce = salesforce_service();
    hubspot->port = sandbox_options.hubspot_port;
    salesforce->port = sandbox_options.salesforce_port;
    code = EX_TEMPFAIL;
    if (server_open(hubspot) == 0 && server_open(salesforce) == 0) {
        if (!sandbox_options.bare)
            generate(hubspot, salesforce);
        say_ready(hubspot, salesforce);
        sigwait(&set, &got);
        code = EX_OK;
    }
    close_all(hubspot, salesforce);
    return code;
}
