// Which half of a union a row of SQLite's EXPLAIN QUERY PLAN belongs to.
#ifndef TEST_SUPPORT_PLAN_HALF_H
#define TEST_SUPPORT_PLAN_HALF_H

#include <string.h>

// Of a union the first half comes in the order of an index. The second may be sorted when
// its outermost loop is over those who have several ids, who are few: both are merged.
typedef enum { FIRST_HALF, SECOND_BEGINS, SECOND_OF_FEW, SECOND_OF_MANY } plan_half;

static inline plan_half plan_half_after(plan_half before, const char *detail)
{
    if (strcmp(detail, "RIGHT") == 0)
        return SECOND_BEGINS;
    if (before != SECOND_BEGINS ||
        (strncmp(detail, "SCAN ", 5) != 0 && strncmp(detail, "SEARCH ", 7) != 0))
        return before;
    return strstr(detail, " INDEX alias_") != NULL ? SECOND_OF_FEW : SECOND_OF_MANY;
}

#endif
