#include "load/tube_facts.h"

const char *const wf_tube_result_words[] = {"negative", "positive", "grey", "invalid",
                                            NULL};

const wf_stood *wf_tube_stood(const wf_stood_rows *tubes, wf_text tube)
{
    return tubes == NULL ? NULL : wf_stood_find(tubes, tube, (wf_text){NULL, 0});
}

static void received(const wf_stood_rows *tubes, const wf_stood *stood,
                     const wf_kinds *kinds, const wf_tube_row *row, wf_row_facts *to)
{
    if (!row->received.given ||
        (stood != NULL && wf_stood_says(tubes, stood, "received_at", &row->received)))
        return;
    wf_fact *fact =
        wf_fact_row_add(to, kinds, "tube.received", (weft_time){row->received.number});
    wf_fact_row_set(fact, "tube", row->tube);
    wf_fact_row_set(fact, "lab", row->lab);
}

static bool result_stands(const wf_stood_rows *tubes, const wf_stood *stood,
                          const wf_tube_row *row)
{
    return stood != NULL && wf_stood_says(tubes, stood, "result", &row->result) &&
           wf_stood_says(tubes, stood, "result_at", &row->resulted) &&
           wf_stood_says(tubes, stood, "lab", &row->lab) &&
           wf_stood_says(tubes, stood, "ct", &row->ct);
}

static void resulted(const wf_stood_rows *tubes, const wf_stood *stood,
                     const wf_kinds *kinds, const wf_tube_row *row, weft_time at,
                     wf_row_facts *to)
{
    if (!row->result.given || result_stands(tubes, stood, row))
        return;
    weft_time when = row->resulted.given ? (weft_time){row->resulted.number} : at;
    const wf_value *result =
        stood == NULL ? NULL : wf_stood_value(tubes, stood, "result");
    const wf_value *result_at =
        stood == NULL ? NULL : wf_stood_value(tubes, stood, "result_at");
    bool has = result != NULL && result->given && result_at->given;
    bool is_other = has && !wf_text_equal(result->text, row->result.text);
    // Another result than the one that stands corrects it, unless it is the older one.
    bool corrects = is_other && result_at->number <= when.us;
    wf_fact *fact =
        wf_fact_row_add(to, kinds, corrects ? "result.corrected" : "tube.resulted", when);
    wf_fact_row_set(fact, "tube", row->tube);
    wf_fact_row_set(fact, "result", row->result);
    wf_fact_row_set(fact, "lab", row->lab);
    wf_fact_row_set(fact, "ct", row->ct);
    // The row of a tube holds its newest result: whether an older one was told before
    // only the ledger knows.
    if (has && result_at->number >= when.us)
        to->asked = fact;
    if (is_other && result_at->number == when.us)
        to->stays_other = "import.result_other";
}

void wf_tube_facts(const wf_stood_rows *tubes, const wf_kinds *kinds,
                   const wf_tube_row *row, weft_time at, wf_row_facts *to)
{
    const wf_stood *stood = wf_tube_stood(tubes, row->tube.text);
    received(tubes, stood, kinds, row, to);
    resulted(tubes, stood, kinds, row, at, to);
}
