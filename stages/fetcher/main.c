/* fetcher: a source that follows one service's records. It only reads there,
 * and keeps checkpoints, contacts and outcomes in the state. The feeds are
 * listed in feeds.c; engine.c runs them. */
#include "common/accounts.h"
#include "common/log.h"
#include "common/named_lists.h"
#include "common/stage.h"
#include "common/store.h"
#include "common/tool.h"
#include "common/path.h"
#include "stages/fetcher/engine.h"
#include "stages/fetcher/import.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fetcher {
    struct store *store;
    struct store *accounts; /* of a dry run, whose state is a copy; else NULL */
    struct hubspot *hubspot;
    struct salesforce *salesforce;
    struct hubspot *lists; /* of the Salesforce fetcher, to ask for the contact
                              lists that an `only` names; NULL: none does */
    struct engine *engine;
    struct import *import; /* NULL: this is none */
    char copy[PATH_MAX];   /* a dry run's state; "" when it is none */
};

static bool
breathe(void *ctx)
{
    return stage_breathe(ctx);
}

static void
remove_copy(const struct fetcher *f)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal",
                                           "-made"};
    char path[PATH_MAX + 16];

    for (size_t i = 0; i < 5 && f->copy[0] != '\0'; i++) {
        snprintf(path, sizeof(path), "%s%s", f->copy, suffixes[i]);
        unlink(path);
    }
}

/* A dry run works on a copy, so that nothing of the user's state changes but
 * what its calls cost. */
static int
open_state(struct stage_ctx *ctx, struct fetcher *f, struct error *err)
{
    const struct conf *conf = stage_conf(ctx);
    char url[PATH_MAX + 64];
    bool is_there = tool_state_url(conf, url, sizeof(url));

    if (stage_flag(ctx, "--dry-run") == NULL)
        return store_open(url, STORE_WRITE, &f->store, err);
    snprintf(f->copy, sizeof(f->copy), "%.3900s/dry-run.%s.%ld.db",
             conf_run_dir(conf), stage_name(ctx), (long)getpid());
    remove_copy(f);
    if (path_make_parent(f->copy, err) < 0 ||
        (is_there && store_copy(url, f->copy, err) < 0) ||
        accounts_open(conf, &f->accounts, err) < 0)
        return -1;
    snprintf(url, sizeof(url), "sqlite:%s", f->copy);
    return store_open(url, STORE_WRITE, &f->store, err);
}

static void
close_fetcher(struct stage_ctx *ctx)
{
    struct fetcher *f = stage_data(ctx);

    engine_close(f->engine);
    hubspot_close(f->hubspot);
    hubspot_close(f->lists);
    salesforce_close(f->salesforce);
    store_close(f->store);
    store_close(f->accounts);
    import_free(f->import);
    remove_copy(f);
    free(f);
}

/* Who counts calls and keeps sign-ins. */
static struct store *
accounts_of(const struct fetcher *f)
{
    return f->accounts != NULL ? f->accounts : f->store;
}

static int
open_service(struct stage_ctx *ctx, struct fetcher *f, const char *service,
             struct error *err)
{
    const struct conf *conf = stage_conf(ctx);

    if (strcmp(service, "hubspot") == 0)
        return hubspot_open(conf, accounts_of(f), breathe, ctx, &f->hubspot,
                            err);
    if (strcmp(service, "salesforce") == 0)
        return salesforce_open(conf, accounts_of(f), breathe, ctx,
                               &f->salesforce, err);
    return error_set(err, EX_USAGE,
                     "--service is hubspot or salesforce, not \"%s\"", service);
}

/* The timeline is HubSpot's alone. */
static void
is_named(void *ctx, const char *section, const struct only_value *list)
{
    static const char activity[] = "activity.";

    (void)list;
    *(bool *)ctx |= strncmp(section, activity, sizeof(activity) - 1) == 0;
}

/* Records of Salesforce are filtered by lists of HubSpot, too. */
static int
open_lists(struct stage_ctx *ctx, struct fetcher *f, const struct conf *conf,
           struct error *err)
{
    bool has_list = false;

    named_lists_each(conf, is_named, &has_list);
    return f->salesforce != NULL && f->lists == NULL && has_list
               ? hubspot_open(conf, accounts_of(f), breathe, ctx, &f->lists,
                              err)
               : 0;
}

/* Who is asked for contact lists; NULL: nobody. */
static struct hubspot *
lists_of(const struct fetcher *f)
{
    return f->hubspot != NULL ? f->hubspot : f->lists;
}

