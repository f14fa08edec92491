/* setup: makes what crmpipe needs in both accounts and what is missing there:
 * fields of Salesforce's activities, who may see them, a property of HubSpot's.
 *
 * It goes round: look, plan, make; until nothing is left to make. So each thing
 * is looked for before it is made, and before it is tried again when an answer
 * was lost; a second run, and one after a death, find what is there. */
#include "common/accounts.h"
#include "common/tool.h"
#include "stages/tools/setup/act.h"
#include "stages/tools/setup/look.h"
#include "stages/tools/setup/report.h"
#include "stages/tools/setup/undo.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS_MAX 5
#define EX_NOT_YET 1

static const char usage[] =
    "usage: setup [--yes | --dry-run | --undo] [--json] [--conf FILE]\n"
    "Makes in both accounts what is missing there of what the config names: "
    "the\n"
    "external id and mapped custom fields of Salesforce's activities, a "
    "permission\n"
    "set that lets crmpipe's user see them, the property crmpipe_salesforce_id "
    "of\n"
    "HubSpot's. Shows what it would do and asks.\n"
    "  --yes      does it without asking\n"
    "  --dry-run  only shows it\n"
    "  --undo     tells how to take it back by hand; changes nothing\n"
    "Exit 0: all is there; 1: something is to be made, and was not; 78: "
    "something\n"
    "is wrong, or was refused; 75: a service could not be asked now.\n";

struct options {
    bool yes, dry, undo, json;
};

struct run {
    const struct conf *conf;
    const struct options *options;
    const struct wanted *wanted;
    struct services services;
    struct store *accounts; /* of calls and tokens; may be NULL */
    struct facts facts;
    struct plan *plan;
    struct report report;
};

/* Look and plan, and tell what is new. */
static void
look_and_plan(struct run *r)
{
    facts_fini(&r->facts);
    look(&r->services, r->wanted, &r->facts);
    plan_make(r->wanted, &r->facts, r->plan);
    report_plan(&r->report, r->plan);
}

static bool
is_to_be_made(const struct run *r)
{
    return plan_count(r->plan, STEP_TODO) > 0 &&
           plan_count(r->plan, STEP_WRONG) == 0 &&
           plan_count(r->plan, STEP_AWAY) == 0;
}

/* May it be done? */
static bool
ask(const struct run *r)
{
    const struct options *o = r->options;

    if (o->yes)
        return true;
    if (o->dry || o->json || !tool_can_ask())
        return false;
    fprintf(stderr, "Make %zu things (y/N)? ", plan_count(r->plan, STEP_TODO));
    return tool_hears_yes();
}

/* Make all that is planned, each side until a refusal that reaches further than
 * its own thing. Does it help to look and go on? */
static bool
make_all(struct run *r)
{
    bool is_stopped[SIDE_COUNT] = {false};

    for (size_t i = 0; i < r->plan->n; i++) {
        struct step *s = &r->plan->steps[i];
        enum refusal refusal;

        if (s->state != STEP_TODO || is_stopped[s->side])
            continue;
        refusal = act(&r->services, &r->facts, s);
        is_stopped[s->side] =
            refusal == REFUSAL_LATER || refusal == REFUSAL_ALL;
        report_step(&r->report, s);
    }
    return plan_count(r->plan, STEP_WRONG) == 0;
}

static void
pause_before(const struct run *r, int round)
{
    int64_t ms = conf_ms(r->conf, "delivery", "retry_min") << (2 * round);
    int64_t max = conf_ms(r->conf, "delivery", "retry_max");
    struct timespec t;

    ms = ms < max ? ms : max;
    t = (struct timespec){ms / 1000, ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

static void
go_round(struct run *r)
{
    bool is_later;

    look_and_plan(r);
    if (!is_to_be_made(r) || !ask(r))
        return;
    for (int round = 0; round < ROUNDS_MAX && is_to_be_made(r); round++) {
        if (!make_all(r))
            return;
        is_later = plan_count(r->plan, STEP_AWAY) > 0;
        if (is_later)
            pause_before(r, round);
        look_and_plan(r);
    }
}

/* The last words, and the exit code. */
static int
tell_end(const struct run *r)
{
    int todo = report_count(&r->report, STEP_TODO);
    int made = report_count(&r->report, STEP_MADE);
    int code = report_count(&r->report, STEP_WRONG) > 0  ? EX_CONFIG
               : report_count(&r->report, STEP_AWAY) > 0 ? EX_TEMPFAIL
               : todo > 0                                ? EX_NOT_YET
                                                         : EX_OK;

    report_end(&r->report, code == EX_OK);
    if (r->options->json)
        return code;
    if (code == EX_NOT_YET)
        printf("%d to be made, nothing was changed: ./run.sh setup --yes makes "
               "them\n",
               todo);
    else if (code == EX_OK && made > 0)
        printf("%d made, all is there: go on with ./run.sh check; a chain that "
               "runs takes notice after ./run.sh restart\n",
               made);
    else if (code == EX_OK)
        printf("nothing is to be done\n");
    else if (made == 0)
        printf("nothing was changed: mend the above and run setup again\n");
    else
        printf("%d made, %d left: mend the above and run setup again\n", made,
               todo);
    return code;
}

/* The exit code, or -1. */
static int
set_up(struct run *r, struct error *err)
{
    int code;

    if (accounts_open(r->conf, &r->accounts, err) < 0)
        return -1;
    if (services_open(r->conf, r->accounts, NULL, NULL, &r->services, err) <
        0) {
        store_close(r->accounts);
        return -1;
    }
    services_around(&r->services, &tool_around);
    report_init(&r->report, r->options->json);
    go_round(r);
    code = tell_end(r);
    report_fini(&r->report);
    facts_fini(&r->facts);
    services_close(&r->services);
    store_close(r->accounts);
    return code;
}

/* Likewise. */
static int
run(const struct conf *conf, const struct options *options, struct error *err)
{
    struct wanted *wanted = calloc(1, sizeof(*wanted));
    struct run r = {.conf = conf, .options = options, .wanted = wanted};
    int code = -1;

    r.plan = calloc(1, sizeof(*r.plan));
    if (wanted == NULL || r.plan == NULL)
        abort();
    if (wanted_read(conf, wanted, err) == 0) {
        code = EX_OK;
        if (options->undo)
            undo_print(conf, wanted, options->json);
        else
            code = set_up(&r, err);
    }
    free(r.plan);
    free(wanted);
    return code;
}

int
main(int argc, char **argv)
{
    struct options o = {0};
    struct tool tool = {.name = "setup",
                        .usage = usage,
                        .flags = {{"--yes", NULL, &o.yes},
                                  {"--dry-run", NULL, &o.dry},
                                  {"--undo", NULL, &o.undo},
                                  {"--json", NULL, &o.json}}};
    struct conf *conf;
    struct error err;
    int code;

    if (!tool_parse(&tool, argc, argv, &code))
        return code;
    if (tool.n_words > 0)
        return tool_misuse(&tool, "unknown argument: %s", tool.words[0]);
    if (o.yes + o.dry + o.undo > 1)
        return tool_misuse(&tool, "--yes, --dry-run and --undo do not go "
                                  "together");
    if (tool_conf(&tool, &conf, &err) < 0)
        return tool_fail(&tool, &err);
    code = run(conf, &o, &err);
    conf_free(conf);
    return code < 0 ? tool_fail(&tool, &err) : code;
}
