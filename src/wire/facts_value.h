// Texts as values of fields: what lines and the command line share. Only for facts….c.
#ifndef WF_WIRE_FACTS_VALUE_H
#define WF_WIRE_FACTS_VALUE_H

#include "wire/facts.h"

// Ends with WEFT_BAD_INPUT and names the field.
weft_status wf_facts_wrong(weft_error *error, const char *field, const char *code);
// The same for a key that is not known. Its name comes from outside: it is named when it
// looks like a field's, so that nothing that identifies is repeated.
weft_status wf_facts_wrong_key(weft_error *error, wf_text key, const char *code);

// A text that is not empty as the value of a field of type ID, PERSON, PLACE, TEXT, WORD,
// DATE or TIME; `text` has to stand as long as the value. Ranges are left to the check.
weft_status wf_facts_from_text(const wf_kind *kind, const wf_column *field,
                               const wf_zone *zone, wf_text text, wf_value *ret,
                               weft_error *error) WEFT_MUST_CHECK;

#endif
