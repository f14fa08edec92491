/* report: how many activities there were, from the state alone; or, with
 * --create, reports of them in Salesforce. */
#include "common/activity.h"
#include "common/clock.h"
#include "common/nearest.h"
#include "common/tool.h"
#include "stages/tools/report/create_command.h"
#include "stages/tools/report/pages.h"
#include "stages/tools/report/whom.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define WIDTH 80 /* where a terminal does not tell */

static const char usage[] =
    "usage: report [--by day | week | month | contact] [--contact ID | EMAIL]\n"
    "              [--since DATE | DURATION] [--until DATE] [--kind K]...\n"
    "              [--csv | --json] [--conf FILE]\n"
    "       report --create [--yes] [--json] [--conf FILE]\n"
    "How many activities there were, by day, kind and the service they come "
    "from, and\n"
    "how their versions ended; from the state alone, which remembers that for\n"
    "[state] outcomes. An activity counts on the day it happened, in "
    "[salesforce]\n"
    "time_zone, or in UTC where that is auto. A week is named by its Monday.\n"
    "--by contact: by whom they hang on, the most activities first. --contact: "
    "only\n"
    "what hangs on this one: an id of HubSpot or Salesforce, or an address.\n"
    "--since, --until: these days included, 2025-01-31; --since 7d: from the "
    "day on\n"
    "that it was 7 days ago. With bars on a terminal.\n"
    "--create: makes two reports in Salesforce, Activities with Contacts and\n"
    "Activities with Leads, of what came from HubSpot, in the folder crmpipe; "
    "what\n"
    "is there is found again and mended. Says what it will do, and asks; "
    "--yes does\n"
    "it at once. Exit 1: there was something to do, and it was not done.\n";

struct request {
    struct tally_filter filter;
    const char *by, *since, *until, *contact;
    char whom[EVENT_WHOM_SIZE]; /* whose --contact is */
    int64_t ago_ms; /* of --since with a duration; -1: it has none */
    bool csv, json;
    bool create, yes;
};

struct counting {
    struct tally *tally;
    const struct tally_filter *filter;
    struct error *err;
    bool has_failed;
};

static int
count(void *ctx, const struct store_quarter *q)
{
    struct counting *c = ctx;

    c->has_failed = tally_add(c->tally, c->filter, q, c->err) < 0;
    return c->has_failed;
}

static int
find_email(void *ctx, const char *id, char email[TALLY_EMAIL_SIZE],
           struct error *err)
{
    return whom_email(ctx, id, email, err);
}

static int
fill_tally(struct store *store, const struct tally_filter *f, struct tally *t,
           struct error *err)
{
    const struct store_quarter_filter wanted = {f->by_contact, f->contact};
    struct counting c = {t, f, err, false};

    if (store_outcome_quarters(store, &wanted, count, &c, err) < 0 ||
        c.has_failed)
        return -1;
    tally_sort(t, f);
    return f->by_contact ? tally_find_emails(t, find_email, store, err) : 0;
}

/* No state yet: nothing. */
static int
read_tally(const struct conf *conf, struct request *r, struct tally *t,
           struct error *err)
{
    struct store *store = NULL;
    char url[4200];
    int rv = 0;

    if (r->contact != NULL)
        r->filter.contact = r->contact;
    if (!tool_state_url(conf, url, sizeof(url)))
        return 0;
    if (store_open(url, STORE_READ, &store, err) < 0)
        return -1;
    if (r->contact != NULL) {
        rv = whom_find(store, r->contact, r->whom, err);
        r->filter.contact = r->whom;
    }
    if (rv == 0)
        rv = fill_tally(store, &r->filter, t, err);
    store_close(store);
    return rv;
}

static void
put_words(const struct tally *t, const struct tally_filter *f, struct text *out)
{
    struct winsize w;

    pages_table(t, f, out);
    if (t->n == 0)
        return;
    if (f->contact != NULL)
        text_printf(out, "of contact %s\n", f->contact);
    if (!f->by_contact || f->since[0] != '\0' || f->until[0] != '\0')
        text_printf(out, "days in %s\n", f->zone);
    if (!isatty(STDOUT_FILENO))
        return;
    text_putc(out, '\n');
    pages_bars(t,
               ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 0
                   ? w.ws_col
                   : WIDTH,
               out);
}

static void
print(const struct request *r, const struct tally *t)
{
    struct text out;

    text_init(&out);
    if (r->json)
        pages_json(t, &r->filter, &out);
    else if (r->csv)
        pages_csv(t, &r->filter, &out);
    else
        put_words(t, &r->filter, &out);
    fwrite(out.data, 1, out.len, stdout);
    text_fini(&out);
}

/* The days that are counted, now that their zone is known. */
static int
read_days(const struct conf *conf, struct request *r, struct error *err)
{
    const char *zone = conf_str(conf, "salesforce", "time_zone");

    r->filter.zone = strcmp(zone, "auto") == 0 ? "UTC" : zone;
    if (r->ago_ms >= 0 && zone_date(r->filter.zone, clock_now_ms() - r->ago_ms,
                                    r->filter.since, err) < 0)
        return -1;
    return 0;
}

