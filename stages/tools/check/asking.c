/* asking: see asking.h. */
#include "stages/tools/check/asking.h"

#include "common/accounts.h"
#include "common/tool.h"

#include <stdio.h>
#include <string.h>

#define AWAY_MEND                                                              \
    "look at the network and the service's status page, then check again"

/* Nothing that could be asked with: why has its line in the config's part. */
static void
cannot(struct asking *a, struct asked *s, const char *why)
{
    snprintf(s->why, sizeof(s->why), "cannot be asked now: %.480s", why);
    line_add(a->lines, s->line, LINE_UNASKED, s->why, NULL);
}

void
asking_open(struct asking *a, const struct conf *conf, cJSON *lines)
{
    struct error err;

    *a = (struct asking){
        .conf = conf,
        .lines = lines,
        .hubspot = {.name = "HubSpot",
                    .line = "hubspot sign-in",
                    .base = conf_str(conf, "hubspot", "api_base"),
                    .mend = "make a new token (a service key: Development > "
                            "Keys > Service keys) and put it where [hubspot] "
                            "token says; of an OAuth app, correct client_id, "
                            "client_secret and refresh_token"},
        .salesforce = {.name = "Salesforce",
                       .line = "salesforce sign-in",
                       .base = conf_str(conf, "salesforce", "login_url"),
                       .mend = "correct [salesforce] login_url (Setup > My "
                               "Domain), auth, client_id and what auth needs "
                               "beside them; the app (Setup > External Client "
                               "App Manager) needs its flow, and on its tab "
                               "Policies a user to run as"}};
    if (accounts_open(conf, &a->accounts, &err) < 0) {
        cannot(a, &a->hubspot, err.text);
        cannot(a, &a->salesforce, err.text);
        return;
    }
    if (hubspot_open(conf, a->accounts, NULL, NULL, &a->hs, &err) < 0)
        cannot(a, &a->hubspot, err.text);
    else
        hubspot_around(a->hs, &tool_around);
    if (salesforce_open(conf, a->accounts, NULL, NULL, &a->sf, &err) < 0)
        cannot(a, &a->salesforce, err.text);
    else
        salesforce_around(a->sf, &tool_around);
}

void
asking_close(struct asking *a)
{
    hubspot_close(a->hs);
    salesforce_close(a->sf);
    store_close(a->accounts);
}

bool
asking_is_away(const struct error *err)
{
    return err->code == EX_TEMPFAIL || err->code == EX_PROTOCOL;
}

void
asking_take(struct asking *a, struct asked *s, int rv, const struct error *err)
{
    bool is_refused = rv < 0 && err->code == EX_CONFIG;
    bool is_away = rv < 0 && asking_is_away(err);

    if (is_refused || is_away)
        snprintf(s->why, sizeof(s->why), "%s%.480s",
                 is_away ? "cannot be asked now: " : "", err->text);
    if (s->is_in)
        return;
    if (is_away)
        line_add(a->lines, s->line, LINE_AWAY, s->why, AWAY_MEND);
    else
        line_note(a->lines, s->line, s->base, is_refused ? err : NULL, s->mend);
    s->is_in = !is_refused && !is_away;
}

void
asking_tell(struct asking *a, const struct asked *s, const char *line,
            enum line_state state, const struct error *err, const char *mend)
{
    if (!s->is_in)
        return;
    if (asking_is_away(err))
        line_add(a->lines, line, LINE_AWAY, s->why, AWAY_MEND);
    else
        line_add(a->lines, line, state, err->text, mend);
}
