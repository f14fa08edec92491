/* replay: a captured file through the stages from one of them on. The reading
 * and sending is build/replay's; here the stages are started for it. */
#include "common/event.h"
#include "common/wire.h"
#include "stages/tools/supervisor/modes.h"
#include "stages/tools/supervisor/pass.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The name in the last entry of an event's trace, "" when it has none. */
static void
last_stage(const struct event *ev, char *buf, size_t size)
{
    struct span trace = ev->field[EVENT_TRACE];
    struct span entry = {NULL, 0};
    struct span name;
    uint32_t n, m;

    buf[0] = '\0';
    if (!mp_array(&trace, &n))
        return;
    while (n-- > 0)
        entry = mp_next(&trace);
    if (mp_array(&entry, &m) && m > 0 && mp_str(mp_next(&entry), &name))
        snprintf(buf, size, "%.*s", (int)name.len, (const char *)name.data);
}

static int
first_event(const char *file, char *stage, size_t size, struct error *err)
{
    char uri[PATH_MAX + 8];
    struct wire_in *in;
    struct span value;
    struct event ev;
    enum wire_status st;
    int rv = 0;

    snprintf(uri, sizeof(uri), "file:%s", file);
    if (wire_in_open(uri, NULL, &in, err) < 0)
        return -1;
    st = wire_in_next(in, &value, err);
    if (st == WIRE_END)
        rv = error_set(err, EX_DATAERR, "%s: there is no event in it", file);
    else if (st == WIRE_BAD)
        rv = error_wrap(err, "%s", file);
    else if (event_parse(&ev, value.data, value.len, err) < 0)
        rv = error_wrap(err, "%s: first event", file);
    if (rv == 0) {
        last_stage(&ev, stage, size);
        event_fini(&ev);
    }
    wire_in_close(in);
    return rv;
}

/* The stage to begin with: --at, else the one behind the last that has seen the
 * first event; an event as it was fetched begins at the first stage. */
static int
entry_stage(const struct wiring *w, const char *at, const char *file,
            struct error *err)
{
    char last[64];
    int i, next;

    if (at != NULL) {
        i = wiring_find(w, at);
        if (i >= 0 && !wiring_is_source(w, i))
            return i;
        return error_set(err, EX_USAGE,
                         "--at %s: there is no stage of that name that reads "
                         "events",
                         at);
    }
    if (first_event(file, last, sizeof(last), err) < 0)
        return -1;
    i = last[0] != '\0' ? wiring_find(w, last) : 0;
    if (i < 0)
        return error_set(err, EX_DATAERR,
                         "the first event was last in stage %s, which the "
                         "config does not know: say --at STAGE",
                         last);
    next = wiring_next(w, i);
    if (next < 0)
        return error_set(err, EX_DATAERR,
                         "no stage stands behind %s: say --at STAGE",
                         w->stage[i].name);
    return next;
}

static int
prepare(struct pass *pass, struct child *source, int at, const char *file)
{
    struct chain *c = &pass->chain;
    char summary[PATH_MAX], real[PATH_MAX];
    const char *const flags[] = {"--file",
                                 real,
                                 "--out",
                                 c->wiring.stage[at].input,
                                 "--summary",
                                 summary,
                                 pass->flags->dry_run ? "--dry-run" : NULL,
                                 NULL};

    if (realpath(file, real) == NULL)
        return error_set(&pass->err, EX_NOINPUT, "%s cannot be read", file);
    pass_summary_path(pass, "replay", summary, sizeof(summary));
    if (child_prepare(source, c->conf, "replay", "build/replay", flags,
                      &pass->err) < 0)
        return -1;
    source->is_source = true;
    c->n++;
    return 0;
}

int
mode_replay(const struct tool *tool, struct conf *conf,
            const struct mode_flags *flags, const char *file)
{
    struct pass pass;
    struct child *source;
    int at;

    if (pass_begin(&pass, tool, conf, flags) < 0)
        return pass_end(&pass);
    source = &pass.chain.child[pass.chain.n];
    at = entry_stage(&pass.chain.wiring, flags->at, file, &pass.err);
    if (at >= 0 && prepare(&pass, source, at, file) == 0) {
        chain_start_stages(&pass.chain, at);
        pass_source(&pass, source);
    }
    return pass_end(&pass);
}