static int
run(const struct conf *conf, struct request *r, struct error *err)
{
    struct tally t;
    int rv;

    if (read_days(conf, r, err) < 0)
        return -1;
    tally_init(&t);
    rv = read_tally(conf, r, &t, err);
    if (rv == 0)
        print(r, &t);
    tally_fini(&t);
    /* A file with half of the figures would pass for the whole. */
    if (rv == 0 && (fflush(stdout) != 0 || ferror(stdout) != 0))
        return error_set(err, EX_IOERR,
                         "the report cannot be written; see to the disk");
    return rv;
}

/* ---- the command line ---- */

/* false: it is no day. */
static bool
read_day(const char *word, char day[ZONE_DATE_SIZE])
{
    int64_t ms;

    if (strlen(word) != ZONE_DATE_SIZE - 1 || !tool_date(word, &ms))
        return false;
    snprintf(day, ZONE_DATE_SIZE, "%s", word);
    return true;
}

/* Those of the timeline, and `email`, which only activity sync has. 0, or the
 * exit code. */
static int
check_kinds(const struct tool *tool)
{
    for (int i = 0; i < tool->n_many; i++) {
        const char *word = tool->many[i];
        struct nearest best = {NULL, 0};

        if (kind_parse(word, strlen(word)) != KIND_NONE ||
            activity_parse(word, strlen(word)) != ACTIVITY_NONE)
            continue;
        for (int k = 0; k < KIND_COUNT; k++)
            nearest_consider(&best, word, kind_name((enum kind)k));
        for (int a = 0; a < ACTIVITY_COUNT; a++)
            nearest_consider(&best, word,
                             activity_facts((enum activity)a)->name);
        return tool_misuse(tool, "--kind: there is no kind %s; do you mean %s?",
                           word, best.name);
    }
    return 0;
}

/* 0, or the exit code. */
static int
read_request(const struct tool *tool, struct request *r)
{
    struct tally_filter *f = &r->filter;

    if (tool->n_words > 0)
        return tool_misuse(tool, "unknown argument: %s", tool->words[0]);
    if (r->create && (r->by != NULL || r->since != NULL || r->until != NULL ||
                      r->contact != NULL || r->csv || tool->n_many > 0))
        return tool_misuse(tool, "--create goes with --yes and --json alone");
    if (r->yes && !r->create)
        return tool_misuse(tool, "--yes goes with --create alone");
    if (r->csv && r->json)
        return tool_misuse(tool, "--csv or --json, not both");
    f->by_contact = r->by != NULL && strcmp(r->by, "contact") == 0;
    f->by = r->by != NULL && !f->by_contact ? period_parse(r->by) : PERIOD_DAY;
    if (f->by == PERIOD_NONE)
        return tool_misuse(tool, "--by is day, week, month or contact, not %s",
                           r->by);
    if (r->contact != NULL && !whom_is_name(r->contact))
        return tool_misuse(tool,
                           "--contact: %s is neither an id of HubSpot or "
                           "Salesforce nor an address",
                           r->contact);
    if (r->since != NULL && !read_day(r->since, f->since) &&
        conf_duration(r->since, &r->ago_ms) < 0)
        return tool_misuse(tool, "--since: %s is neither 2025-01-31 nor 7d",
                           r->since);
    if (r->until != NULL && !read_day(r->until, f->until))
        return tool_misuse(tool, "--until: %s is no day like 2025-01-31",
                           r->until);
    if (f->until[0] != '\0' && strcmp(f->since, f->until) > 0)
        return tool_misuse(tool, "--until lies before --since");
    f->kinds = tool->many;
    f->n_kinds = tool->n_many;
    return check_kinds(tool);
}

int
main(int argc, char **argv)
{
    struct request r = {.ago_ms = -1};
    struct tool tool = {.name = "report",
                        .usage = usage,
                        .flags = {{"--by", &r.by, NULL},
                                  {"--since", &r.since, NULL},
                                  {"--until", &r.until, NULL},
                                  {"--contact", &r.contact, NULL},
                                  {"--csv", NULL, &r.csv},
                                  {"--create", NULL, &r.create},
                                  {"--yes", NULL, &r.yes},
                                  {"--json", NULL, &r.json}},
                        .many_name = "--kind"};
    struct conf *conf;
    struct error err;
    int code, rv;

    if (!tool_parse(&tool, argc, argv, &code))
        return code;
    code = read_request(&tool, &r);
    if (code != 0)
        return code;
    if (tool_conf(&tool, &conf, &err) < 0)
        return tool_fail(&tool, &err);
    if (r.create) {
        code = create_command(&tool, conf, r.yes, r.json);
        conf_free(conf);
        return code;
    }
    rv = run(conf, &r, &err);
    conf_free(conf);
    return rv < 0 ? tool_fail(&tool, &err) : EX_OK;
}
