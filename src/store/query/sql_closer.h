// Which facts close a hole, as its file says ("closed_by", sql_file.h).
#ifndef WF_STORE_QUERY_SQL_CLOSER_H
#define WF_STORE_QUERY_SQL_CLOSER_H

#include "model/fact.h"
#include "store/query/sql_file.h"

// "letter.answered answer=not_found,done". False: there is no such kind, WORD field or
// word.
bool wf_sql_closer_read(wf_text said, const wf_kinds *kinds, wf_sql_closer *ret);

// Whether the fact is one of those that close holes of the file.
bool wf_sql_closes(const wf_sql_file *file, const wf_fact *fact);

#endif
