/* lines: what check has found out, one line for each thing. */
#ifndef CHECK_LINES_H
#define CHECK_LINES_H

#include "common/error.h"
#include "stages/tools/check/finding.h"

enum line_state {
    LINE_OK,
    LINE_WARNING, /* it works, but not for every value */
    LINE_WRONG,   /* a person has to mend it */
    LINE_AWAY,    /* the service cannot be asked now; asking again may help */
    LINE_UNASKED  /* cannot be told, for a reason that has a line of its own */
};

/* Add a line to the array. `fix` is how to mend it; NULL or "": no word. Words
 * from outside become UTF-8 without control characters. */
void line_add(cJSON *lines, const char *name, enum line_state state,
              const char *detail, const char *fix);
/* err NULL: all is well, and `detail` says what was found. Else it is wrong. */
void line_note(cJSON *lines, const char *name, const char *detail,
               const struct error *err, const char *fix);
/* A line of a finding; `where` is put in front of its words. */
void line_finding(cJSON *lines, const char *name, const char *where,
                  const struct finding *finding);

/* Print all, as text or as one JSON object. Returns the exit code: EX_CONFIG
 * when a person has to mend something, else EX_TEMPFAIL when a service could
 * not be asked, else 0. */
int lines_report(const cJSON *lines, bool json);

#endif
