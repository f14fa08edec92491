/* refusal: see refusal.h. */
#include "stages/tools/setup/refusal.h"

#include <stdio.h>
#include <string.h>

const char *
refusal_sign_in(enum side side)
{
    return side == SIDE_HUBSPOT
               ? "correct what [hubspot] signs in with: token, or client_id, "
                 "client_secret and refresh_token; ./run.sh check tells more"
               : "correct [salesforce] login_url, auth, client_id and what "
                 "auth needs beside them; ./run.sh check tells more";
}

void
refusal_mend(const char *permission, char *buf, size_t size)
{
    snprintf(buf, size,
             "Salesforce: Setup > Permission Sets > one that crmpipe's user "
             "has (or a new one, assigned to it) > System Permissions > Edit > "
             "tick \"%s\", and run setup again; only setup needs it, so it can "
             "be taken away then",
             permission);
}

const char *
refusal_permission(enum step_kind kind)
{
    switch (kind) {
    case STEP_FIELD:
        return "Customize Application";
    case STEP_SET:
    case STEP_ACCESS:
        return "Manage Profiles and Permission Sets";
    case STEP_ASSIGNMENT:
        return "Assign Permission Sets";
    default:
        return NULL;
    }
}

/* Where the user lacks a right, Salesforce says so, or that there is no such
 * thing. */
static bool
is_lack(const struct salesforce_answer *answer)
{
    static const char *const codes[] = {"INVALID_TYPE", "NOT_FOUND",
                                        "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
                                        "FUNCTIONALITY_NOT_ENABLED"};

    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        if (strcmp(answer->code, codes[i]) == 0)
            return true;
    return answer->status == 403 ||
           strncmp(answer->code, "INSUFFICIENT_ACCESS", 19) == 0;
}

static bool
is_duplicate(const struct salesforce_answer *answer)
{
    return strncmp(answer->code, "DUPLICATE_", 10) == 0;
}

/* It could not be made now. */
static enum refusal
put_off(struct step *s, const char *code, const char *message, bool is_later)
{
    s->state = STEP_AWAY;
    snprintf(s->detail, sizeof(s->detail), "could not be made now: %s: %s",
             code, message);
    snprintf(s->fix, sizeof(s->fix), "%s", REFUSAL_AWAY);
    return is_later ? REFUSAL_LATER : REFUSAL_ALL;
}

/* A field that is there, though no list of fields told so. */
static enum refusal
is_there(struct step *s)
{
    s->state = STEP_THERE;
    snprintf(s->detail, sizeof(s->detail), "is there already");
    return REFUSAL_NONE;
}

enum refusal
refusal_salesforce(struct step *s, const struct salesforce_answer *answer)
{
    const char *permission = refusal_permission(s->kind);
    bool is_doubled = answer->end == SALESFORCE_REFUSED && is_duplicate(answer);

    if (is_doubled && s->kind == STEP_FIELD)
        return is_there(s);
    if (is_doubled || answer->end == SALESFORCE_RETRY ||
        answer->end == SALESFORCE_PAUSE)
        return put_off(s, answer->code, answer->message,
                       answer->end != SALESFORCE_PAUSE);
    s->state = STEP_WRONG;
    if (answer->end == SALESFORCE_REFUSED && is_lack(answer)) {
        snprintf(s->detail, sizeof(s->detail),
                 "refused: crmpipe's user lacks the permission \"%s\" (%s: %s)",
                 permission, answer->code, answer->message);
        refusal_mend(permission, s->fix, sizeof(s->fix));
        return REFUSAL_ALL;
    }
    snprintf(s->detail, sizeof(s->detail), "refused: %s: %s", answer->code,
             answer->message);
    snprintf(s->fix, sizeof(s->fix), "%s",
             answer->end == SALESFORCE_CONFIG
                 ? refusal_sign_in(SIDE_SALESFORCE)
                 : "make it by hand, as the README's \"Setting up\" says, then "
                   "run setup again");
    return REFUSAL_ALL;
}

enum refusal
refusal_hubspot(struct step *s, const struct hubspot_answer *answer)
{
    bool is_doubled = answer->end == HUBSPOT_REFUSED && answer->status == 409;

    if (is_doubled || answer->end == HUBSPOT_RETRY ||
        answer->end == HUBSPOT_UNSURE || answer->end == HUBSPOT_PAUSE)
        return put_off(s, answer->code, answer->message,
                       answer->end != HUBSPOT_PAUSE);
    s->state = STEP_WRONG;
    snprintf(s->detail, sizeof(s->detail), "refused: %s: %s", answer->code,
             answer->message);
    if (answer->end == HUBSPOT_NOPERM)
        snprintf(s->fix, sizeof(s->fix),
                 "give the token the scope " REFUSAL_SCOPE " (HubSpot: "
                 "Development > Keys > Service keys > the key > Add new scope; "
                 "of a private app its tab Scopes) and run setup again; only "
                 "setup needs it, so it can be taken away then");
    else
        snprintf(s->fix, sizeof(s->fix), "%s",
                 answer->end == HUBSPOT_CONFIG
                     ? refusal_sign_in(SIDE_HUBSPOT)
                     : "make it by hand (Settings > Properties), or leave it: "
                       "crmpipe works without it, with a search after a crash");
    return answer->end == HUBSPOT_REFUSED ? REFUSAL_HERE : REFUSAL_ALL;
}
