/* wire: a stream of MessagePack values, from and to any of
 *
 *   ipc://PATH tcp://HOST:PORT   ZeroMQ PULL (the reader binds) / PUSH
 *   file:PATH                    a file
 *   -                            standard input / output
 *   null:                        output only: nowhere
 *
 * A ZeroMQ message holds one or more whole values one after another; a file or
 * a pipe holds the same without borders. tcp:// is for loopback only. */
#ifndef COMMON_WIRE_H
#define COMMON_WIRE_H

#include "common/codec.h"
#include "common/error.h"
#include <stdbool.h>

struct wire_in;
struct wire_out;

/* 0 when `uri` is one that wire can open, else -1 (EX_CONFIG). */
int wire_check(const char *uri, bool is_input, struct error *err);

/* Open for reading. `zmq` is a ZeroMQ context (may be NULL for files). For
 * ipc:// a lock PATH.lock is taken first: when a live process has it, -1 with
 * EX_TEMPFAIL (a second bind would silently take the wire over). */
int wire_in_open(const char *uri, void *zmq, struct wire_in **out,
                 struct error *err);
void wire_in_close(struct wire_in *in);
/* The ZeroMQ socket to poll, or NULL; then *fd is the file to poll. */
void *wire_in_socket(struct wire_in *in, int *fd);

enum wire_status { WIRE_VALUE, WIRE_EMPTY, WIRE_END, WIRE_BAD };
/* The next value, without blocking on a socket (WIRE_EMPTY then); a file or a
 * pipe may block. WIRE_VALUE: `value` is borrowed until the next call.
 * WIRE_BAD: bytes that are no value: `err` says what and where; on a socket the
 * rest of that message is left out and reading goes on, in a file it is the end
 * (the next call gives WIRE_END). */
enum wire_status wire_in_next(struct wire_in *in, struct span *value,
                              struct error *err);

/* Open for writing; ZeroMQ connects and needs no peer yet. */
int wire_out_open(const char *uri, void *zmq, struct wire_out **out,
                  struct error *err);
void wire_out_close(struct wire_out *out); /* lingers at most 1 s, or: */
void wire_out_linger(struct wire_out *out, int ms);
/* Pack one encoded value into the message in the making; it is sent when 64
 * values or 64 KiB are together, or by wire_out_flush(). 1: sent or packed;
 * 0: the peer takes nothing now, try again later (nothing was packed);
 * -1: error (file). */
int wire_out_put(struct wire_out *out, struct span value, struct error *err);
/* Send what is packed. 1: nothing is left; 0: the peer takes nothing now. */
int wire_out_flush(struct wire_out *out, struct error *err);
/* Called with each message that was sent: for capture files and taps. */
void wire_out_watch(struct wire_out *out,
                    void (*sent)(void *ctx, const void *bytes, size_t len),
                    void *ctx);
/* For polling writability; NULL for files. */
void *wire_out_socket(struct wire_out *out);

#endif
