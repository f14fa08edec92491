/* secret: the value of a credential written as env:NAME, file:PATH or (in a
 * file that only its owner can read) literally. */
#ifndef COMMON_SECRET_H
#define COMMON_SECRET_H

#include "common/conf.h"

/* Read the secret of a key into buf. A missing variable or file, an empty
 * value, a literal in a world-readable config: -1 (EX_CONFIG) with FILE:LINE
 * and the way out, never the value. */
int secret_read(const struct conf *conf, const char *section, const char *key,
                char *buf, size_t size, struct error *err);
/* The same of a secret of several lines: a key in PEM. */
int secret_read_lines(const struct conf *conf, const char *section,
                      const char *key, char *buf, size_t size,
                      struct error *err);
/* Overwrite so that the compiler cannot leave it out. */
void secret_wipe(void *buf, size_t size);

#endif
