/* command: the `command` of a stage, split into words and found on disk. */
#ifndef COMMON_COMMAND_H
#define COMMON_COMMAND_H

#include "common/conf.h"

/* Split a command line into words as a shell would, without being one: blanks
 * separate, '...' is literal, "..." knows \" and \\, a backslash elsewhere
 * takes the next character as it is; nothing is expanded. -1 (EX_CONFIG): a
 * quote or an escape is not finished, or there is no word. *words ends with
 * NULL; caller frees with command_free(). */
int command_split(const char *text, char ***words, struct error *err);
void command_free(char **words);

/* Where the program of a command lies, absolute. A word with a slash is looked
 * for from the config's folder, then (build/NAME) beside the running program,
 * then where crmpipe is installed; one without goes through PATH. -1
 * (EX_CONFIG) when no executable file is found. Caller frees *path. */
int command_find(const struct conf *conf, const char *word, char **path,
                 struct error *err);

#endif
