/* inbox: see inbox.h. */
#include "stages/tools/replay/inbox.h"
#include "common/log.h"
#include "common/wire.h"

#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define WIRES_MAX 8

struct inbox {
    void *zmq;
    struct wire_in *wire[WIRES_MAX];
    char *uri[WIRES_MAX];
    int n;
};

static int
open_one(struct inbox *inbox, const struct conf_stage *stage, struct error *err)
{
    if (stage->input[0] != '\0' || stage->outcomes[0] == '\0' ||
        inbox->n == WIRES_MAX)
        return 0;
    for (int i = 0; i < inbox->n; i++)
        if (strcmp(inbox->uri[i], stage->outcomes) == 0)
            return 0;
    if (wire_in_open(stage->outcomes, inbox->zmq, &inbox->wire[inbox->n], err) <
        0)
        return -1;
    inbox->uri[inbox->n++] = strdup(stage->outcomes);
    return 0;
}

int
inbox_open(const struct conf *conf, struct inbox **out, struct error *err)
{
    const char *const *names = conf_stages(conf);
    struct inbox *inbox = calloc(1, sizeof(*inbox));
    struct conf_stage stage;
    int rv = 0;

    if (inbox == NULL)
        abort();
    inbox->zmq = zmq_ctx_new();
    for (int i = 0; rv == 0 && names[i] != NULL; i++) {
        rv = conf_stage(conf, names[i], &stage, err);
        if (rv == 0) {
            rv = open_one(inbox, &stage, err);
            conf_stage_fini(&stage);
        }
    }
    if (rv < 0)
        inbox_close(inbox);
    else
        *out = inbox;
    return rv;
}

void
inbox_close(struct inbox *inbox)
{
    if (inbox == NULL)
        return;
    for (int i = 0; i < inbox->n; i++) {
        wire_in_close(inbox->wire[i]);
        free(inbox->uri[i]);
    }
    zmq_ctx_term(inbox->zmq);
    free(inbox);
}

bool
inbox_next(struct inbox *inbox, struct outcome *o)
{
    struct span value;
    struct error err;

    for (int i = 0; i < inbox->n; i++) {
        enum wire_status st;

        while ((st = wire_in_next(inbox->wire[i], &value, &err)) ==
                   WIRE_VALUE ||
               st == WIRE_BAD) {
            if (st == WIRE_VALUE &&
                outcome_parse(o, value.data, value.len, &err) == 0)
                return true;
            log_write(LOG_ERROR, "outcome refused", "reason", err.text, NULL);
        }
    }
    return false;
}
