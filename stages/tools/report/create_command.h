/* create_command: `report --create`: what there is to make in Salesforce, the
 * question whether to, and what came of it. */
#ifndef STAGES_TOOLS_REPORT_CREATE_COMMAND_H
#define STAGES_TOOLS_REPORT_CREATE_COMMAND_H

#include "common/tool.h"

/* `yes`: do not ask. Returns the exit code: 1 when there was something to make,
 * and nobody said to. */
int create_command(const struct tool *tool, const struct conf *conf, bool yes,
                   bool json);

#endif
