/* sync: one pass over all sources. */
#include "stages/tools/supervisor/modes.h"
#include "stages/tools/supervisor/pass.h"

#include <limits.h>

int
mode_sync(const struct tool *tool, struct conf *conf,
          const struct mode_flags *flags)
{
    struct pass pass;

    if (pass_begin(&pass, tool, conf, flags) < 0)
        return pass_end(&pass);
    chain_start_stages(&pass.chain, -1);
    for (int i = 0; i < pass.chain.wiring.n; i++) {
        struct child *source = &pass.chain.child[i];
        char path[PATH_MAX];
        const char *const once[] = {"--once", "--summary", path, NULL};

        if (!source->is_source)
            continue;
        pass_summary_path(&pass, source->name, path, sizeof(path));
        child_set_flags(source, once);
        if (pass_source(&pass, source) < 0)
            break;
    }
    return pass_end(&pass);
}
