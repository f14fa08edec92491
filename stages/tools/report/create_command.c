/* create_command: see create_command.h. */
#include "stages/tools/report/create_command.h"

#include "common/accounts.h"
#include "common/json.h"
#include "common/summary.h"
#include "stages/tools/report/create.h"
#include "stages/tools/report/create_words.h"

#include <stdio.h>

#define NOT_DONE 1

struct creating {
    const struct tool *tool;
    struct store *accounts; /* of calls and tokens; NULL: no state yet */
    struct salesforce *sf;
    struct plan plan;
    bool yes, json;
};

static int
open_salesforce(struct creating *c, const struct conf *conf, struct error *err)
{

    if (accounts_open(conf, &c->accounts, err) < 0 ||
        salesforce_open(conf, c->accounts, NULL, NULL, &c->sf, err) < 0)
        return -1;
    salesforce_around(c->sf, &tool_around);
    return 0;
}

/* Has a person, or --yes, said to? */
static bool
may_go_on(const struct creating *c)
{
    if (c->yes)
        return true;
    if (!tool_can_ask()) {
        fprintf(stderr, "nothing was done: say --yes to do that\n");
        return false;
    }
    fprintf(stderr, "Do that (y/N)? ");
    if (tool_hears_yes())
        return true;
    fprintf(stderr, "nothing was done\n");
    return false;
}

/* Say what is not as it is to be. */
static int
end(const struct creating *c, bool is_done)
{
    int code = is_done ? EX_OK : NOT_DONE;

    if (fflush(stdout) != 0)
        return EX_IOERR;
    for (int i = 0; i < PLAN_REPORTS; i++)
        if (c->plan.reports[i].action == PLAN_CANNOT)
            code = tool_fail(c->tool, &c->plan.reports[i].problem);
    return code;
}

static int
run(struct creating *c, const char *field)
{
    struct error err;
    bool is_due, is_done;

    if (create_look(c->sf, field, &c->plan, &err) < 0)
        return tool_fail(c->tool, &err);
    is_due = plan_is_due(&c->plan);
    create_print_plan(c->json ? stderr : stdout, &c->plan);
    fflush(stdout);
    is_done = !is_due || may_go_on(c);
    if (is_due && is_done && create_make(c->sf, &c->plan, &err) < 0)
        return tool_fail(c->tool, &err);
    if (c->json) {
        cJSON *doc = create_json(&c->plan, salesforce_instance(c->sf), is_done);

        summary_print_json(stdout, doc);
        cJSON_Delete(doc);
    } else {
        create_print_addresses(stdout, &c->plan, salesforce_instance(c->sf));
    }
    return end(c, is_done);
}

int
create_command(const struct tool *tool, const struct conf *conf, bool yes,
               bool json)
{
    struct creating c = {.tool = tool, .yes = yes, .json = json};
    struct error err;
    int code;

    plan_init(&c.plan);
    if (open_salesforce(&c, conf, &err) < 0)
        code = tool_fail(tool, &err);
    else
        code = run(&c, conf_str(conf, "salesforce", "external_id_field"));
    plan_fini(&c.plan);
    salesforce_close(c.sf);
    store_close(c.accounts);
    return code;
}
