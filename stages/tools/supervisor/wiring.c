/* wiring: see wiring.h. */
#include "stages/tools/supervisor/wiring.h"

#include <string.h>

int
wiring_load(const struct conf *conf, struct wiring *out, struct error *err)
{
    const char *const *names = conf_stages(conf);

    out->n = 0;
    for (int i = 0; names[i] != NULL; i++) {
        if (out->n == WIRING_MAX) {
            wiring_fini(out);
            return error_set(err, EX_CONFIG, "more than %d stages", WIRING_MAX);
        }
        if (conf_stage(conf, names[i], &out->stage[out->n], err) < 0) {
            wiring_fini(out);
            return -1;
        }
        out->n++;
    }
    return 0;
}

void
wiring_fini(struct wiring *w)
{
    for (int i = 0; i < w->n; i++)
        conf_stage_fini(&w->stage[i]);
    w->n = 0;
}

bool
wiring_is_source(const struct wiring *w, int i)
{
    return w->stage[i].input[0] == '\0';
}

int
wiring_find(const struct wiring *w, const char *name)
{
    for (int i = 0; i < w->n; i++)
        if (strcmp(w->stage[i].name, name) == 0)
            return i;
    return -1;
}

int
wiring_next(const struct wiring *w, int i)
{
    const char *output = w->stage[i].output;

    for (int k = 0; output[0] != '\0' && k < w->n; k++)
        if (strcmp(w->stage[k].input, output) == 0)
            return k;
    return -1;
}

int
wiring_rank(const struct wiring *w, int i)
{
    int rank = 0;

    while (rank < w->n && (i = wiring_next(w, i)) >= 0)
        rank++;
    return rank;
}
