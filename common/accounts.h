/* accounts: what of the state is shared by all who call the services, tools and
 * dry runs too: the day's counted calls, and the sign-ins. Nothing else of it
 * is to be touched through this. */
#ifndef COMMON_ACCOUNTS_H
#define COMMON_ACCOUNTS_H

#include "common/conf.h"
#include "common/store.h"

/* 0: *out is the state, or NULL where there is none, or none that can be
 * written, which is for others to tell: calls are not counted then, and each
 * process signs in by itself. But a service to which one signs in with a
 * refresh token may give a new one for it, and not take the old one again
 * (Salesforce: refresh token rotation): then a state is made, and -1: it cannot
 * be. Caller closes with store_close(). */
int accounts_open(const struct conf *conf, struct store **out,
                  struct error *err);

#endif
