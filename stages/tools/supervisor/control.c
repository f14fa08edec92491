/* control: see control.h. */
#include "stages/tools/supervisor/control.h"
#include "common/codec.h"
#include "common/wire_private.h"
#include "stages/tools/supervisor/chain.h"
#include "stages/tools/supervisor/restart.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#define REQUEST_MAX 4096

int
control_open(struct chain *c, struct error *err)
{
    char uri[PATH_MAX];
    int linger = 200;

    snprintf(uri, sizeof(uri), "ipc://%s/supervisor.ctl",
             conf_run_dir(c->conf));
    c->ctl = wire_socket(c->zmq, ZMQ_REP, uri, true, err);
    if (c->ctl == NULL)
        return -1;
    zmq_setsockopt(c->ctl, ZMQ_LINGER, &linger, sizeof(linger));
    return 0;
}

void
control_close(struct chain *c)
{
    if (c->ctl != NULL)
        zmq_close(c->ctl);
    c->ctl = NULL;
}

static void
pack_child(msgpack_packer *pk, const struct child *child)
{
    mp_pack_str(pk, child->name);
    msgpack_pack_map(pk, 7);
    mp_pack_str(pk, "pid");
    if (child->pid > 0)
        msgpack_pack_int64(pk, child->pid);
    else
        msgpack_pack_nil(pk);
    mp_pack_kv_str(pk, "state", child_state_name(child->state));
    mp_pack_kv_i64(pk, "restarts", child->n_restarts);
    mp_pack_str(pk, "exit");
    if (child->has_ended)
        msgpack_pack_int64(pk, restart_exit_code(child->status));
    else
        msgpack_pack_nil(pk);
    mp_pack_kv_i64(pk, "since", child->since_ms);
    mp_pack_str(pk, "source");
    child->is_source ? msgpack_pack_true(pk) : msgpack_pack_false(pk);
    mp_pack_kv_i64(pk, "pause_ms",
                   child->state == CHILD_WAITING ? child->pause_ms : 0);
}

static void
pack_stats(msgpack_packer *pk, const struct chain *c)
{
    uint32_t n = 0;

    for (int i = 0; i < c->n; i++)
        n += c->child[i].state != CHILD_IDLE;
    msgpack_pack_map(pk, 4);
    mp_pack_str(pk, "ok");
    msgpack_pack_true(pk);
    mp_pack_kv_str(pk, "stage", "supervisor");
    mp_pack_kv_i64(pk, "pid", getpid());
    mp_pack_str(pk, "stages");
    msgpack_pack_map(pk, n);
    for (int i = 0; i < c->n; i++)
        if (c->child[i].state != CHILD_IDLE)
            pack_child(pk, &c->child[i]);
}

static void
pack_reply(msgpack_packer *pk, const char *error)
{
    msgpack_pack_map(pk, 3);
    mp_pack_str(pk, "ok");
    error == NULL ? msgpack_pack_true(pk) : msgpack_pack_false(pk);
    mp_pack_kv_str(pk, "stage", "supervisor");
    if (error == NULL)
        mp_pack_kv_i64(pk, "pid", getpid());
    else
        mp_pack_kv_str(pk, "error", error);
}

/* The words of a request: a string, or an array of strings. */
static void
read_words(struct span bytes, char words[2][64])
{
    struct span s;
    uint32_t n;
    size_t size;

    words[0][0] = words[1][0] = '\0';
    if (mp_skip(bytes.data, bytes.len, REQUEST_MAX, &size) != MP_OK)
        return;
    if (mp_str(bytes, &s)) {
        snprintf(words[0], 64, "%.*s", (int)s.len, (const char *)s.data);
        return;
    }
    if (!mp_array(&bytes, &n) || n > 2)
        return;
    for (uint32_t i = 0; i < n; i++)
        if (mp_str(mp_next(&bytes), &s))
            snprintf(words[i], 64, "%.*s", (int)s.len, (const char *)s.data);
}

static void
answer(struct chain *c, struct span request, msgpack_packer *pk)
{
    char words[2][64];

    read_words(request, words);
    if (strcmp(words[0], "ping") == 0) {
        pack_reply(pk, NULL);
    } else if (strcmp(words[0], "stats") == 0) {
        pack_stats(pk, c);
    } else if (strcmp(words[0], "stop") == 0) {
        c->stop_signal = SIGTERM;
        pack_reply(pk, NULL);
    } else if (strcmp(words[0], "restart") == 0) {
        pack_reply(pk, chain_restart(c, words[1])
                           ? NULL
                           : "no stage of that name can be restarted now");
    } else {
        pack_reply(pk, "known requests are ping, stats, stop and "
                       "[\"restart\", NAME]");
    }
}

void
control_serve(struct chain *c)
{
    uint8_t request[REQUEST_MAX];
    msgpack_sbuffer out;
    msgpack_packer pk;
    int n;

    while ((n = zmq_recv(c->ctl, request, sizeof(request), ZMQ_DONTWAIT)) >=
           0) {
        size_t len = (size_t)n < sizeof(request) ? (size_t)n : sizeof(request);

        msgpack_sbuffer_init(&out);
        msgpack_packer_init(&pk, &out, msgpack_sbuffer_write);
        answer(c, (struct span){request, len}, &pk);
        zmq_send(c->ctl, out.data, out.size, ZMQ_DONTWAIT);
        msgpack_sbuffer_destroy(&out);
    }
}
