/* conf_print: the shipped pipeline.conf, made from the table. */
#include "common/conf.h"
#include "common/conf_table.h"

#include <stdbool.h>
#include <string.h>

static const char head[] =
    "; pipeline.conf: the settings of crmpipe, each with its default.\n"
    ";\n"
    "; Durations 500ms 5s 10m 2h 30d; sizes 64KB 256MB; booleans on | off.\n"
    "; Secrets are written env:NAME or file:PATH. A relative path is meant "
    "from\n"
    "; this file's folder; one that begins with var/ lies in the state "
    "folder,\n"
    "; the folder of [state] url. A key that is left out has the value that "
    "stands\n"
    "; here. Commands, event types, only and descriptions may go on in lines "
    "that begin\n"
    "; with a blank. A \";\" behind a blank begins a comment, in a template "
    "too.\n";

/* A value of several lines stands below its key; a comment too long for the
 * line of its key as well. */
static void
print_value(FILE *out, const char *key, const char *value, const char *help)
{
    bool has_lines = strchr(value, '\n') != NULL;
    int n = fprintf(out, "%s =", key);

    if (value[0] != '\0' && !has_lines)
        n += fprintf(out, " %s", value);
    if (help == NULL)
        fputc('\n', out);
    else if (n < 38)
        fprintf(out, "%*s; %s\n", 38 - n, "", help);
    else
        fprintf(out, "\n; ^ %s\n", help);
    for (const char *line = value; has_lines && *line != '\0';) {
        int len = (int)strcspn(line, "\n");

        fprintf(out, "    %.*s\n", len, line);
        line += len + (line[len] == '\n');
    }
}

static void
print_plain_sections(FILE *out)
{
    const char *section = "";

    for (size_t i = 0; i < conf_n_rows; i++) {
        const struct conf_row *r = &conf_rows[i];

        if (strchr(r->section, '*') != NULL)
            continue;
        if (strcmp(section, r->section) != 0)
            fprintf(out, "\n[%s]\n", r->section);
        section = r->section;
        print_value(out, r->key, r->standard, r->help);
    }
}

static void
print_kinds(FILE *out)
{
    for (int k = 0; k < KIND_COUNT; k++) {
        const char *section = conf_timeline((enum kind)k);

        fprintf(out, "\n[%s]\n", section);
        for (size_t i = 0; i < conf_n_rows; i++) {
            const struct conf_row *r = conf_row_find(section, conf_rows[i].key);

            if (r == &conf_rows[i])
                print_value(out, r->key, conf_row_standard(r, section),
                            r->help);
        }
    }
}

static void
print_activities(FILE *out)
{
    for (int a = 0; a < ACTIVITY_COUNT; a++) {
        const char *section = conf_activity((enum activity)a);

        fprintf(out, "\n[%s]\n", section);
        for (size_t i = 0; i < conf_n_rows; i++)
            if (strcmp(conf_rows[i].section, "activity.*") == 0)
                print_value(out, conf_rows[i].key, conf_rows[i].standard,
                            conf_rows[i].help);
        section = conf_mapping((enum activity)a);
        fprintf(out, "\n[%s]\n; %s\n", section,
                conf_row_find(section, "x")->help);
        for (size_t i = 0; i < conf_n_mapped; i++)
            if ((int)conf_mapped[i].activity == a)
                print_value(out, conf_mapped[i].key, conf_mapped[i].value,
                            NULL);
    }
}

static void
print_stages(FILE *out)
{
    fputs("\n; The wiring. Any stage may be replaced by another program that "
          "keeps the same\n; contract (see the README).\n",
          out);
    for (size_t i = 0; i < conf_n_chain; i++) {
        const struct conf_chain *c = &conf_chain[i];

        fprintf(out, "\n[stage.%s]\ncommand = %s\n", c->name, c->command);
        if (!c->is_source)
            fprintf(out, "input = ipc://var/run/%s.in\n", c->name);
        if (c->next != NULL)
            fprintf(out, "output = ipc://var/run/%s.in\n", c->next);
        fprintf(out, "outcomes = ipc://var/run/fetcher-{source}.outcomes\n");
        for (size_t k = 0; k < conf_n_rows; k++) {
            const struct conf_row *r = &conf_rows[k];

            if (strcmp(r->section, "stage.*") != 0 ||
                strcmp(r->key, "command") == 0 || r->type == CONF_WIRE ||
                (strcmp(r->key, "keep_native") == 0 &&
                 strcmp(c->name, "normalizer") != 0))
                continue;
            print_value(out, r->key, r->standard, r->help);
        }
    }
}

void
conf_print(FILE *out)
{
    fputs(head, out);
    print_plain_sections(out);
    print_kinds(out);
    print_activities(out);
    print_stages(out);
}
