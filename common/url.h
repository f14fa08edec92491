/* url: which addresses crmpipe may talk to. Pure. */
#ifndef COMMON_URL_H
#define COMMON_URL_H

#include "common/error.h"

/* 0 when a base URL may be used: https://HOST, or http:// on loopback (127.x,
 * localhost, [::1]); no user, query or fragment. Else -1, EX_CONFIG. */
int url_check_http(const char *url, struct error *err);

/* 0 for tcp://HOST:PORT with HOST on loopback; else -1, EX_CONFIG. */
int url_check_tcp(const char *uri, struct error *err);

#endif
