// Lists of the register in the columns of those whom they go to, and templates of lists.
//
// What is written reads back with the same mapping by weft_import as the same rows, as
// far as its columns can carry them. Rows are in the order of their ids; a drill's list
// begins with "演练 DRILL", which no real city takes. Everything else as weft/export.h.
#ifndef WEFT_LISTS_H
#define WEFT_LISTS_H

#include "weft/export.h"
#include "weft/import.h"

typedef struct {
    weft_export_format format;
    const char *mapping; // path of a mapping file, which is read backwards
    const char *profile; // or the name of one that comes with Weft: "who", "godata"; both
                         // NULL: the columns of the plain CSV
    bool is_template;    // no rows but one that is an example, and refused when imported
    bool is_english; // the titles of a template in the columns of the plain CSV, which
                     // an import knows by its Chinese and its English titles
    // Told what the columns of a mapping or a profile do not carry: so many values of a
    // field have no column or word there (`lost`), or come back as others (`changed`); of
    // "" so many rows that stay out (`lost`), for they would come back as a
    // follow-up that reached somebody who was not. NULL: nothing is told.
    void (*not_carried)(void *context, const char *field, uint64_t lost,
                        uint64_t changed);
    void *context;
} weft_list_options;

// Writes the persons, places, cases, contacts, follow-ups, results or tubes (of a
// template: any table) to `path`, beside it first. No such profile: WEFT_NOT_FOUND.
// Memory: all rows, some hundred bytes each.
weft_status weft_list_write(weft_city *city, weft_import_kind kind,
                            const weft_list_options *options, const char *path,
                            uint64_t *ret_rows, weft_error *error) WEFT_MUST_CHECK;

// For programs of statistics: linelist.csv (cases/cases), contacts.csv
// (tracing/contacts), unidentified.csv (tracing/unidentified: contacts of whom nobody
// knew who they are, once it is known with who), followups.csv (tracing/followups),
// persons.csv (register/persons) and dictionary.csv, which says of each column its file,
// name, R class, unit and titles, in `folder`, which is made (0700). One row of names,
// UTF-8 without a mark, NA for what is not known, dates and times in ISO 8601, TRUE and
// FALSE; every row says in `drill` whether its people are invented. Names, phones,
// documents, households, needs and descriptions are left out. `told` gets each table as
// it is done.
weft_status weft_export_for_r(weft_city *city, const char *folder,
                              void (*told)(void *context, const char *file,
                                           uint64_t rows),
                              void *context, weft_error *error) WEFT_MUST_CHECK;

#endif
