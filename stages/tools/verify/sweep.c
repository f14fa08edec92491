/* sweep: see sweep.h. */
#include "stages/tools/verify/sweep.h"
#include "common/current.h"

#include <stdlib.h>
#include <string.h>

static int
read_kind(struct sweep *s, enum activity a, struct error *err)
{
    static const char *const updated[] = {"updated_in_hubspot",
                                          "updated_in_salesforce"};
    const char *section = conf_activity(a);

    s->rules.is_on[a] = conf_bool(s->conf, section, "sync");
    for (int side = 0; side < SIDE_COUNT; side++)
        s->kind[a].carries[side] =
            strcmp(conf_str(s->conf, section, updated[side]), "update") == 0;
    s->kind[a].prefers_opportunity =
        strcmp(conf_str(s->conf, section, "related_to"), "opportunity") == 0;
    if (mapping_read(s->conf, a, &s->kind[a].map, err) < 0)
        return -1;
    return mapping_add_ties(s->conf, a, &s->kind[a].map, err);
}

int
sweep_open(struct sweep *s, const struct conf *conf, struct store *store,
           const struct kinds *kinds, struct error *err)
{
    memset(s, 0, sizeof(*s));
    s->conf = conf;
    s->store = store;
    s->kinds = *kinds;
    s->external_id = conf_str(conf, "salesforce", "external_id_field");
    for (int a = 0; a < ACTIVITY_COUNT; a++)
        if (read_kind(s, (enum activity)a, err) < 0)
            return -1;
    if (org_init(&s->org, conf, err) < 0)
        return -1;
    return services_open(conf, store, NULL, NULL, &s->services, err);
}

static void
forget(struct sweep *s)
{
    links_fini(&s->links);
    claims_fini(&s->claims[SIDE_HUBSPOT]);
    claims_fini(&s->claims[SIDE_SALESFORCE]);
    findings_fini(&s->findings);
    s->n_wanted = s->n_checked = 0;
}

void
sweep_close(struct sweep *s)
{
    forget(s);
    org_fini(&s->org);
    services_close(&s->services);
}

int64_t
sweep_calls(const struct sweep *s, enum side side)
{
    return side == SIDE_HUBSPOT ? hubspot_calls(s->services.hubspot)
                                : salesforce_calls(s->services.salesforce);
}

/* Links that are to be checked: of a kind that was named, and of the activity
 * sync only where that is on. *n of them; caller frees. */
static struct linked **
choose(struct sweep *s, size_t *n)
{
    struct linked **chosen = calloc(s->links.n + 1, sizeof(*chosen));

    if (chosen == NULL)
        abort();
    *n = 0;
    for (size_t i = 0; i < s->links.n; i++) {
        struct linked *l = &s->links.v[i];

        if (l->activity != ACTIVITY_NONE && !s->rules.is_on[l->activity])
            l->is_wanted = false;
        if (l->is_wanted)
            chosen[(*n)++] = l;
    }
    return chosen;
}

/* Of the records, owners and all that a value depends on. */
static int
know_org(struct sweep *s, struct error *err)
{
    enum side failed;

    for (int a = 0; a < ACTIVITY_COUNT; a++)
        if (s->rules.is_on[a])
            return org_refresh(&s->org, &s->services, &failed, err) < 0 ? -1
                                                                        : 0;
    return 0;
}

int
sweep_begin(struct sweep *s, struct error *err)
{
    int64_t plan[SIDE_COUNT] = {0, 0};
    struct linked **links;

    forget(s);
    s->claims[SIDE_HUBSPOT].side = SIDE_HUBSPOT;
    s->claims[SIDE_SALESFORCE].side = SIDE_SALESFORCE;
    if (links_read(s->store, &s->kinds, &s->links, err) < 0 ||
        know_org(s, err) < 0 || sweep_claims_begin(s, err) < 0)
        return -1;
    links = choose(s, &s->n_wanted);
    sweep_pairs_plan(s, links, s->n_wanted, plan);
    free(links);
    sweep_claims_plan(s, plan);
    for (int side = 0; side < SIDE_COUNT; side++)
        s->told[side] = plan[side] + sweep_calls(s, (enum side)side);
    return 0;
}

int
sweep_look(struct sweep *s, struct error *err)
{
    struct linked **links;
    size_t n;
    int rv;

    if (sweep_claims_read(s, err) < 0)
        return -1;
    claims_judge(&s->claims[SIDE_SALESFORCE], &s->rules, &s->links,
                 &s->findings);
    claims_judge(&s->claims[SIDE_HUBSPOT], &s->rules, &s->links, &s->findings);
    claims_judge_links(&s->claims[SIDE_SALESFORCE], &s->links, &s->findings);
    links = choose(s, &n);
    rv = sweep_pairs(s, links, n, err);
    free(links);
    s->n_checked = n;
    return rv;
}

/* Does a link know of it by now? 1/0/-1 */
static int
is_linked(struct sweep *s, const struct finding *f, struct error *err)
{
    struct store_link link;
    int rv = store_link_by_target(s->store, f->target, &link, err);

    return rv == 1 ? strcmp(link.key, f->key) == 0 : rv;
}

/* The links that a second look is to compare. One link's findings stand
 * together. *n of them; caller frees. */
static struct linked **
choose_again(const struct sweep *s, size_t *n)
{
    struct linked **links = calloc(s->findings.n + 1, sizeof(*links));

    if (links == NULL)
        abort();
    *n = 0;
    for (size_t i = 0; i < s->findings.n; i++) {
        const struct finding *f = &s->findings.v[i];
        struct linked *l = links_by_key(&s->links, f->key);

        if (f->type != FINDING_ORPHANED && f->type != FINDING_DOUBLED &&
            l != NULL && (*n == 0 || links[*n - 1] != l))
            links[(*n)++] = l;
    }
    return links;
}

void
sweep_plan_again(struct sweep *s)
{
    int64_t plan[SIDE_COUNT] = {0, 0};
    int64_t n_tasks = 0;
    struct linked **links;
    size_t n;

    links = choose_again(s, &n);
    sweep_pairs_plan(s, links, n, plan);
    /* Tasks that the first look has missed are looked up by their ids. */
    for (size_t i = 0; i < n; i++)
        n_tasks += links[i]->activity == ACTIVITY_NONE;
    plan[SIDE_SALESFORCE] +=
        (n_tasks + CURRENT_SALESFORCE_MAX - 1) / CURRENT_SALESFORCE_MAX;
    free(links);
    for (int side = 0; side < SIDE_COUNT; side++)
        s->told[side] = plan[side] + sweep_calls(s, (enum side)side);
}

int
sweep_look_again(struct sweep *s, struct error *err)
{
    struct linked **links;
    size_t n;
    int rv = 0;

    links = choose_again(s, &n);
    for (size_t i = s->findings.n; i-- > 0 && rv >= 0;) {
        struct finding *f = &s->findings.v[i];

        rv = f->type == FINDING_ORPHANED ? is_linked(s, f, err) : 0;
        if (rv == 1 ||
            (f->type != FINDING_ORPHANED && f->type != FINDING_DOUBLED))
            findings_drop(&s->findings, i);
    }
    if (rv >= 0)
        rv = sweep_pairs(s, links, n, err);
    free(links);
    return rv < 0 ? -1 : 0;
}
