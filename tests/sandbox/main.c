/* sandbox: a local stand-in for HubSpot's and Salesforce's APIs.
 *
 *   sandbox --hubspot-port N --salesforce-port N
 *           [--contacts N --activities M --seed S | --bare] [--no-limits]
 *
 * Prints `ready` once both ports listen, on 127.0.0.1 only; with a port 0 (any
 * free one) first a line `hubspot=PORT salesforce=PORT`. */
#include "tests/sandbox/sandbox.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sysexits.h>
#include <unistd.h>

#define RECORDS_MAX 1000000

struct sandbox_options sandbox_options = {.hubspot_port = -1,
                                          .salesforce_port = -1,
                                          .contacts = 50,
                                          .activities = 500,
                                          .seed = 1};

static const char usage[] =
    "usage: sandbox --hubspot-port N --salesforce-port N\n"
    "               [--contacts N --activities M --seed S | --bare] "
    "[--no-limits]\n"
    "               [--token-lifetime S] [--rotate] [--jwt-key FILE]\n"
    "\n"
    "HubSpot's and Salesforce's APIs on 127.0.0.1, with sample data. Token:\n"
    "sandbox-token; client: sandbox-client, secret: sandbox-secret.\n"
    "  --hubspot-port N     port 0: any free one, told on standard output\n"
    "  --salesforce-port N  the same\n"
    "  --contacts N         people of the sample data (50)\n"
    "  --activities M       what they did in the last 400 days (500)\n"
    "  --seed S             the same seed gives the same data (1)\n"
    "  --bare               an account without records and custom fields\n"
    "  --no-limits          no rate limits, for benchmarks\n"
    "  --token-lifetime S   seconds that a token lives (HubSpot: 1800,\n"
    "                       Salesforce: until it is ended)\n"
    "  --rotate             Salesforce gives a new refresh token with each\n"
    "                       token that one was given for, once\n"
    "  --jwt-key FILE       public key (PEM) of the assertions that "
    "Salesforce\n"
    "                       takes, of the user sandbox@example.com\n"
    "  --help               this\n";

static bool
number(const char *text, long long max, long long *out)
{
    char *end;

    errno = 0;
    *out = strtoll(text, &end, 10);
    return *end == '\0' && text[0] >= '0' && text[0] <= '9' && errno == 0 &&
           *out <= max;
}

static int
take(const char *flag, const char *value)
{
    struct sandbox_options *o = &sandbox_options;
    long long n;

    if (value != NULL && strcmp(flag, "--jwt-key") == 0) {
        o->jwt_key = value;
        return 0;
    }
    if (value == NULL || !number(value, UINT32_MAX, &n))
        return -1;
    if (strcmp(flag, "--hubspot-port") == 0 && n < 65536)
        o->hubspot_port = (int)n;
    else if (strcmp(flag, "--salesforce-port") == 0 && n < 65536)
        o->salesforce_port = (int)n;
    else if (strcmp(flag, "--contacts") == 0 && n <= RECORDS_MAX)
        o->contacts = (int)n;
    else if (strcmp(flag, "--activities") == 0 && n <= RECORDS_MAX)
        o->activities = (int)n;
    else if (strcmp(flag, "--seed") == 0)
        o->seed = (uint64_t)n;
    else if (strcmp(flag, "--token-lifetime") == 0 && n > 0 && n <= 86400)
        o->token_s = (int)n;
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
        } else if (strcmp(argv[i], "--rotate") == 0) {
            sandbox_options.rotate = true;
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

/* The end is told of by a descriptor; no signal interrupts a call. */
static int
open_stop_fd(void)
{
    sigset_t set;

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC);
}

int
main(int argc, char **argv)
{
    struct service *hubspot, *salesforce;
    int code = parse(argc, argv), stop_fd;

    if (code != 0)
        return code < 0 ? EX_OK : code;
    stop_fd = open_stop_fd();
    if (stop_fd < 0) {
        perror("sandbox: signalfd");
        return EX_OSERR;
    }
    hubspot = hubspot_service();
    salesforce = salesforce_service();
    hubspot->port = sandbox_options.hubspot_port;
    salesforce->port = sandbox_options.salesforce_port;
    code = EX_TEMPFAIL;
    if (server_open(hubspot) == 0 && server_open(salesforce) == 0) {
        if (!sandbox_options.bare)
            generate(hubspot, salesforce);
        say_ready(hubspot, salesforce);
        server_run(stop_fd);
        code = EX_OK;
    }
    close_all(hubspot, salesforce);
    close(stop_fd);
    return code;
}
