// Numbers of the city's dictionary for the ids of persons and places, as the store asks
// for them: the dictionary lives in the visit store, which is the store's sibling.
#ifndef WF_STORE_NUMBERS_H
#define WF_STORE_NUMBERS_H

#include "model/columns.h"

// Numbers of the city's dictionary for the ids of persons and places: texts of persons
// never stand in a table.
typedef struct {
    // Of `count` texts; made if new. type: WF_COLUMN_PERSON or WF_COLUMN_PLACE.
    weft_status (*intern)(void *context, wf_column_type type, const wf_text *texts,
                          size_t count, uint32_t *ret, weft_error *error);
    // Makes interned ids durable: called before the rows that use them are committed.
    // `between` (may be NULL) is called between its steps, each of which waits for the
    // disk; it must not intern.
    weft_status (*commit)(void *context, void (*between)(void *between_context),
                          void *between_context, weft_error *error);
    // The number of a text, WF_NUMBER_NONE when it has none.
    uint32_t (*find)(void *context, wf_column_type type, wf_text text);
    // The text of a number, valid until the next intern.
    wf_text (*text_of)(void *context, wf_column_type type, uint32_t number);
    void *context;
} wf_numbers;

#endif
