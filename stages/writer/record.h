/* record: what is to be done about one event, given the link that is there now:
 * write this task, or end it. Pure. */
#ifndef WRITER_RECORD_H
#define WRITER_RECORD_H

#include "common/event.h"
#include "common/store.h"
#include "stages/writer/held.h"
#include "stages/writer/rules.h"
#include <cJSON.h>

struct record {
    struct held *held; /* NULL in a dry run */
    cJSON *task;       /* the row as it is sent; ours */
    char key[EVENT_ID_MAX];
    char kind[32];
    char digest[64];
    char who_id[20];
    int64_t modified_at;
    int64_t version; /* of the link that is there; 0: none */
    bool is_update;  /* there is a task */
};

/* The key that the link and the task's external id have: the event's, or that
 * of its group (decision.h). size: EVENT_ID_MAX. */
void record_key(const struct event *ev, char *key, size_t size);

/* 1: out->task is to be written; 0: the event ends as `o` says; -1: the config
 * has to be mended (EX_CONFIG). `link` NULL: there is none. `now`: ms since
 * 1970 UTC. The caller ends with record_fini() in all cases. */
int record_make(const struct event *ev, const struct rules *rules,
                const char *zone, int64_t now, const struct store_link *link,
                struct held *held, struct record *out, struct outcome *o,
                struct error *err);
void record_fini(struct record *r);

/* What the link remembers of it: {digest, task}. Appends to `out`. */
void record_snapshot(const struct record *r, msgpack_sbuffer *out);

#endif
