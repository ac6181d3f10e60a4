// Lists whose rows become facts that the city judges: contacts, follow-ups, results,
// tubes.
//
// A row becomes one fact or several, which are judged as those that are posted (a contact
// of oneself, a case that is none). It is taken whole or refused whole; of what stands
// already, or was said by an earlier row of the same delivery, nothing is made again: a
// row that says nothing else is had. Only for files of src/load.
#ifndef WF_LOAD_FACT_ROWS_H
#define WF_LOAD_FACT_ROWS_H

#include "base/hash_set.h"
#include "load/feed.h"

#define WF_ROW_FACTS_MAX 8
#define WF_STANDINGS_MAX 4
#define WF_STANDING_KEYS 2

typedef struct {
    wf_fact facts[WF_ROW_FACTS_MAX];
    size_t count;
    // The one of them that may have been told before, which what stands cannot say: the
    // ledger is asked. NULL: none. Where it was told, and another stands beside it all
    // the same, `stays_other` (a code of the catalogue, or NULL) is what its sender is
    // asked.
    const wf_fact *asked;
    const char *stays_other;
} wf_row_facts;

// Rows of a table as they stand when a list is put, in the order of two of its columns.
typedef struct {
    wf_text key[WF_STANDING_KEYS];
    // In the order of the table's columns; NULL where only the keys were read.
    const wf_value *values;
} wf_stood;

typedef struct {
    const wf_table *table;
    size_t key[WF_STANDING_KEYS]; // columns
    size_t about;                 // column
    const wf_hash_set *wanted;    // what the list has there, by hashes with `seed`
    uint64_t seed;
    wf_stood *all;
    size_t count, capacity;
    wf_arena *arena;
} wf_stood_rows;

// Which table, by a kind that makes its rows and its place among what that kind makes,
// and by which two columns its rows are found; a NULL column: by the first alone. Of its
// rows only those are held whose `about` is what some row of the list has in `field`.
typedef struct {
    const char *kind;
    size_t projection;
    const char *key[WF_STANDING_KEYS];
    const char *about;
    size_t field;
} wf_stood_of;

typedef struct {
    const wf_register_table *table; // the columns, as docs/reference/import.md has them
    size_t outbreak;                // which column is the outbreak; SIZE_MAX: none
    bool needs_outbreak;            // refused where it is not said and cannot be known
    bool names_case;                // its first column is a case, by any of its numbers
    wf_stood_of stand[WF_STANDINGS_MAX]; // kind NULL: none

    // What is wrong with a row whose values are right one by one: a code of the
    // catalogue, the field at fault; NULL: nothing.
    const char *(*wrong)(const wf_value *values, const char **ret_field);

    // What a row that is taken and looks wrong is to be asked about, by what stands: a
    // code of the catalogue, the field; NULL: nothing. It looks at what the sender may
    // speak of alone: asked where rows are put, and never by a preview. Function NULL: no
    // list asks.
    const char *(*doubt)(const wf_stood_rows *stand, const wf_value *values,
                         const char **ret_field);

    // Whether rows that agree in the columns `about` (ids, words or times) and differ in
    // `says` contradict each other (load/contradict.h).
    bool contradicts;
    size_t about[2], says;

    // Of which one of `stand` the ledger is asked for what was told before.
    size_t ledger;

    // The facts of a row that do not stand. `stand` NULL: nothing does. `at`: of what the
    // row does not say when. Texts are borrowed; ids are left empty.
    void (*facts)(const wf_stood_rows *stand, const wf_kinds *kinds,
                  const wf_value *values, weft_time at, wf_row_facts *ret);

    // Of a row whose case goes by another id than the row names it by: facts that take
    // back what an earlier list said under that name `was`. Function NULL: nothing.
    void (*moved)(const wf_stood_rows *stand, const wf_kinds *kinds,
                  const wf_value *values, wf_text was, weft_time at, wf_row_facts *ret);
} wf_fact_list;

extern const wf_fact_list wf_list_contacts;  // contacts.c
extern const wf_fact_list wf_list_followups; // followups.c
extern const wf_fact_list wf_list_results;   // results.c
extern const wf_fact_list wf_list_tubes;     // tubes.c

// The list of a kind; NULL: its rows are no facts of this sort.
const wf_fact_list *wf_fact_list_of(weft_import_kind kind);

// ---- for the lists ----

// Begins one more fact of a row.
wf_fact *wf_fact_row_add(wf_row_facts *to, const wf_kinds *kinds, const char *kind,
                         weft_time at);
void wf_fact_row_set(wf_fact *fact, const char *name, wf_value value);
// The values of a row of a register as its kind's fields, by their names: the kind begins
// with the columns of the first files, and has those that came later at its end. Fields
// that the file has no column for stay as they are.
void wf_fact_row_of_register(const wf_register_table *table, const wf_value *values,
                             wf_fact *to);
// A time and its word go together: "import.empty" and the field that lacks, or NULL.
const char *wf_fact_row_lacks(const wf_column *columns, const wf_value *values,
                              size_t when, size_t what, const char **ret_field);
// The first of the rows with this key; NULL: none. Those with the same first key follow
// one another up to `of->all + of->count`.
const wf_stood *wf_stood_find(const wf_stood_rows *of, wf_text first, wf_text second);
const wf_value *wf_stood_value(const wf_stood_rows *of, const wf_stood *found,
                               const char *column);
// Whether the column stands as `value` says; what is not given says nothing.
bool wf_stood_says(const wf_stood_rows *of, const wf_stood *found, const char *column,
                   const wf_value *value);

// ---- for imports ----

void wf_fact_rows_free(wf_fact_rows *rows); // NULL does nothing

// Gathers the rows of a block; any one thread. All are in memory until the end: such
// lists are of thousands, and beyond 256 MiB it is WEFT_TOO_LARGE.
weft_status wf_fact_rows_block(wf_feed *feed, const wf_load_block *block,
                               weft_error *error) WEFT_MUST_CHECK;

// The sheaf (store/sheaf.h) that the facts go to, by the thread that writes the store.
// The feed has it, and frees it.
weft_status wf_fact_rows_begin(wf_feed *feed, weft_error *error) WEFT_MUST_CHECK;
// All rows are gathered: judges them and adds their facts to the sheaf; what is refused
// joins the feed's refused rows. By any one thread, beside posts.
weft_status wf_fact_rows_put(wf_feed *feed, weft_error *error) WEFT_MUST_CHECK;

#endif
