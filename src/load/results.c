// A list of a laboratory's results: each row is one person's sample, and what became of
// it. The sample was collected (sample.collected), received (tube.received) and resulted
// (tube.resulted); a result that stands otherwise is corrected (result.corrected). Who is
// a contact was tested as one (contact.tested), so that no hole stays open for a swab
// that was taken. Of these only what does not stand is told.
#include "load/tube_facts.h"

typedef enum {
    SAMPLE,
    PERSON,
    COLLECTED,
    SITE,
    ROUND,
    RECEIVED,
    RESULTED,
    RESULT,
    LAB,
    CT,
    OUTBREAK,
    FIELDS_COUNT
} field;

// What is looked up, in the order of wf_list_results.stand.
enum { samples, tubes, judged, followed };
enum { outbreaks_max = 4 };

#define NAMED(name_, type_, zh_, en_)                                                    \
    .name = (name_), .type = (type_), .unit = "", .zh = (zh_), .en = (en_)
#define ID_COLUMN(name_, type_, zh_, en_)                                                \
    NAMED(name_, type_, zh_, en_), .bytes_max = WF_ID_BYTES_MAX

static const wf_column columns[] = {
    [SAMPLE] = {ID_COLUMN("sample", WF_COLUMN_ID, "样本（采样管）编号",
                          "the sample's or the tube's id"),
                .required = true},
    [PERSON] = {ID_COLUMN("person", WF_COLUMN_PERSON, "人员编号", "whose it is"),
                .required = true, .personal = true},
    [COLLECTED] = {NAMED("collected", WF_COLUMN_TIME, "采样时间", "collected"),
                   .required = true},
    [SITE] = {ID_COLUMN("site", WF_COLUMN_PLACE, "采样点编号", "where it was collected")},
    [ROUND] = {ID_COLUMN("round", WF_COLUMN_ID, "检测轮次", "the round")},
    [RECEIVED] = {NAMED("received", WF_COLUMN_TIME, "实验室接收时间",
                        "received by the laboratory")},
    [RESULTED] = {NAMED("resulted", WF_COLUMN_TIME, "出结果时间",
                        "when it was resulted")},
    [RESULT] = {NAMED("result", WF_COLUMN_WORD, "结果", "result"),
                .words = wf_tube_result_words},
    [LAB] = {NAMED("lab", WF_COLUMN_TEXT, "检测机构", "laboratory"),
             .bytes_max = WF_TUBE_LAB_BYTES_MAX},
    [CT] = {NAMED("ct", WF_COLUMN_NUMBER, "Ct 值", "Ct value"), .min = 0,
            .max = WF_TUBE_CT_MAX},
    [OUTBREAK] = {ID_COLUMN("outbreak", WF_COLUMN_ID, "疫情编号",
                            "of which outbreak they are a contact")},
};
static const wf_register_table table = {"results", columns, FIELDS_COUNT};

static const char *wrong(const wf_value *values, const char **ret_field)
{
    static const field beside[] = {RESULTED, CT};
    static const field after[] = {RECEIVED, RESULTED};
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
        if (values[beside[i]].given && !values[RESULT].given) {
            *ret_field = columns[RESULT].name;
            return "import.empty";
        }
    for (size_t i = 0; i < sizeof after / sizeof *after; i++)
        // A date alone is its first instant: only what lies a whole day before is wrong.
        if (values[after[i]].given &&
            values[after[i]].number + 24 * 60 * WF_US_PER_MINUTE <=
                values[COLLECTED].number) {
            *ret_field = columns[after[i]].name;
            return "import.end_before_start";
        }
    return NULL;
}

static void sampled(const wf_stood_rows *stand, const wf_kinds *kinds,
                    const wf_value *values, wf_row_facts *to)
{
    if (stand != NULL) {
        const wf_stood_rows *of = &stand[samples];
        const wf_stood *one = wf_stood_find(of, values[SAMPLE].text, values[PERSON].text);
        if (one != NULL && wf_stood_says(of, one, "collected_at", &values[COLLECTED]) &&
            wf_stood_says(of, one, "site", &values[SITE]) &&
            wf_stood_says(of, one, "round_id", &values[ROUND]))
            return;
    }
    wf_fact *fact = wf_fact_row_add(to, kinds, "sample.collected",
                                    (weft_time){values[COLLECTED].number});
    wf_fact_row_set(fact, "tube", values[SAMPLE]);
    wf_fact_row_set(fact, "person", values[PERSON]);
    wf_fact_row_set(fact, "site", values[SITE]);
    wf_fact_row_set(fact, "round", values[ROUND]);
}

