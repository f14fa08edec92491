/* wiring: the stages of a config and who reads whose output. */
#ifndef SUPERVISOR_WIRING_H
#define SUPERVISOR_WIRING_H

#include "common/conf.h"
#include <stdbool.h>

#define WIRING_MAX 64

struct wiring {
    struct conf_stage stage[WIRING_MAX]; /* in the order of conf_stages() */
    int n;
};

/* All stages of the config. Caller frees with wiring_fini(). */
int wiring_load(const struct conf *conf, struct wiring *out, struct error *err);
void wiring_fini(struct wiring *w);

/* A source has no input: it fetches. */
bool wiring_is_source(const struct wiring *w, int i);
int wiring_find(const struct wiring *w, const char *name);
/* The stage that reads the output of stage i; -1: none. */
int wiring_next(const struct wiring *w, int i);
/* How many stages stand behind it; a circle counts as endless (n). */
int wiring_rank(const struct wiring *w, int i);

#endif
