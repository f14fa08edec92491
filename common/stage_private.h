/* stage_private: what the files of common/stage share. */
#ifndef COMMON_STAGE_PRIVATE_H
#define COMMON_STAGE_PRIVATE_H

#include "common/complaint.h"
#include "common/stage.h"
#include "common/wire.h"

#define STAGE_SOURCES_MAX 4
#define STAGE_FLAGS_MAX   16
#define STAGE_OUTCOMES    5

/* One outcome wire a fetcher. */
struct stage_sink {
    char source[16];
    struct wire_out *out;
};

struct stage_ctx {
    const struct stage *stage;
    struct conf *conf;
    char name[64];
    struct conf_stage wiring;
    const char *in_uri, *out_uri; /* "" : none */
    const char *flag_values[STAGE_FLAGS_MAX];
    void *data;

    void *zmq;
    struct wire_in *in; /* events, or a source's outcomes */
    struct wire_out *out;
    struct stage_sink sinks[STAGE_SOURCES_MAX];
    int n_sinks;
    bool sends_outcomes;
    int signal_fd;
    void *ctl, *tap;
    int lock; /* of a source without an outcome wire of its own */
    int n_viewers;
    uint64_t n_skipped; /* by the tap since it last said so */
    int capture_fd;
    int64_t capture_len;

    bool is_live;     /* has sockets: control, tap, outcomes */
    bool is_draining; /* SIGTERM, or the input has ended */
    bool in_ended;
    bool out_blocked;
    int64_t drain_deadline; /* monotonic ms */
    int exit_code;          /* of stage_fail(); 0: none */
    bool failed;

    int taken; /* what became of the event in the hook: 0 nothing yet */
    msgpack_sbuffer scratch;

    int64_t started_at;
    uint64_t n_in, n_out, n_bad, n_kept;
    struct complaint complaint;       /* of what came in */
    uint64_t n_ended[STAGE_OUTCOMES]; /* written unchanged dropped dead again */
};

extern const char *const stage_outcomes[STAGE_OUTCOMES];

/* stage_io.c */
int stage_io_open(struct stage_ctx *ctx, struct error *err);
void stage_io_close(struct stage_ctx *ctx);
/* Hand all that is packed to the peers; false: a peer takes nothing now. */
bool stage_flush(struct stage_ctx *ctx);
/* True: it could be ended; false: it says not whose it is. */
bool stage_refuse(struct stage_ctx *ctx, struct span bytes,
                  const struct error *why);

/* stage_ctl.c */
int stage_ctl_open(struct stage_ctx *ctx, struct error *err);
void stage_ctl_close(struct stage_ctx *ctx);
void stage_ctl_serve(struct stage_ctx *ctx);
void stage_tap_serve(struct stage_ctx *ctx);
void stage_tap_send(struct stage_ctx *ctx, const void *bytes, size_t len);

/* stage.c: look at the signals; poll for at most timeout_ms, for input too when
 * `with_input`. */
void stage_wait(struct stage_ctx *ctx, bool with_input, int timeout_ms);

#endif
