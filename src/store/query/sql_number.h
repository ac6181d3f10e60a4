// Numbers of the protocol as questions in SQL take them. Only for files of src/store.
#ifndef WF_STORE_QUERY_SQL_NUMBER_H
#define WF_STORE_QUERY_SQL_NUMBER_H

#include "model/protocol.h"
#include "store/database/database.h"
#include "store/query/sql_file.h"

// Durations are whole µs (`number`), others as they are (`real`). Not given where the
// edition says nothing of it.
typedef struct {
    bool given, is_duration;
    int64_t number;
    double real;
} wf_sql_number;

// Of the file's numbers, in their order.
void wf_sql_numbers_of(const wf_sql_file *file, const wf_protocol *protocol,
                       wf_sql_number ret[WF_SQL_LIST_MAX]);
void wf_sql_numbers_bind(const wf_sql_file *file,
                         const wf_sql_number numbers[WF_SQL_LIST_MAX],
                         wf_statement *statement);

#endif
