// By which numbers cases go: each by its own id, and some by others (case.reported:
// known_as, known_as_too). A list that names a case by one of those is of that case, as
// long as no other case goes by it; who is meant is never guessed.
#ifndef WF_LOAD_CASE_NUMBERS_H
#define WF_LOAD_CASE_NUMBERS_H

#include "load/import.h"

typedef struct wf_case_numbers wf_case_numbers;

typedef enum {
    WF_CASE_UNKNOWN, // nobody has reported a case of this number
    WF_CASE_OWN,     // it is the id of a case, and of none another number
    WF_CASE_OTHER,   // it is another number of one case
    WF_CASE_SHARED,  // it is the id of a case, and another number of another one
    WF_CASE_SEVERAL  // it is another number of several cases, and no id
} wf_case_named;

// What stands now: of all cases, and of those that contacts are of. By the thread that
// writes the store; up to 1 GiB, beyond it WEFT_TOO_LARGE. The caller frees it.
weft_status wf_case_numbers_read(const wf_import_city *city, wf_case_numbers **ret,
                                 weft_error *error) WEFT_MUST_CHECK;
void wf_case_numbers_free(wf_case_numbers *numbers); // NULL does nothing

// *ret_case: the case's id where the answer is WF_CASE_OTHER, borrowed until the numbers
// are freed; else `number` itself.
wf_case_named wf_case_numbers_find(const wf_case_numbers *numbers, wf_text number,
                                   wf_text *ret_case);

// What a row that names its case so is to be asked about: a code of the catalogue, of the
// column of the case; NULL: nothing. A list that names its cases otherwise than the list
// of cases does joins nothing: the case would have no contacts.
const char *wf_case_named_doubt(wf_case_named named);

// Makes a row of a list of cases one of the case that its own id is another number of:
// true where it is (WF_CASE_OTHER). `person` that is the same number again was made from
// it, and says nothing any more. The new id is borrowed until the numbers are freed.
bool wf_case_numbers_join(const wf_case_numbers *numbers, wf_value *of, wf_value *person);

// What a report of a case (case.reported) is to be asked about, by what stands and what
// was noted before it; NULL: nothing, else a code of the catalogue and the field:
//   case.number_second   its own id is another number of one case: it is a second one
//   case.number_shared   a number of it is one of another case too
//   case.contacts_wait   contacts stand under another number of it; their list joins when
//                        it is imported once more
// Then notes the report's numbers. Any one thread.
weft_status wf_case_numbers_note(wf_case_numbers *numbers, const wf_fact *report,
                                 const char **ret_code, const char **ret_field,
                                 weft_error *error) WEFT_MUST_CHECK;

// How many contacts stand under other numbers of a report of a case that are nobody's own
// id; those under one number are told once.
uint64_t wf_case_numbers_waiting(wf_case_numbers *numbers, const wf_fact *report);

#endif