// Whether the work on the contact knows of the swab, and of its result if it is the last.
static bool test_stands(const wf_stood_rows *work, wf_text outbreak,
                        const wf_value *values)
{
    const wf_stood *one = wf_stood_find(work, values[PERSON].text, outbreak);
    if (one == NULL)
        return false;
    const wf_value *first = wf_stood_value(work, one, "tested_at");
    const wf_value *last = wf_stood_value(work, one, "last_tested_at");
    int64_t collected = values[COLLECTED].number;
    return first->given && last->given && first->number <= collected &&
           collected <= last->number &&
           (collected < last->number ||
            wf_stood_says(work, one, "result", &values[RESULT]));
}

static void tested(const wf_stood_rows *stand, const wf_kinds *kinds,
                   const wf_value *values, wf_text outbreak, wf_row_facts *to)
{
    if (stand != NULL && test_stands(&stand[followed], outbreak, values))
        return;
    wf_fact *fact = wf_fact_row_add(to, kinds, "contact.tested",
                                    (weft_time){values[COLLECTED].number});
    wf_fact_row_set(fact, "outbreak", (wf_value){.given = true, .text = outbreak});
    wf_fact_row_set(fact, "person", values[PERSON]);
    wf_fact_row_set(fact, "tube", values[SAMPLE]);
    wf_fact_row_set(fact, "result", values[RESULT]);
}

// Those outbreaks in which the person was found to be a contact, in their order.
static size_t outbreaks_of(const wf_stood_rows *of, wf_text person,
                           wf_text ret[outbreaks_max])
{
    const wf_stood *end = of->count > 0 ? of->all + of->count : NULL;
    const wf_stood *one = wf_stood_find(of, person, (wf_text){NULL, 0});
    size_t count = 0;
    for (; one != NULL && one < end && wf_text_equal(one->key[0], person) &&
           count < outbreaks_max;
         one++) {
        bool again = count > 0 && wf_text_equal(ret[count - 1], one->key[1]);
        if (one->key[1].size > 0 && !again &&
            wf_stood_value(of, one, "confirmed_at")->given)
            ret[count++] = one->key[1];
    }
    return count;
}

static void facts(const wf_stood_rows *stand, const wf_kinds *kinds,
                  const wf_value *values, weft_time at, wf_row_facts *ret)
{
    const wf_tube_row row = {.tube = values[SAMPLE],
                             .received = values[RECEIVED],
                             .result = values[RESULT],
                             .resulted = values[RESULTED],
                             .lab = values[LAB],
                             .ct = values[CT]};
    wf_text outbreaks[outbreaks_max];
    size_t count = 0;
    sampled(stand, kinds, values, ret);
    wf_tube_facts(stand == NULL ? NULL : &stand[tubes], kinds, &row, at, ret);
    if (values[OUTBREAK].given)
        outbreaks[count++] = values[OUTBREAK].text;
    else if (stand != NULL)
        count = outbreaks_of(&stand[judged], values[PERSON].text, outbreaks);
    for (size_t i = 0; i < count; i++)
        tested(stand, kinds, values, outbreaks[i], ret);
}

const wf_fact_list wf_list_results = {
    .table = &table,
    .outbreak = OUTBREAK,
    .stand =
        {[samples] = {"sample.collected", 0, {"tube_id", "person"}, "tube_id", SAMPLE},
         [tubes] = WF_STOOD_TUBES(SAMPLE),
         [judged] = {"contact.confirmed", 0, {"person", "outbreak"}, "person", PERSON},
         [followed] = {"contact.tested", 0, {"person", "outbreak"}, "person", PERSON}},
    .ledger = tubes,
    .wrong = wrong,
    .facts = facts,
};
