/* wire_private: sockets made the same way everywhere in common/. */
#ifndef COMMON_WIRE_PRIVATE_H
#define COMMON_WIRE_PRIVATE_H

#include "common/error.h"
#include <stdbool.h>

/* A ZeroMQ socket with crmpipe's options, bound or connected. NULL: error. The
 * caller closes it with zmq_close(). */
void *wire_socket(void *zmq, int type, const char *uri, bool is_bind,
                  struct error *err);

/* Take the lock of an ipc:// address that is to be bound: a second bind would
 * silently take it over. The file descriptor holds it; -1 (EX_TEMPFAIL): a live
 * process has it. */
int wire_lock(const char *uri, struct error *err);

#endif
