#include "load/called.h"

#include <string.h>

#include "model/place_kind.h"

#define WORD(from, to)                                                                   \
    {                                                                                    \
        {from, sizeof from - 1},                                                         \
        {                                                                                \
            to, sizeof to - 1                                                            \
        }                                                                                \
    }

// ---- words ----

static const wf_mapping_word sexes[] = {WORD("女", "female"), WORD("男", "male"),
                                        WORD("其他", "other"), WORD("F", "female"),
                                        WORD("M", "male")};
static const wf_mapping_word classifications[] = {WORD("疑似", "suspected"),
                                                  WORD("可能病例", "probable"),
                                                  WORD("临床诊断", "probable"),
                                                  WORD("确诊", "confirmed"),
                                                  WORD("无症状感染者", "asymptomatic"),
                                                  WORD("无症状", "asymptomatic"),
                                                  WORD("排除", "not_a_case")};
static const wf_mapping_word answers[] = {WORD("是", "yes"), WORD("有", "yes"),
                                          WORD("否", "no"), WORD("无", "no")};
static const wf_mapping_word levels[] = {
    WORD("密接", "close"),         WORD("密切接触者", "close"),
    WORD("次密接", "secondary"),   WORD("密接的密接", "secondary"),
    WORD("一般接触者", "general"), WORD("一般接触", "general")};
static const wf_mapping_word ways[] = {WORD("电话", "phone"),    WORD("上门", "visit"),
                                       WORD("短信", "message"),  WORD("信函", "letter"),
                                       WORD("书面", "letter"),   WORD("其他", "other"),
                                       WORD("其他方式", "other")};
static const wf_mapping_word wheres[] = {
    WORD("集中隔离", "site"),    WORD("集中隔离点", "site"), WORD("隔离点", "site"),
    WORD("医院", "hospital"),    WORD("居家隔离", "home"),   WORD("居家", "home"),
    WORD("外地", "other_region")};
static const wf_mapping_word dismissals[] = {
    WORD("未接触", "no_contact"), WORD("不在传染期", "outside_window"),
    WORD("不是本人", "wrong_person"), WORD("在外地", "other_region"),
    WORD("病例已排除", "no_case")};
static const wf_mapping_word outcomes[] = {
    WORD("已联系上", "reached"),   WORD("联系上", "reached"),
    WORD("无人接听", "no_answer"), WORD("号码不对", "wrong_number"),
    WORD("拒绝", "refused"),       WORD("不在", "not_there"),
    WORD("其他", "other")};
static const wf_mapping_word results[] = {
    WORD("阴性", "negative"),     WORD("阴", "negative"),
    WORD("未检出", "negative"),   WORD("Negative", "negative"),
    WORD("NEGATIVE", "negative"), WORD("阳性", "positive"),
    WORD("阳", "positive"),       WORD("检出", "positive"),
    WORD("Positive", "positive"), WORD("POSITIVE", "positive"),
    WORD("灰区", "grey"),         WORD("可疑", "grey"),
    WORD("无效", "invalid"),      WORD("Invalid", "invalid"),
    WORD("INVALID", "invalid")};
// Where no curve rose there is no value.
static const wf_mapping_word no_values[] = {
    WORD("-", ""),     WORD("--", ""),     WORD("/", ""),
    WORD("无", ""),    WORD("未检出", ""), WORD("NoCt", ""),
    WORD("No Ct", ""), WORD("N/A", ""),    WORD("NA", "")};
static const wf_mapping_word place_kinds[] = {
#define X(name, word, zh, en) WORD(zh, word),
    WF_PLACE_KIND_TABLE(X)
#undef X
};

#define OF(field, words)                                                                 \
    {                                                                                    \
        field, words, sizeof(words) / sizeof *(words)                                    \
    }
static const struct {
    const char *field;
    const wf_mapping_word *words;
    size_t count;
} words_of[] = {OF("sex", sexes),           OF("classification", classifications),
                OF("symptomatic", answers), OF("guessed", answers),
                OF("ventilation", answers), OF("level", levels),
                OF("reached_by", ways),     OF("how", ways),
                OF("placed_in", wheres),    OF("dismissed_for", dismissals),
                OF("outcome", outcomes),    OF("result", results),
                OF("ct", no_values),        OF("kind", place_kinds)};

// ---- titles ----

static const wf_mapping_called visit_titles[] = {
    [VISIT_PERSON] = {.zh = "人员编号", .en = "the person's id"},
    [VISIT_PLACE] = {.zh = "场所编号", .en = "the place's id"},
    [VISIT_START] = {.zh = "到达时间", .en = "arrived"},
    [VISIT_END] = {.zh = "离开时间", .en = "left"},
    [VISIT_SEAT] = {.zh = "座位或分区", .en = "seat or part of the place"},
    [VISIT_GUESSED] = {.zh = "离开时间为估计", .en = "the end is a guess"},
};
static const wf_mapping_called meet_titles[] = {
    [MEET_A] = {.zh = "一方人员编号", .en = "id of one person"},
    [MEET_B] = {.zh = "另一方人员编号", .en = "id of the other person"},
    [MEET_START] = {.zh = "开始时间", .en = "from"},
    [MEET_END] = {.zh = "结束时间", .en = "until"},
    [MEET_SETTING] = {.zh = "场合", .en = "setting"},
};

static void add_words(const char *field, wf_mapping_called *called)
{
    for (size_t i = 0; i < sizeof words_of / sizeof *words_of; i++)
        if (strcmp(words_of[i].field, field) == 0) {
            called->words = words_of[i].words;
            called->words_count = words_of[i].count;
        }
}

void wf_load_called_of(weft_import_kind kind,
                       wf_mapping_called ret[WF_MAPPING_FIELDS_MAX])
{
    if (kind == WEFT_IMPORT_ENCOUNTERS) {
        memcpy(ret, meet_titles, sizeof meet_titles);
    } else if (kind == WEFT_IMPORT_VISITS) {
        memcpy(ret, visit_titles, sizeof visit_titles);
        add_words("guessed", &ret[VISIT_GUESSED]);
    } else if (kind != WEFT_IMPORT_FACTS) {
        const wf_register_table *table = wf_load_table_of(kind);
        for (size_t i = 0; i < table->columns_count; i++) {
            ret[i] = (wf_mapping_called){.zh = table->columns[i].zh,
                                         .en = table->columns[i].en};
            add_words(table->columns[i].name, &ret[i]);
        }
    }
}

static bool is_chinese(wf_text text)
{
    return text.size > 0 && (unsigned char)text.bytes[0] >= 0x80;
}

wf_text wf_load_called_word(const wf_mapping_called *called, wf_text word, bool is_zh)
{
    for (size_t i = 0; is_zh && i < called->words_count; i++)
        if (wf_text_equal(called->words[i].to, word) && is_chinese(called->words[i].from))
            return called->words[i].from;
    return word;
}
