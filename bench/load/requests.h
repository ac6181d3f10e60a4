// The requests of the streams. What a fact says follows from its device and number alone
// (of members and waves: from its place in the whole), so that a later run can say the
// same again.
#ifndef WEFT_BENCH_REQUESTS_H
#define WEFT_BENCH_REQUESTS_H

#include "load/stream.h"

// Into client->line.request; false: no memory.
bool requests_make(stream *of, stream_client *client);
bool requests_are_facts(stream_makes makes);

#endif