/* What is read: all that changes, or what an import is to bring in. */
static int
choose_feeds(struct stage_ctx *ctx, struct fetcher *f, const char *service,
             const struct feed *const **out, struct error *err)
{
    const char *types = stage_flag(ctx, "--import");
    const char *since = stage_flag(ctx, "--since");

    *out = f->hubspot != NULL ? hubspot_feeds : salesforce_feeds;
    if (types == NULL && since == NULL)
        return 0;
    if (types == NULL || stage_flag(ctx, "--once") == NULL)
        return error_set(err, EX_USAGE,
                         "--since needs --import, and that needs --once");
    if (import_new(service, types, since, &f->import, err) < 0)
        return -1;
    *out = import_feeds(f->import);
    return 0;
}

static int
open_all(struct stage_ctx *ctx, struct fetcher *f, struct error *err)
{
    const char *service = stage_flag(ctx, "--service");
    struct engine_options options = {
        .source = service,
        .once = stage_flag(ctx, "--once") != NULL,
        .summary = stage_flag(ctx, "--summary"),
    };
    struct feed_env env = {.conf = stage_conf(ctx)};

    if (service == NULL)
        return error_set(err, EX_USAGE, "--service is missing");
    if (open_state(ctx, f, err) < 0 || open_service(ctx, f, service, err) < 0 ||
        open_lists(ctx, f, env.conf, err) < 0 ||
        choose_feeds(ctx, f, service, &options.feeds, err) < 0)
        return -1;
    options.is_import = f->import != NULL;
    env.store = f->store;
    env.hubspot = f->hubspot;
    env.salesforce = f->salesforce;
    env.lists = lists_of(f);
    return engine_open(ctx, &options, &env, &f->engine, err);
}

static int
open_fetcher(struct stage_ctx *ctx, struct error *err)
{
    struct fetcher *f = calloc(1, sizeof(*f));

    if (f == NULL)
        abort();
    stage_set_data(ctx, f);
    if (open_all(ctx, f, err) == 0)
        return 0;
    close_fetcher(ctx);
    return -1;
}

static int
work(struct stage_ctx *ctx)
{
    return engine_work(((struct fetcher *)stage_data(ctx))->engine);
}

static void
take_outcome(struct stage_ctx *ctx, const struct outcome *o)
{
    engine_outcome(((struct fetcher *)stage_data(ctx))->engine, o);
}

static void
batch_end(struct stage_ctx *ctx)
{
    engine_batch_end(((struct fetcher *)stage_data(ctx))->engine);
}

static bool
drain(struct stage_ctx *ctx)
{
    return engine_drain(((struct fetcher *)stage_data(ctx))->engine);
}

static void
stats(struct stage_ctx *ctx, msgpack_packer *pk)
{
    engine_stats(((struct fetcher *)stage_data(ctx))->engine, pk);
}

/* Limits and credentials of a client are read when it is opened: they need a
 * restart. */
static int
reload(struct stage_ctx *ctx, const struct conf *conf, struct error *err)
{
    struct fetcher *f = stage_data(ctx);

    if (open_lists(ctx, f, conf, err) < 0)
        return -1;
    engine_reload(f->engine, conf, lists_of(f));
    return 0;
}

/* Without --name it is the fetcher of its service in the built-in chain. */
static const char *
default_name(int argc, char **argv)
{
    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], "--service") == 0)
            return strcmp(argv[i + 1], "salesforce") == 0 ? "fetcher-salesforce"
                                                          : "fetcher-hubspot";
    return "fetcher";
}

int
main(int argc, char **argv)
{
    static const struct stage_flag flags[] = {
        {"--service", true, "hubspot or salesforce"},
        {"--once", false, "one pass over all that has changed, then exit"},
        {"--summary", true, "where to write the figures of a pass"},
        {"--dry-run", false, "change nothing in the state"},
        {"--import", true,
         "of these types (call,email,...) what is there, once"},
        {"--since", true, "of those what happened from then on"},
        {NULL, false, NULL}};
    struct stage fetcher = {.name = default_name(argc, argv),
                            .flags = flags,
                            .is_source = true,
                            .open = open_fetcher,
                            .batch_end = batch_end,
                            .work = work,
                            .outcome = take_outcome,
                            .reload = reload,
                            .drain = drain,
                            .n_stats = ENGINE_STATS,
                            .stats = stats,
                            .close = close_fetcher};

    return stage_main(&fetcher, argc, argv);
}
