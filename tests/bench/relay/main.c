/* relay: the yardstick of `make bench`: bytes from a file or a PULL socket to a
 * PUSH socket or nowhere, in messages of 64 KiB, without looking at them.
 *
 *   relay IN OUT      IN: file:PATH | ipc://...    OUT: ipc://... | null:
 *
 * An empty message is the end of the stream. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define CHUNK      (64u * 1024)
#define HIGH_WATER 64 /* messages: bounds what a fast sender piles up */

static void
die(const char *what)
{
    fprintf(stderr, "relay: %s: %s\n", what, zmq_strerror(zmq_errno()));
    exit(1);
}

static void *
open_socket(void *zmq, int type, const char *uri)
{
    void *socket = zmq_socket(zmq, type);
    int high_water = HIGH_WATER;
    int option = type == ZMQ_PULL ? ZMQ_RCVHWM : ZMQ_SNDHWM;

    if (!socket ||
        zmq_setsockopt(socket, option, &high_water, sizeof(high_water)) < 0)
        die(uri);
    if ((type == ZMQ_PULL ? zmq_bind : zmq_connect)(socket, uri) < 0)
        die(uri);
    return socket;
}

/* The next message from a file; empty at its end. */
static void
read_chunk(FILE *file, zmq_msg_t *msg)
{
    static char chunk[CHUNK];
    size_t len = fread(chunk, 1, sizeof(chunk), file);

    if (zmq_msg_init_size(msg, len) < 0)
        die("memory");
    memcpy(zmq_msg_data(msg), chunk, len);
}

static unsigned long long
relay(FILE *file, void *in, void *out)
{
    unsigned long long bytes = 0;
    size_t len;
    zmq_msg_t msg;

    do {
        if (file)
            read_chunk(file, &msg);
        else if (zmq_msg_init(&msg) < 0 || zmq_msg_recv(&msg, in, 0) < 0)
            die("receive");
        len = zmq_msg_size(&msg);
        bytes += len;
        if (out && zmq_msg_send(&msg, out, 0) < 0)
            die("send");
        zmq_msg_close(&msg);
    } while (len > 0);
    return bytes;
}

int
main(int argc, char **argv)
{
    void *zmq = zmq_ctx_new(), *in = NULL, *out = NULL;
    FILE *file = NULL;

    if (argc != 3) {
        fprintf(stderr, "usage: relay IN OUT\n");
        return 64;
    }
    if (strncmp(argv[1], "file:", 5) == 0)
        file = fopen(argv[1] + 5, "rb");
    else
        in = open_socket(zmq, ZMQ_PULL, argv[1]);
    if (!file && !in)
        die(argv[1]);
    if (strcmp(argv[2], "null:") != 0)
        out = open_socket(zmq, ZMQ_PUSH, argv[2]);
    printf("%llu\n", relay(file, in, out));
    if (file)
        fclose(file);
    if (in)
        zmq_close(in);
    if (out)
        zmq_close(out);
    zmq_ctx_term(zmq);
    return 0;
}
