/* run: the chain in the foreground, for ever. */
#include "common/log.h"
#include "stages/tools/supervisor/chain.h"
#include "stages/tools/supervisor/logfile.h"
#include "stages/tools/supervisor/modes.h"

int
mode_run(const struct tool *tool, struct conf *conf)
{
    static const struct chain_options options = {.stdout_is_ours = true};
    struct chain chain;
    struct error err;

    (void)tool;
    if (chain_open(&chain, conf, &options, &err) < 0) {
        log_write(LOG_ERROR, err.text, NULL);
        return err.code;
    }
    log_write(LOG_INFO, "chain started", "conf", conf_path(conf), "state",
              conf_state_dir(conf), NULL);
    chain_start_stages(&chain, -1);
    for (int i = 0; i < chain.wiring.n; i++)
        if (chain.child[i].is_source)
            chain_start(&chain, &chain.child[i]);
    while (chain.stop_signal == 0)
        chain_step(&chain, 60000, NULL);
    log_write(LOG_INFO, "chain is stopping", NULL);
    chain_stop(&chain);
    log_write(LOG_INFO, "chain stopped", NULL);
    /* Before another chain may take the folder, and its log. */
    logfile_stop();
    chain_close(&chain);
    return EX_OK;
}
