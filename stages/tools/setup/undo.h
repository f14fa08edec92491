/* undo: how a person takes back what setup has made. */
#ifndef SETUP_UNDO_H
#define SETUP_UNDO_H

#include "stages/tools/setup/wanted.h"

/* Print it, screen by screen, of what the config names. Asks and changes
 * nothing. */
void undo_print(const struct conf *conf, const struct wanted *wanted,
                bool json);

#endif
