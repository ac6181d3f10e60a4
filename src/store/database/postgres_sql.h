// SQL with parameters :name, in PostgreSQL's form: $1 for the first name that appears,
// the same number wherever it appears again.
//
// A colon within a string, a quoted name, a comment, or of a cast (::) is none. Names are
// letters, digits and "_".
#ifndef WF_STORE_POSTGRES_SQL_H
#define WF_STORE_POSTGRES_SQL_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    char *text;
    char **names; // without ":"; number i is $(i + 1)
    size_t names_count;
} wf_postgres_sql;

// False: no memory; then *ret is empty.
bool wf_postgres_sql_read(const char *sql, wf_postgres_sql *ret);
void wf_postgres_sql_done(wf_postgres_sql *sql);
// −1: none of that name.
int wf_postgres_sql_find(const wf_postgres_sql *sql, const char *name);

#endif
