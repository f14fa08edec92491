/* disposition: HubSpot's own outcomes of a call. In HubSpot a call holds their
 * GUID, Salesforce's CallDisposition holds words. An account may have more, and
 * other labels. Pure. */
#ifndef COMMON_DISPOSITION_H
#define COMMON_DISPOSITION_H

#include <stddef.h>

/* The label of a GUID in any case ("f240bbac-..." -> "Connected"); NULL: none
 * of the six. Borrowed for ever. */
const char *disposition_label(const char *id, size_t len);

/* The GUID of a label in any case; NULL: none of the six. Borrowed for ever. */
const char *disposition_id(const char *label, size_t len);

#endif
