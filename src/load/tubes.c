// A laboratory's list of its tubes: when each was received (tube.received) and what came
// of it (tube.resulted, result.corrected), without anybody's name: what a laboratory may
// say by itself. Whose samples are in a tube was said where it was filled; columns that
// say so here are left out.
#include "load/tube_facts.h"

typedef enum { TUBE, RESULT, RESULTED, RECEIVED, LAB, CT, FIELDS_COUNT } field;

#define NAMED(name_, type_, zh_, en_)                                                    \
    .name = (name_), .type = (type_), .unit = "", .zh = (zh_), .en = (en_)

static const wf_column columns[] = {
    [TUBE] = {NAMED("tube", WF_COLUMN_ID, "采样管编号", "the tube's id"),
              .bytes_max = WF_ID_BYTES_MAX, .required = true},
    [RESULT] = {NAMED("result", WF_COLUMN_WORD, "结果", "result"),
                .words = wf_tube_result_words, .required = true},
    [RESULTED] = {NAMED("resulted", WF_COLUMN_TIME, "出结果时间", "when it was resulted"),
                  .required = true},
    [RECEIVED] = {NAMED("received", WF_COLUMN_TIME, "实验室接收时间",
                        "received by the laboratory")},
    [LAB] = {NAMED("lab", WF_COLUMN_TEXT, "检测机构", "laboratory"),
             .bytes_max = WF_TUBE_LAB_BYTES_MAX},
    [CT] = {NAMED("ct", WF_COLUMN_NUMBER, "Ct 值", "Ct value"), .min = 0,
            .max = WF_TUBE_CT_MAX},
};
static const wf_register_table table = {"tubes", columns, FIELDS_COUNT};

static const char *wrong(const wf_value *values, const char **ret_field)
{
    // A date alone is its first instant: only what lies a whole day before is wrong.
    if (!values[RECEIVED].given ||
        values[RESULTED].number + 24 * 60 * WF_US_PER_MINUTE > values[RECEIVED].number)
        return NULL;
    *ret_field = columns[RESULTED].name;
    return "import.end_before_start";
}

// A mistyped tube is one that nobody filled; so is one whose sampler was not online yet.
static const char *doubt(const wf_stood_rows *stand, const wf_value *values,
                         const char **ret_field)
{
    const wf_stood *tube = wf_tube_stood(&stand[0], values[TUBE].text);
    *ret_field = columns[TUBE].name;
    if (tube == NULL || !wf_stood_value(&stand[0], tube, "first_collected_at")->given)
        return "import.tube_unknown";
    if (!wf_stood_value(&stand[0], tube, "sealed_at")->given)
        return "import.tube_open";
    const wf_value *result = wf_stood_value(&stand[0], tube, "result");
    const wf_value *result_at = wf_stood_value(&stand[0], tube, "result_at");
    *ret_field = columns[RESULT].name;
    return result->given && result_at->given &&
                   result_at->number > values[RESULTED].number &&
                   !wf_text_equal(result->text, values[RESULT].text)
               ? "import.result_older"
               : NULL;
}

static void facts(const wf_stood_rows *stand, const wf_kinds *kinds,
                  const wf_value *values, weft_time at, wf_row_facts *ret)
{
    const wf_tube_row row = {.tube = values[TUBE],
                             .received = values[RECEIVED],
                             .result = values[RESULT],
                             .resulted = values[RESULTED],
                             .lab = values[LAB],
                             .ct = values[CT]};
    wf_tube_facts(stand == NULL ? NULL : &stand[0], kinds, &row, at, ret);
}

const wf_fact_list wf_list_tubes = {
    .table = &table,
    .outbreak = SIZE_MAX,
    .stand = {WF_STOOD_TUBES(TUBE)},
    .wrong = wrong,
    .doubt = doubt,
    .contradicts = true,
    .about = {TUBE, RESULTED},
    .says = RESULT,
    .facts = facts,
};
