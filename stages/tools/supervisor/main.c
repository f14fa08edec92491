/* supervisor: runs the chain: for ever, for one pass, or for one file. */
#include "common/log.h"
#include "stages/tools/supervisor/modes.h"

#include <string.h>

static const char usage[] =
    "usage: supervisor MODE [--conf FILE]\n"
    "  run                                 the chain in the foreground\n"
    "  start | stop | restart [STAGE]      the chain in the background\n"
    "  sync [--json] [--dry-run]           one pass\n"
    "  import [--kind KIND]... [--since DATE] [--from hubspot | salesforce]\n"
    "         [--json] [--dry-run]         what is there already\n"
    "  replay FILE [--at STAGE] [--json] [--dry-run]\n"
    "                                      a captured file, once more\n";

static int
dispatch(struct tool *tool, struct conf *conf, const struct mode_flags *flags)
{
    const char *mode = tool->words[0];
    int n = tool->n_words;

    tool->name = mode;
    if (strcmp(mode, "import") != 0 &&
        (flags->since != NULL || flags->from != NULL || flags->n_kinds > 0))
        return tool_misuse(tool, "--kind, --since and --from are import's");
    if (strcmp(mode, "run") == 0 && n == 1)
        return mode_run(tool, conf);
    if (strcmp(mode, "start") == 0 && n == 1)
        return mode_start(tool, conf);
    if (strcmp(mode, "stop") == 0 && n == 1)
        return mode_stop(tool, conf);
    if (strcmp(mode, "restart") == 0 && n <= 2)
        return mode_restart(tool, conf, tool->words[1]);
    if (strcmp(mode, "sync") == 0 && n == 1)
        return mode_sync(tool, conf, flags);
    if (strcmp(mode, "import") == 0 && n == 1)
        return mode_import(tool, conf, flags);
    if (strcmp(mode, "replay") == 0 && n == 2)
        return mode_replay(tool, conf, flags, tool->words[1]);
    return tool_misuse(tool, "what to do is not clear: %s with %d argument%s",
                       mode, n - 1, n == 2 ? "" : "s");
}

int
main(int argc, char **argv)
{
    struct mode_flags flags = {0};
    struct tool tool = {.name = "supervisor",
                        .usage = usage,
                        .many_name = "--kind",
                        .flags = {{"--json", NULL, &flags.json},
                                  {"--since", &flags.since, NULL},
                                  {"--from", &flags.from, NULL},
                                  {"--dry-run", NULL, &flags.dry_run},
                                  {"--at", &flags.at, NULL}}};
    enum log_level level;
    struct conf *conf;
    struct error err;
    int code;

    if (!tool_parse(&tool, argc, argv, &code))
        return code;
    flags.kinds = tool.many;
    flags.n_kinds = tool.n_many;
    if (tool.n_words == 0)
        return tool_misuse(&tool, "nothing to do");
    log_name("supervisor");
    if (tool_conf(&tool, &conf, &err) < 0)
        return tool_fail(&tool, &err);
    if (log_level_parse(conf_str(conf, "log", "level"), &level) == 0)
        log_set_level(level);
    code = dispatch(&tool, conf, &flags);
    conf_free(conf);
    return code;
}
