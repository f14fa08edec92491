/* import: one pass over what is there already of some kinds on one side.
 *
 * What an activity hangs on has to be known first: the people of Salesforce,
 * then the contacts of HubSpot, which are tied to them. */
#include "stages/tools/supervisor/modes.h"
#include "stages/tools/supervisor/pass.h"
#include "stages/tools/supervisor/request.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* Let one side's fetcher read some types once; "": only its people. */
static int
run_fetcher(struct pass *pass, const char *service, const char *types,
            const char *since)
{
    char name[32], path[PATH_MAX];
    /* The last two only when there is a time. */
    const char *const flags[] = {"--once", "--summary",
                                 path,     "--import",
                                 types,    since[0] != '\0' ? "--since" : NULL,
                                 since,    NULL};
    int i;

    snprintf(name, sizeof(name), "fetcher-%s", service);
    i = wiring_find(&pass->chain.wiring, name);
    if (i < 0 || !wiring_is_source(&pass->chain.wiring, i))
        return error_set(&pass->err, EX_CONFIG,
                         "an import needs a source [stage.%s]", name);
    pass_summary_path(pass, name, path, sizeof(path));
    child_set_flags(&pass->chain.child[i], flags);
    return pass_source(pass, &pass->chain.child[i]);
}

static void
run_fetchers(struct pass *pass, const struct request *r)
{
    bool is_hubspot = strcmp(r->from, "hubspot") == 0;

    if (run_fetcher(pass, "salesforce", "", "") < 0 ||
        run_fetcher(pass, "hubspot", is_hubspot ? r->types : "",
                    is_hubspot ? r->since : "") < 0 ||
        is_hubspot)
        return;
    run_fetcher(pass, "salesforce", r->types, r->since);
}

int
mode_import(const struct tool *tool, struct conf *conf,
            const struct mode_flags *flags)
{
    struct request request;
    struct pass pass;
    struct error err;

    if (request_read(conf, flags->kinds, flags->n_kinds, flags->since,
                     flags->from, &request, &err) < 0)
        return tool_fail(tool, &err);
    if (pass_begin(&pass, tool, conf, flags) < 0)
        return pass_end(&pass);
    chain_start_stages(&pass.chain, -1);
    run_fetchers(&pass, &request);
    return pass_end(&pass);
}
