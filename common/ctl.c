/* ctl: see ctl.h. */
#include "common/ctl.h"
#include "common/wire_private.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

struct ctl {
    char name[64];
    void *socket;
    zmq_msg_t reply;
};

static void *
connect_to(void *zmq, int type, const char *run_dir, const char *name,
           const char *suffix, struct error *err)
{
    char uri[PATH_MAX];
    int linger = 0;
    void *socket;

    snprintf(uri, sizeof(uri), "ipc://%s/%s.%s", run_dir, name, suffix);
    socket = wire_socket(zmq, type, uri, false, err);
    if (socket != NULL)
        zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof(linger));
    return socket;
}

int
ctl_open(void *zmq, const char *run_dir, const char *name, struct ctl **out,
         struct error *err)
{
    struct ctl *ctl = calloc(1, sizeof(*ctl));
    int on = 1;

    if (ctl == NULL)
        abort();
    ctl->socket = connect_to(zmq, ZMQ_REQ, run_dir, name, "ctl", err);
    if (ctl->socket == NULL) {
        free(ctl);
        return -1;
    }
    /* A stage that dies with a request in hand must not block the line. */
    zmq_setsockopt(ctl->socket, ZMQ_REQ_RELAXED, &on, sizeof(on));
    zmq_setsockopt(ctl->socket, ZMQ_REQ_CORRELATE, &on, sizeof(on));
    snprintf(ctl->name, sizeof(ctl->name), "%s", name);
    zmq_msg_init(&ctl->reply);
    *out = ctl;
    return 0;
}

void
ctl_close(struct ctl *ctl)
{
    if (ctl == NULL)
        return;
    zmq_msg_close(&ctl->reply);
    zmq_close(ctl->socket);
    free(ctl);
}

void
ctl_send(struct ctl *ctl, const char *command, const char *argument)
{
    msgpack_sbuffer out;
    msgpack_packer pk;

    msgpack_sbuffer_init(&out);
    msgpack_packer_init(&pk, &out, msgpack_sbuffer_write);
    if (argument != NULL)
        msgpack_pack_array(&pk, 2);
    mp_pack_str(&pk, command);
    if (argument != NULL)
        mp_pack_str(&pk, argument);
    /* What cannot be sent gets no reply: receiving tells. */
    zmq_send(ctl->socket, out.data, out.size, ZMQ_DONTWAIT);
    msgpack_sbuffer_destroy(&out);
}

int
ctl_receive(struct ctl *ctl, int timeout_ms, struct span *reply)
{
    zmq_pollitem_t item = {ctl->socket, 0, ZMQ_POLLIN, 0};
    struct span map;
    uint32_t n;
    size_t size;

    if (zmq_poll(&item, 1, timeout_ms) <= 0 ||
        zmq_msg_recv(&ctl->reply, ctl->socket, ZMQ_DONTWAIT) < 0)
        return 0;
    map = (struct span){zmq_msg_data(&ctl->reply), zmq_msg_size(&ctl->reply)};
    if (mp_skip(map.data, map.len, MP_MESSAGE_MAX, &size) != MP_OK ||
        size != map.len)
        return -1;
    *reply = map;
    return mp_map(&map, &n) ? 1 : -1;
}

int
ctl_ask(struct ctl *ctl, const char *command, const char *argument,
        int timeout_ms, struct span *reply, struct error *err)
{
    bool ok = false;
    char why[256];
    int rv;

    ctl_send(ctl, command, argument);
    rv = ctl_receive(ctl, timeout_ms, reply);
    if (rv == 0)
        return error_set(err, EX_UNAVAILABLE, "%s does not answer", ctl->name);
    if (rv < 0)
        return error_set(err, EX_PROTOCOL, "%s answers with no map", ctl->name);
    if (mp_bool(mp_get(*reply, "ok"), &ok) && ok)
        return 0;
    mp_get_str(*reply, "error", why, sizeof(why));
    return error_set(err, EX_USAGE, "%s: %s", ctl->name, why);
}

void *
ctl_tap_open(void *zmq, const char *run_dir, const char *name,
             struct error *err)
{
    void *socket = connect_to(zmq, ZMQ_SUB, run_dir, name, "tap", err);

    if (socket != NULL)
        zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0);
    return socket;
}
