/* services: what both services say: whether they let crmpipe in, and whether
 * what is mapped is there, of the right type, and may be written. */
#ifndef CHECK_SERVICES_H
#define CHECK_SERVICES_H

#include "common/conf.h"
#include <cJSON.h>

/* Ask both and add a line for each thing. One call for each kind of record,
 * each scope and each object that is in use; few tries, so that a service that
 * is away is told soon. The calls count in the state's day, where there is a
 * state. */
void services_check(const struct conf *conf, cJSON *lines);

#endif
