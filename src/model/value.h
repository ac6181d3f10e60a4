// One value of a field or a column, as it travels between wire, ledger and tables.
#ifndef WF_MODEL_VALUE_H
#define WF_MODEL_VALUE_H

#include "base/text.h"

// Which fact: a sender's name and its number in the sender's book.
typedef struct {
    wf_text device; // size 0: none
    int64_t seq;    // from 1
} wf_identity;

// Texts are borrowed. `given` false: nothing is said of it (an empty field), which never
// erases.
typedef struct wf_value {
    bool given;
    wf_text text;   // ID, TEXT, WORD, and PERSON, PLACE as they came
    int64_t number; // DATE days, TIME µs UTC, YESNO 0/1, INTEGER; PERSON, PLACE: number
                    // of the dictionary, once they have one
    double real;    // NUMBER
    // Fields that hold a list: a set, its items rising (fact.h), each once; else NULL.
    const struct wf_value *items;
    size_t items_count;
    // FACT: which one.
    wf_identity fact;
} wf_value;

#endif
