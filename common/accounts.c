/* accounts: see accounts.h. */
#include "common/accounts.h"
#include "common/tool.h"

#include <limits.h>
#include <string.h>

static bool
has_refresh_token(const struct conf *conf)
{
    return conf_str(conf, "hubspot", "client_id")[0] != '\0' ||
           strcmp(conf_str(conf, "salesforce", "auth"), "refresh_token") == 0;
}

int
accounts_open(const struct conf *conf, struct store **out, struct error *err)
{
    bool is_needed = has_refresh_token(conf);
    char url[PATH_MAX + 16];

    *out = NULL;
    if (!tool_state_url(conf, url, sizeof(url)) && !is_needed)
        return 0;
    if (store_open(url, STORE_WRITE, out, err) == 0)
        return 0;
    *out = NULL;
    return is_needed ? -1 : 0;
}
