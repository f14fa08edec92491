/* asking: both services while check asks them: what is signed in with, and who
 * cannot be asked any more. */
#ifndef CHECK_ASKING_H
#define CHECK_ASKING_H

#include "common/conf.h"
#include "common/hubspot.h"
#include "common/salesforce.h"
#include "stages/tools/check/lines.h"

/* A service while it is asked. `why` is set once it cannot be asked. */
struct asked {
    const char *name; /* "HubSpot" */
    const char *line; /* of its sign-in */
    const char *base; /* [section] key of its address */
    const char *mend; /* of a sign-in that is refused */
    char why[sizeof(((struct error *)0)->text)];
    bool is_in; /* it has answered */
};

struct asking {
    const struct conf *conf;
    cJSON *lines;
    struct store *accounts; /* of calls and tokens; may be NULL */
    struct hubspot *hs;     /* NULL: it cannot be asked */
    struct salesforce *sf;  /* likewise */
    struct asked hubspot, salesforce;
};

/* Signs in nowhere yet. What cannot be asked for want of a secret gets its
 * line. End it with asking_close(). */
void asking_open(struct asking *a, const struct conf *conf, cJSON *lines);
void asking_close(struct asking *a);

/* A call has ended with `rv`: it may be the first that tells whether the
 * service lets us in, and then there is a line of that. */
void asking_take(struct asking *a, struct asked *s, int rv,
                 const struct error *err);
/* Can it not be asked now, by this error? */
bool asking_is_away(const struct error *err);
/* The line of something that could not be read, once the sign-in has told of
 * its own: away, or `state` with the way to mend it. */
void asking_tell(struct asking *a, const struct asked *s, const char *line,
                 enum line_state state, const struct error *err,
                 const char *mend);

#endif
