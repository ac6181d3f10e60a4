// Published views: those whose files say "publish: yes" stand in the records' database as
// SQL views "desk_name", so that other desks' SQL may read them.
#ifndef WF_STORE_QUERY_PUBLISH_H
#define WF_STORE_QUERY_PUBLISH_H

#include "store/database/database.h"
#include "store/query/sql_file.h"

// Makes them, in one transaction, in the order of the texts (one may read those before
// it); what was published before and is not among them goes. Does nothing where they
// stand already (a hash of them stands beside them).
weft_status wf_views_publish(wf_database *db, const wf_sql_text *texts, size_t count,
                             const wf_kinds *kinds, weft_error *error) WEFT_MUST_CHECK;

#endif
