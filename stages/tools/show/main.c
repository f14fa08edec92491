/* show: any stream of MessagePack values as JSON lines. */
#include "common/mp_json.h"
#include "common/tool.h"
#include "common/wire.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static const char usage[] =
    "usage: show FILE|-\n"
    "Prints a stream (a capture, a pipe, outcomes, any MessagePack values) as\n"
    "one line of JSON a value. Bytes that are none: exit 65, and where.\n";

static int
print_all(struct wire_in *in, struct error *err)
{
    for (;;) {
        struct span value;
        enum wire_status st = wire_in_next(in, &value, err);

        if (st == WIRE_BAD)
            return error_wrap(err, "the stream is no good");
        if (st != WIRE_VALUE)
            return 0;
        mp_json_print(stdout, value);
        if (putchar('\n') == EOF)
            return error_set(err, EX_IOERR,
                             "standard output cannot be written");
    }
}

static int
show(const char *file, struct error *err)
{
    char uri[PATH_MAX + 8];
    struct wire_in *in;
    int rv;

    snprintf(uri, sizeof(uri), "%s%s",
             strcmp(file, "-") == 0 ? "" : "file:", file);
    if (wire_in_open(uri, NULL, &in, err) < 0)
        return -1;
    rv = print_all(in, err);
    wire_in_close(in);
    if (fflush(stdout) != 0 && rv == 0)
        rv = error_set(err, EX_IOERR, "standard output cannot be written");
    return rv;
}

int
main(int argc, char **argv)
{
    struct tool tool = {.name = "show", .usage = usage};
    struct error err;
    int code;

    if (!tool_parse(&tool, argc, argv, &code))
        return code;
    if (tool.n_words > 1)
        return tool_misuse(&tool, "one file at a time");
    /* Like any filter: `show FILE | head` ends quietly. */
    signal(SIGPIPE, SIG_DFL);
    if (show(tool.n_words == 1 ? tool.words[0] : "-", &err) < 0)
        return tool_fail(&tool, &err);
    return EX_OK;
}
