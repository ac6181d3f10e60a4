// What the columns of a list, and the words in them, are called by people: titles in
// Chinese and in English beside the names of the fields, and words as they are written
// (女, 阳性) beside ours. A template that was filled in is read by them without a
// mapping.
#ifndef WF_LOAD_CALLED_H
#define WF_LOAD_CALLED_H

#include "load/record.h"

// What the columns of a kind are called, parallel to its fields; at most
// WF_MAPPING_FIELDS_MAX. Of facts, which are no table, nothing.
void wf_load_called_of(weft_import_kind kind,
                       wf_mapping_called ret[WF_MAPPING_FIELDS_MAX]);

// The first of the words that people of the language write for `word`; `word` itself
// where it is written so.
wf_text wf_load_called_word(const wf_mapping_called *called, wf_text word, bool is_zh);

#endif
