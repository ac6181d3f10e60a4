// A law profile: which clauses may found which orders, who decides, how one appeals, how
// long what is kept.
//
// One YAML file a jurisdiction in law/, read in the manner of protocols: whatever it says
// has a source (a key of law/sources.yaml) and a sureness (A to D, model/protocol.h).
// Texts are short and in our own words; what binds is the law itself.
#ifndef WF_MODEL_LAW_H
#define WF_MODEL_LAW_H

#include "model/keep.h"
#include "model/order_kind.h"
#include "model/protocol.h"

typedef struct {
    const char *key;           // "cn-39": what an order names
    wf_both cite;              // where it stands, as a lawyer would write it
    const char *zh, *en;       // what it says, in short
    const char *by_zh, *by_en; // who decides
    uint32_t orders;    // bits 1 << wf_order_kind: what it may found; 0: nothing alone
    wf_number max_days; // longest time of an order; not given: the text gives none
    const char *source;
    wf_both why;
    wf_sureness sureness;
} wf_law_clause;

// On which clause the orders rest that a reaction issues (DESIGN §3).
typedef struct {
    const wf_law_clause *clause; // NULL: the profile gives none, and the rule sends none
    const char *source;
    wf_both why;
    wf_sureness sureness;
} wf_law_reaction;

typedef struct wf_law {
    const char *name; // "cn"
    const char *title_zh, *title_en;
    const char *wording; // which wording the notices have
    const wf_law_clause *clauses;
    size_t clauses_count;
    wf_law_reaction pool_hold;         // the members of a positive pool are held
    wf_number appeal_days;             // counted from when one knows of the order
    const char *appeal_zh, *appeal_en; // to whom
    // Days that bodies are kept, by class, counted from the day of `at`. The law says it
    // of CASE, TESTING, ORDER and ACCOUNT; VISIT is the protocol's; REGISTER stays.
    wf_number keeping_days[WF_KEEP_END];
} wf_law;

// NULL when it has no clause of that key.
const wf_law_clause *wf_law_find(const wf_law *law, wf_text key);
// Whether an order of this kind may rest on the clause.
bool wf_law_founds(const wf_law_clause *clause, wf_order_kind kind);

// Reads a profile; everything in the arena. Errors name file, line, field and what was
// expected: what protocols complain of ("protocol.…"), and "law.…": a clause twice or
// without a name that can be typed, an unknown order, days that are not whole, evidence
// of an order that is forgotten before the time of appeal is over, no clause at all, a
// reaction whose clause is not there or does not found its order.
weft_status wf_law_parse(wf_text yaml, const char *file, const wf_sources *sources,
                         wf_arena *arena, const wf_law **ret,
                         weft_error *error) WEFT_MUST_CHECK;

#endif
