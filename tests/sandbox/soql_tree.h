/* soql_tree: a query that was read, for soql_lex.c and soql_parse.c, which make
 * it, soql_check.c, which looks its names up, and soql_match.c, which asks it.
 */
#ifndef TESTS_SANDBOX_SOQL_TREE_H
#define TESTS_SANDBOX_SOQL_TREE_H

#include "tests/sandbox/soql.h"

enum op {
    OP_AND,
    OP_OR,
    OP_NOT,
    OP_EQ,
    OP_NE,
    OP_LT,
    OP_LE,
    OP_GT,
    OP_GE,
    OP_LIKE,
    OP_IN,
    OP_NOT_IN
};
struct literal {
    enum soql_type type; /* SOQL_UNKNOWN: null */
    char *text;          /* a string; owned */
    double number;
};
struct node {
    enum op op;
    int first, next; /* of AND, OR, NOT: a list of nodes; -1: none, no more */
    struct soql_column column;
    struct literal *values; /* several: IN, sorted */
    size_t n_values, values_size;
};
struct item {
    struct soql_column column; /* a TYPEOF: its relation */
    bool is_typeof;
};
struct branch {
    size_t item;
    char type[SOQL_NAME_SIZE]; /* "": ELSE */
    struct soql_column column;
};
struct order {
    struct soql_column column;
    bool is_desc, nulls_last;
};
struct soql {
    const struct soql_source *source;
    char object[SOQL_NAME_SIZE];
    struct item *items;
    size_t n_items, items_size;
    struct branch *branches;
    size_t n_branches, branches_size;
    struct node *nodes;
    size_t n_nodes, nodes_size;
    struct order *orders;
    size_t n_orders, orders_size;
    int root; /* -1: no WHERE */
    bool is_count;
    long limit, offset;
};
struct parser {
    const char *s;
    struct soql *q;
    struct soql_error *err;
    bool is_bad;
};

/* ---- soql.c ---- */

/* p, which is not NULL: out of memory ends the process. */
void *soql_memory(void *p);
/* One more zeroed element at the end of an array; returns it. */
#define SOQL_ADD(array, n, size)                                               \
    soql_add((void **)&(array), &(n), &(size), sizeof(*(array)))
void *soql_add(void **array, size_t *n, size_t *size, size_t each);

/* ---- soql_lex.c ---- */

/* -1; the first call fills *p->err, the others change nothing. */
int soql_bad(struct parser *p, const char *code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* -1; the token at hand should not be there. */
int soql_unexpected(struct parser *p);
void soql_blanks(struct parser *p);
/* Is this word (any case) or mark next? Then it is taken. */
bool soql_word(struct parser *p, const char *word);
bool soql_mark(struct parser *p, const char *mark);
/* A field or an object; false: there is none, and p is bad. */
bool soql_name(struct parser *p, char out[SOQL_NAME_SIZE]);
/* -1: no number, and p is bad. */
long soql_count(struct parser *p);
/* One more of the node's values. false: p is bad. */
bool soql_literal(struct parser *p, struct node *node);

/* ---- soql_check.c ---- */

/* Fill all columns; p is bad when a name or a literal is no good. */
void soql_check(struct parser *p);

/* ---- soql_match.c ---- */

/* Of two struct literal, for qsort() and bsearch(): nulls first; texts without
 * regard to case. */
int soql_compare(const void *a, const void *b);

#endif
