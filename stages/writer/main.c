/* writer: writes what was decided into the target service, exactly once in
 * effect, and remembers it in the links. */
#include "common/stage.h"
#include "stages/writer/writer.h"

#include <string.h>

/* What stands behind --in on the command line; NULL: the config's input. */
static const char *own_input;

static bool
is_socket(const char *uri)
{
    return strncmp(uri, "ipc://", 6) == 0 || strncmp(uri, "tcp://", 6) == 0;
}

static int
open_writer(struct stage_ctx *ctx, struct error *err)
{
    struct conf_stage wiring;
    struct writer *w;
    bool is_live;

    if (conf_stage(stage_conf(ctx), stage_name(ctx), &wiring, err) < 0)
        return -1;
    is_live = is_socket(own_input != NULL ? own_input : wiring.input);
    conf_stage_fini(&wiring);
    if (writer_open(ctx, is_live, stage_flag(ctx, "--dry-run") != NULL, &w,
                    err) < 0)
        return -1;
    stage_set_data(ctx, w);
    return 0;
}

static void
take(struct stage_ctx *ctx, struct event *ev)
{
    writer_take(stage_data(ctx), ev);
}

static int
work(struct stage_ctx *ctx)
{
    return writer_work(stage_data(ctx));
}

static bool
drain(struct stage_ctx *ctx)
{
    return writer_drain(stage_data(ctx));
}

static int
reload(struct stage_ctx *ctx, const struct conf *conf, struct error *err)
{
    return writer_reload(stage_data(ctx), conf, err);
}

static void
stats(struct stage_ctx *ctx, msgpack_packer *pk)
{
    writer_stats(stage_data(ctx), pk);
}

static void
close_writer(struct stage_ctx *ctx)
{
    writer_close(stage_data(ctx));
}

int
main(int argc, char **argv)
{
    static const struct stage_flag flags[] = {
        {"--dry-run", false, "say what would be written, write nothing"},
        {NULL, false, NULL}};
    static const struct stage writer = {
        .name = "writer",
        .flags = flags,
        .open = open_writer,
        .event = take,
        .work = work,
        .reload = reload,
        .drain = drain,
        .n_stats = WRITER_N_STATS,
        .stats = stats,
        .close = close_writer,
    };

    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], "--in") == 0)
            own_input = argv[i + 1];
    return stage_main(&writer, argc, argv);
}
