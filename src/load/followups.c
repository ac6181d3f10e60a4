// A list of follow-ups: each row is one time that somebody tried to speak to a contact.
// They were reached (contact.reached, with whether they have symptoms), or not
// (contact.attempted, with why). What stands is found in the table of contact's visits,
// so that the same list twice, or a list of what was posted here, counts no attempt
// twice.
#include "load/fact_rows.h"

typedef enum { PERSON, AT, OUTCOME, OUTBREAK, HOW, SYMPTOMATIC, FIELDS_COUNT } field;

// The words of the kinds' fields (desk/tracing); a fact is checked by its kind as well.
static const char *const outcome_words[] = {
    "reached", "no_answer", "wrong_number", "refused", "not_there", "other", NULL};
static const char *const how_words[] = {"phone",  "visit", "message",
                                        "letter", "other", NULL};

#define NAMED(name_, type_, zh_, en_)                                                    \
    .name = (name_), .type = (type_), .unit = "", .zh = (zh_), .en = (en_)

static const wf_column columns[] = {
    [PERSON] = {NAMED("person", WF_COLUMN_PERSON, "人员编号", "the contact"),
                .bytes_max = WF_ID_BYTES_MAX, .required = true, .personal = true},
    [AT] = {NAMED("at", WF_COLUMN_TIME, "联系时间", "when"), .required = true},
    [OUTCOME] = {NAMED("outcome", WF_COLUMN_WORD, "联系结果", "what came of it"),
                 .words = outcome_words, .required = true},
    [OUTBREAK] = {NAMED("outbreak", WF_COLUMN_ID, "疫情编号", "the outbreak"),
                  .bytes_max = WF_ID_BYTES_MAX},
    [HOW] = {NAMED("how", WF_COLUMN_WORD, "联系方式", "how"), .words = how_words},
    [SYMPTOMATIC] = {NAMED("symptomatic", WF_COLUMN_YESNO, "是否有症状",
                           "whether they have symptoms")},
};
static const wf_register_table table = {"followups", columns, FIELDS_COUNT};

static bool is_reached(const wf_value *values)
{
    return wf_text_equal(values[OUTCOME].text, WF_TEXT("reached"));
}

// Of whom nobody spoke to nobody knows how they are.
static const char *wrong(const wf_value *values, const char **ret_field)
{
    if (is_reached(values) || !values[SYMPTOMATIC].given)
        return NULL;
    *ret_field = columns[SYMPTOMATIC].name;
    return "import.not_reached";
}

// The list says the day, what stands may say the hour: another time is another visit.
static bool stands_whole(const wf_stood_rows *visits, const wf_value *values)
{
    const wf_value reached = {.given = true, .number = is_reached(values)};
    const wf_value attempt = reached.number ? (wf_value){0} : values[OUTCOME];
    const wf_stood *end = visits->count > 0 ? visits->all + visits->count : NULL;
    const wf_stood *one =
        wf_stood_find(visits, values[OUTBREAK].text, values[PERSON].text);
    for (;
         one != NULL && one < end && wf_text_equal(one->key[0], values[OUTBREAK].text) &&
         wf_text_equal(one->key[1], values[PERSON].text);
         one++)
        if (wf_stood_says(visits, one, "contacted_at", &values[AT]) &&
            wf_stood_says(visits, one, "reached", &reached) &&
            wf_stood_says(visits, one, "attempt", &attempt) &&
            wf_stood_says(visits, one, "how", &values[HOW]) &&
            wf_stood_says(visits, one, "symptomatic", &values[SYMPTOMATIC]))
            return true;
    return false;
}

static void facts(const wf_stood_rows *stand, const wf_kinds *kinds,
                  const wf_value *values, weft_time at, wf_row_facts *ret)
{
    (void)at;
    if (stand != NULL && stands_whole(&stand[0], values))
        return;
    bool reached = is_reached(values);
    wf_fact *fact =
        wf_fact_row_add(ret, kinds, reached ? "contact.reached" : "contact.attempted",
                        (weft_time){values[AT].number});
    wf_fact_row_set(fact, "outbreak", values[OUTBREAK]);
    wf_fact_row_set(fact, "person", values[PERSON]);
    wf_fact_row_set(fact, "how", values[HOW]);
    if (!reached) {
        wf_fact_row_set(fact, "result", values[OUTCOME]);
        return;
    }
    // The kind asks how; a list that does not say leaves it open.
    if (!values[HOW].given)
        wf_fact_row_set(fact, "how", (wf_value){.given = true, .text = WF_TEXT("other")});
    wf_fact_row_set(fact, "symptomatic", values[SYMPTOMATIC]);
}

const wf_fact_list wf_list_followups = {
    .table = &table,
    .outbreak = OUTBREAK,
    .needs_outbreak = true,
    .stand = {{"contact.reached", 1, {"outbreak", "person"}, "person", PERSON}},
    .wrong = wrong,
    .facts = facts,
};
