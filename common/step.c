/* step: see step.h. */
#include "common/step.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define STEPS_MAX 8

struct fatal_step {
    const char *name; /* within the environment */
    size_t len;
    long left; /* passings until the death */
};

static struct fatal_step steps[STEPS_MAX];
static int n_steps = -1; /* not read yet */

static void
read_steps(void)
{
    const char *at = getenv("CRMPIPE_DIE_AT");
    char *end;

    n_steps = 0;
    while (at != NULL && n_steps < STEPS_MAX && at[strcspn(at, ":")] == ':') {
        struct fatal_step *s = &steps[n_steps++];

        s->name = at;
        s->len = strcspn(at, ":");
        s->left = strtol(at + s->len + 1, &end, 10);
        at = *end == ',' ? end + 1 : NULL;
    }
}

void
step(const char *name)
{
    if (n_steps < 0)
        read_steps();
    for (int i = 0; i < n_steps; i++)
        if (steps[i].len == strlen(name) &&
            strncmp(steps[i].name, name, steps[i].len) == 0 &&
            --steps[i].left == 0)
            raise(SIGKILL);
}
