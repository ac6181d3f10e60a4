// The words of a SELECT: enough to drop its comments, to refuse what the two engines do
// not share (DESIGN §3), and to find its parameters. Only for files of src/store/query.
#ifndef WF_STORE_QUERY_SQL_WORDS_H
#define WF_STORE_QUERY_SQL_WORDS_H

#include "base/arena.h"

typedef enum {
    WF_SQL_WORD,      // SELECT, tube, max
    WF_SQL_QUOTED,    // "tube", with its quotes
    WF_SQL_STRING,    // 'positive', with its quotes
    WF_SQL_NUMBER,    // 12
    WF_SQL_PARAMETER, // :now, without the colon
    WF_SQL_MARK       // any other character
} wf_sql_word_kind;

typedef struct {
    wf_sql_word_kind kind;
    wf_text text;
} wf_sql_word;

// Takes the next word from *rest, past blanks and comments. False at the end, and
// where a quote is not closed (then *rest is not empty).
bool wf_sql_word_next(wf_text *rest, wf_sql_word *ret);

// Keywords and functions are compared without case.
bool wf_sql_word_is(wf_sql_word word, const char *lower);

// A copy without comments and blanks at its ends, ended by NUL; NULL when out of memory.
const char *wf_sql_without_comments(wf_text sql, wf_arena *arena);

// True for one SELECT of the shared subset; else what is wrong with it is in `why`.
bool wf_sql_is_shared(const char *sql, char *why, size_t why_size);

#endif
