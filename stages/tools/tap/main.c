/* tap: what a running stage sends, live, as JSON lines. */
#include "common/ctl.h"
#include "common/mp_json.h"
#include "common/tool.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <zmq.h>

static const char usage[] =
    "usage: tap STAGE [--count N] [--conf FILE]\n"
    "Shows what STAGE sends from now on as one line of JSON an event, until\n"
    "Ctrl-C or N events. A viewer that is too slow sees {\"skipped\":n}.\n";

struct viewer {
    void *socket;
    int signal_fd;
    int64_t left; /* events still to show; < 0: no end */
};

static int
catch_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static void
print_message(struct viewer *v, const uint8_t *bytes, size_t len)
{
    size_t size;

    while (len > 0 && v->left != 0 &&
           mp_skip(bytes, len, MP_EVENT_MAX, &size) == MP_OK) {
        struct span value = {bytes, size};

        mp_json_print(stdout, value);
        putchar('\n');
        if (v->left > 0 && mp_get(value, "skipped").data == NULL)
            v->left--;
        bytes += size;
        len -= size;
    }
    fflush(stdout);
}

/* 0 at the end that was asked for, -1 when nobody reads what we print. */
static int
watch(struct viewer *v, struct error *err)
{
    zmq_pollitem_t items[] = {{v->socket, 0, ZMQ_POLLIN, 0},
                              {NULL, v->signal_fd, ZMQ_POLLIN, 0},
                              {NULL, STDOUT_FILENO, ZMQ_POLLERR, 0}};
    zmq_msg_t msg;

    zmq_msg_init(&msg);
    while (v->left != 0 && items[1].revents == 0 && items[2].revents == 0 &&
           !ferror(stdout)) {
        zmq_poll(items, 3, -1);
        while (v->left != 0 && !ferror(stdout) &&
               zmq_msg_recv(&msg, v->socket, ZMQ_DONTWAIT) >= 0)
            print_message(v, zmq_msg_data(&msg), zmq_msg_size(&msg));
    }
    zmq_msg_close(&msg);
    return ferror(stdout)
               ? error_set(err, EX_IOERR, "standard output cannot be written")
               : 0;
}

static int
check_stage(const struct conf *conf, const char *name, struct error *err)
{
    const char *const *names = conf_stages(conf);
    char known[256] = "";

    for (int i = 0; names[i] != NULL; i++) {
        size_t n = strlen(known);

        if (strcmp(names[i], name) == 0)
            return 0;
        snprintf(known + n, sizeof(known) - n, " %s", names[i]);
    }
    return error_set(err, EX_USAGE, "there is no stage %s; there are%s", name,
                     known);
}

static void
say_when_away(void *zmq, const struct conf *conf, const char *name)
{
    struct error err;
    struct span reply;
    struct ctl *ctl;

    if (ctl_open(zmq, conf_run_dir(conf), name, &ctl, &err) < 0)
        return;
    if (ctl_ask(ctl, "ping", NULL, 1000, &reply, &err) < 0)
        fprintf(stderr, "tap: %s is not running; waiting for it\n", name);
    ctl_close(ctl);
}

static int
tap(const struct conf *conf, const char *name, int64_t count, struct error *err)
{
    struct viewer v = {.left = count};
    void *zmq;
    int rv;

    if (check_stage(conf, name, err) < 0)
        return -1;
    v.signal_fd = catch_signals();
    zmq = zmq_ctx_new();
    v.socket = ctl_tap_open(zmq, conf_run_dir(conf), name, err);
    rv = v.socket == NULL ? -1 : 0;
    if (rv == 0) {
        say_when_away(zmq, conf, name);
        rv = watch(&v, err);
        zmq_close(v.socket);
    }
    zmq_ctx_term(zmq);
    return rv;
}

int
main(int argc, char **argv)
{
    const char *count = NULL;
    struct tool tool = {
        .name = "tap", .usage = usage, .flags = {{"--count", &count, NULL}}};
    int64_t n = -1;
    char *end = NULL;
    struct conf *conf;
    struct error err;
    int code, rv;

    if (!tool_parse(&tool, argc, argv, &code))
        return code;
    if (tool.n_words != 1)
        return tool_misuse(&tool, "name one stage");
    if (count != NULL) {
        n = strtoll(count, &end, 10);
        if (*count == '\0' || *end != '\0' || n <= 0)
            return tool_misuse(&tool, "--count %s is no number above 0", count);
    }
    signal(SIGPIPE, SIG_DFL);
    if (tool_conf(&tool, &conf, &err) < 0)
        return tool_fail(&tool, &err);
    rv = tap(conf, tool.words[0], n, &err);
    conf_free(conf);
    return rv < 0 ? tool_fail(&tool, &err) : EX_OK;
}
