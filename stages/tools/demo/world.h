/* world: what the demo happens in: a temporary folder, a sandbox, a config. */
#ifndef DEMO_WORLD_H
#define DEMO_WORLD_H

#include "common/error.h"
#include <cJSON.h>
#include <limits.h>
#include <sys/types.h>

struct world {
    char dir[256];
    char conf[300];
    char programs[PATH_MAX]; /* the folder of our own programs */
    pid_t sandbox;
    int hubspot_port, salesforce_port;
};

/* Make the folder, start the sandbox, write the config. On failure nothing is
 * left. */
int world_open(struct world *w, struct error *err);
/* Stop the sandbox; take the folder away. */
void world_close(struct world *w);

/* One `supervisor sync --json`; its summary, NULL when there is none. -1 in
 * *code: it could not be run. Caller frees with cJSON_Delete(). */
cJSON *world_sync(struct world *w, int *code, struct error *err);
/* One `verify --json`; likewise. */
cJSON *world_verify(struct world *w, int *code, struct error *err);
/* Activity sync of all four kinds is on from now on. */
int world_keep_equal(struct world *w, struct error *err);
/* GET, or POST when there is a body, on one of the sandbox's ports. NULL:
 * error. Caller frees with cJSON_Delete(). */
cJSON *world_call(int port, const char *path, const char *body,
                  struct error *err);

#endif
