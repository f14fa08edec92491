/* wire_test: values over sockets, files and pipes come out one by one; what is
 * broken is said and does not take the rest with it. */
#include "common/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>
#include <cmocka.h>

static char dir[128];

static const char *
in_dir(const char *scheme, const char *name)
{
    static char uri[512];

    snprintf(uri, sizeof(uri), "%s%s/%s", scheme, dir, name);
    return uri;
}

static void
write_file(const char *name, const char *bytes, size_t len)
{
    FILE *f = fopen(in_dir("", name), "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, len, f), len);
    fclose(f);
}

/* Read on until something other than WIRE_EMPTY comes. */
static enum wire_status
next(struct wire_in *in, struct span *v, struct error *err)
{
    enum wire_status st;
    int fd;

    for (int i = 0; i < 100; i++) {
        zmq_pollitem_t item = {wire_in_socket(in, &fd), 0, ZMQ_POLLIN, 0};

        st = wire_in_next(in, v, err);
        if (st != WIRE_EMPTY)
            return st;
        zmq_poll(&item, 1, 100);
    }
    return WIRE_EMPTY;
}

static void
file_in_order(void **state)
{
    struct wire_in *in;
    struct error err;
    struct span v;
    int64_t n;

    (void)state;
    write_file("three", "\x01\x02\x81\xa1x\x03", 6);
    assert_int_equal(wire_in_open(in_dir("file:", "three"), NULL, &in, &err),
                     0);
    assert_int_equal(wire_in_next(in, &v, &err), WIRE_VALUE);
    assert_true(mp_i64(v, &n) && n == 1);
    assert_int_equal(wire_in_next(in, &v, &err), WIRE_VALUE);
    assert_int_equal(wire_in_next(in, &v, &err), WIRE_VALUE);
    assert_int_equal(v.len, 4);
    assert_int_equal(wire_in_next(in, &v, &err), WIRE_END);
    assert_int_equal(wire_in_next(in, &v, &err), WIRE_END);
    wire_in_close(in);
}

static void
file_cut(void **state)
{
    struct wire_in *in;
    struct error err;
    struct span v;

    (void)state;
    write_file("cut", "\x01\x92\x05", 3);
    assert_int_equal(wire_in_open(in_dir("file:", "cut"), NULL, &in, &err), 0);
    assert_int_equal(wire_in_next(in, &v, &err), WIRE_VALUE);
    assert_int_equal(wire_in_next(in, &v, &err), WIRE_BAD);
    assert_non_null(strstr(err.text, "at byte 1"));
    assert_non_null(strstr(err.text, "truncated"));
    assert_int_equal(wire_in_next(in, &v, &err), WIRE_END);
    wire_in_close(in);
}

static void
large_values_of_a_file(void **state)
{
    size_t len = MP_EVENT_MAX - 5;
    char *bytes = malloc(len + 10);
    struct wire_in *in;
    struct error err;
    struct span v;

    (void)state;
    memset(bytes, 'x', len + 10);
    memcpy(bytes, "\xdb\x00\x3f\xff\xfb", 5);
    memcpy(bytes + MP_EVENT_MAX, "\xdb\x00\x40\x00\x00", 5);
    write_file("large", bytes, MP_EVENT_MAX + 5);
    assert_int_equal(wire_in_open(in_dir("file:", "large"), NULL, &in, &err),
                     0);
    assert_int_equal(wire_in_next(in, &v, &err), WIRE_VALUE);
    assert_int_equal(v.len, MP_EVENT_MAX);
    assert_int_equal(wire_in_next(in, &v, &err), WIRE_BAD);
    assert_non_null(strstr(err.text, "too large"));
    wire_in_close(in);
    free(bytes);
}

static void
socket_packs_and_survives_garbage(void **state)
{
    void *zmq = zmq_ctx_new();
    void *stranger = zmq_socket(zmq, ZMQ_PUSH);
    struct wire_in *in;
    struct wire_out *out;
    struct error err;
    struct span v;
    int64_t n;

    (void)state;
    assert_int_equal(wire_in_open(in_dir("ipc://", "a.in"), zmq, &in, &err), 0);
    assert_int_equal(wire_out_open(in_dir("ipc://", "a.in"), zmq, &out, &err),
                     0);
    for (uint8_t i = 1; i <= 100; i++)
        assert_int_equal(wire_out_put(out, (struct span){&i, 1}, &err), 1);
    assert_int_equal(wire_out_flush(out, &err), 1);
    for (int i = 1; i <= 100; i++) {
        assert_int_equal(next(in, &v, &err), WIRE_VALUE);
        assert_true(mp_i64(v, &n) && n == i);
    }
    assert_int_equal(wire_in_next(in, &v, &err), WIRE_EMPTY);
    zmq_connect(stranger, in_dir("ipc://", "a.in"));
    zmq_send(stranger, "\x05\xc1\x06", 3, 0);
    assert_int_equal(next(in, &v, &err), WIRE_VALUE);
    assert_int_equal(next(in, &v, &err), WIRE_BAD);
    assert_non_null(strstr(err.text, "no MessagePack"));
    zmq_send(stranger, "\x07", 1, 0);
    assert_int_equal(next(in, &v, &err), WIRE_VALUE);
    assert_true(mp_i64(v, &n) && n == 7);
    zmq_close(stranger);
    wire_out_close(out);
    wire_in_close(in);
    zmq_ctx_term(zmq);
}

static void
socket_refuses_a_huge_message(void **state)
{
    void *zmq = zmq_ctx_new();
    void *stranger = zmq_socket(zmq, ZMQ_PUSH);
    struct wire_in *in;
    struct error err;
    struct span v;
    char *bytes = calloc(1, 16u << 20);

    (void)state;
    assert_int_equal(wire_in_open(in_dir("ipc://", "b.in"), zmq, &in, &err), 0);
    zmq_connect(stranger, in_dir("ipc://", "b.in"));
    zmq_send(stranger, bytes, 16u << 20, 0);
    zmq_send(stranger, "\x07", 1, 0);
    assert_int_equal(next(in, &v, &err), WIRE_BAD);
    assert_non_null(strstr(err.text, "16777216 bytes"));
    assert_int_equal(next(in, &v, &err), WIRE_VALUE);
    free(bytes);
    zmq_close(stranger);
    wire_in_close(in);
    zmq_ctx_term(zmq);
}

static void
second_reader_is_refused(void **state)
{
    void *zmq = zmq_ctx_new();
    struct wire_in *first, *second;
    struct error err;

    (void)state;
    assert_int_equal(wire_in_open(in_dir("ipc://", "c.in"), zmq, &first, &err),
                     0);
    assert_int_equal(wire_in_open(in_dir("ipc://", "c.in"), zmq, &second, &err),
                     -1);
    assert_int_equal(err.code, EX_TEMPFAIL);
    assert_non_null(strstr(err.text, "another process"));
    wire_in_close(first);
    zmq_ctx_term(zmq);
}

static void
file_in_the_way(void **state)
{
    void *zmq = zmq_ctx_new();
    struct wire_in *in;
    struct error err;
    struct stat st;

    (void)state;
    write_file("d.in", "precious", 8);
    assert_int_equal(wire_in_open(in_dir("ipc://", "d.in"), zmq, &in, &err),
                     -1);
    assert_non_null(strstr(err.text, "in the way"));
    assert_int_equal(stat(in_dir("", "d.in"), &st), 0);
    assert_int_equal(st.st_size, 8);
    zmq_ctx_term(zmq);
}

static void
path_longer_than_a_socket_may_have(void **state)
{
    void *zmq = zmq_ctx_new();
    char uri[512];
    struct wire_in *in;
    struct wire_out *out;
    struct error err;
    struct span v;

    (void)state;
    snprintf(uri, sizeof(uri), "ipc://%s/%0150d/e.in", dir, 7);
    assert_int_equal(wire_in_open(uri, zmq, &in, &err), 0);
    assert_int_equal(wire_out_open(uri, zmq, &out, &err), 0);
    assert_int_equal(
        wire_out_put(out, (struct span){(const uint8_t *)"\x05", 1}, &err), 1);
    assert_int_equal(wire_out_flush(out, &err), 1);
    assert_int_equal(next(in, &v, &err), WIRE_VALUE);
    wire_out_close(out);
    wire_in_close(in);
    zmq_ctx_term(zmq);
}

static void
addresses(void **state)
{
    static const struct {
        const char *uri;
        bool input, ok;
    } t[] = {
        {"ipc:///tmp/x", true, true},
        {"ipc://x", true, false},
        {"tcp://127.0.0.1:5", true, true},
        {"tcp://127.0.0.1", true, false},
        {"tcp://10.0.0.1:5", true, false},
        {"tcp://*:5", true, false},
        {"tcp://localhost:x", true, false},
        {"tcp://[::1]:70000", true, false},
        {"file:x", true, true},
        {"file:", true, false},
        {"-", true, true},
        {"null:", true, false},
        {"null:", false, true},
        {"http://x", false, false},
        {"", true, false},
    };
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
        int rv = wire_check(t[i].uri, t[i].input, &err);

        if ((rv == 0) != t[i].ok)
            fail_msg("%s: %d", t[i].uri, rv);
        if (rv < 0)
            assert_int_equal(err.code, EX_CONFIG);
    }
}

static int
make_dir(void **state)
{
    (void)state;
    snprintf(dir, sizeof(dir), "/tmp/wire_test.XXXXXX");
    return mkdtemp(dir) == NULL;
}

static int
remove_dir(void **state)
{
    char command[200];

    (void)state;
    snprintf(command, sizeof(command), "rm -rf %s", dir);
    return system(command);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(file_in_order),
        cmocka_unit_test(file_cut),
        cmocka_unit_test(large_values_of_a_file),
        cmocka_unit_test(socket_packs_and_survives_garbage),
        cmocka_unit_test(socket_refuses_a_huge_message),
        cmocka_unit_test(second_reader_is_refused),
        cmocka_unit_test(file_in_the_way),
        cmocka_unit_test(path_longer_than_a_socket_may_have),
        cmocka_unit_test(addresses),
    };

    return cmocka_run_group_tests_name("wire", tests, make_dir, remove_dir);
}
