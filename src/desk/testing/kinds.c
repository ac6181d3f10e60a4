#include "desk/testing/kinds.h"

#include "desk/declare.h"

enum {
    lab_bytes_max = 63,
    pool_max = 20, // more people in one tube is a slip of the pen
    ct_max = 60
};

static const char *const result_words[] = {"negative", "positive", "grey", "invalid",
                                           NULL};

// ---- tables ----

static const wf_column sample_columns[] = {
    {ID_OF("tube_id", "采样管编号", "the tube's id"), KEY},
    {PERSON_OF("person", "人员编号", "the person's id"), KEY},
    {TIME_OF("collected_at", "采样时间", "collected"), EARLIEST},
    {PLACE_OF("site", "采样点编号", "id of the sampling site")},
    {ID_OF("round_id", "检测轮次", "the round")},
    {GRID_OF("采样所在网格", "grid where it was collected")},
};
const wf_table wf_table_sample = {
    .name = "sample",
    COLUMNS(sample_columns),
    .keys_count = 2,
    .in_digest = true,
    .zh = "一人在一管中的样本",
    .en = "a person's sample in a tube",
};

static const wf_column tube_columns[] = {
    {ID_OF("tube_id", "采样管编号", "the tube's id"), KEY},
    {TIME_OF("first_collected_at", "首个样本时间", "first sample collected"), EARLIEST,
     .indexed = true},
    {TIME_OF("last_collected_at", "末个样本时间", "last sample collected"), LATEST},
    {WHOLE_OF("samples", 0, WHOLE_MAX, "样本数", "samples in it"),
     .merge = WF_MERGE_COUNT},
    {TIME_OF("sealed_at", "封管时间", "sealed"), EARLIEST},
    {WHOLE_OF("stated_count", 1, pool_max, "封管时报的人数",
              "people in it, as stated when it was sealed")},
    {WORD_OF("result", result_words, "结果", "result")},
    {TIME_OF("resulted_at", "首次出结果时间", "first result"), EARLIEST},
    {TIME_OF("result_at", "最近结果时间", "newest result"), LATEST},
    {TEXT_OF("lab", lab_bytes_max, "检测机构", "laboratory")},
    {NAMED("ct", WF_COLUMN_NUMBER, "Ct 值", "Ct value"), .min = 0, .max = ct_max},
    {PLACE_OF("site", "采样点编号", "id of the sampling site")},
    {GRID_OF("采样所在网格", "grid where it was collected")},
    {TIME_OF("received_at", "实验室首次接收时间", "first received by a laboratory"),
     EARLIEST},
    {ID_OF("round_id", "检测轮次", "the round")},
};
const wf_table wf_table_tube = {
    .name = "tube",
    COLUMNS(tube_columns),
    .keys_count = 1,
    .in_digest = true,
    .zh = "采样管",
    .en = "a tube",
};

// What a laboratory said on which day: the first tube that it signed for, the last
// result.
static const wf_column lab_day_columns[] = {
    {TEXT_OF("lab", lab_bytes_max, "检测机构", "laboratory"), KEY},
    {NAMED("day", WF_COLUMN_DATE, "日期", "day"), KEY},
    {TIME_OF("first_received_at", "当日首次接收时间", "first tube received on the day"),
     EARLIEST},
    {TIME_OF("last_resulted_at", "当日末次出结果时间", "last result on the day"), LATEST},
    {GRID_OF("检测机构所在网格", "grid of who said it")},
};
const wf_table wf_table_lab_day = {
    .name = "lab_day",
    COLUMNS(lab_day_columns),
    .keys_count = 2,
    .in_digest = true,
    .zh = "检测机构一天报送的情况",
    .en = "what a laboratory said on a day",
};

// ---- kinds ----

static const wf_column collected_fields[] = {
    {ID_OF("tube", "采样管编号", "the tube's id"), .required = true},
    {PERSON_OF("person", "人员编号", "the person's id"), .required = true},
    {PLACE_OF("site", "采样点编号", "id of the sampling site")},
    {ID_OF("round", "检测轮次", "the round")},
};
static const wf_column_source collected_sample[] = {
    FROM("tube_id", "tube"),     SAME("person"),
    FROM("collected_at", "@at"), SAME("site"),
    FROM("round_id", "round"),   FROM("grid", "@grid"),
};
static const wf_column_source collected_tube[] = {
    FROM("tube_id", "tube"),
    FROM("first_collected_at", "@at"),
    FROM("last_collected_at", "@at"),
    COUNTED("samples"),
    SAME("site"),
    FROM("grid", "@grid"),
    FROM("round_id", "round"),
};
static const wf_projection collected_projections[] = {
    {&wf_table_sample, .each = NULL, SOURCES(collected_sample)},
    {&wf_table_tube, .each = NULL, SOURCES(collected_tube)},
};
// Who stands before a sampler is sampled, wherever they live. A tube of elsewhere is not
// theirs to fill: its results would go astray. Tubes are looked up one by one, and a
// batch of samples has few.
static const wf_naming sample_collected_names[] = {
    OWN_OR_NEW("tube", TUBE),
    ANY("person", PERSON),
    ANY("site", PLACE),
    ANY("round", ROUND),
};
const wf_kind wf_kind_sample_collected = {
    .name = "sample.collected",
    .number = 200,
    .keep = WF_KEEP_TESTING,
    FIELDS(collected_fields),
    PROJECTIONS(collected_projections),
    .roles = ROLE(SAMPLER) | ROLE(MEDIC),
    .where = "site",
    NAMES(sample_collected_names),
    .zh = "采集一人的样本",
    .en = "a person's sample was collected into a tube",
};

static const wf_column sealed_fields[] = {
    {ID_OF("tube", "采样管编号", "the tube's id"), .required = true},
    {WHOLE_OF("count", 1, pool_max, "管内人数", "people in it"), .required = true},
};
static const wf_column_source sealed_sources[] = {
    FROM("tube_id", "tube"), FROM("sealed_at", "@at"), FROM("stated_count", "count"),
    FROM("grid", "@grid")};
static const wf_projection sealed_projections[] = {
    {&wf_table_tube, .each = NULL, SOURCES(sealed_sources)},
};
static const wf_naming tube_sealed_names[] = {
    OWN_OR_NEW("tube", TUBE),
};
const wf_kind wf_kind_tube_sealed = {
    .name = "tube.sealed",
    .number = 201,
    .keep = WF_KEEP_TESTING,
    FIELDS(sealed_fields),
    PROJECTIONS(sealed_projections),
    .roles = ROLE(SAMPLER) | ROLE(MEDIC),
    NAMES(tube_sealed_names),
    .zh = "封管",
    .en = "a tube was sealed",
};

static const wf_column received_fields[] = {
    {ID_OF("tube", "采样管编号", "the tube's id"), .required = true},
    {TEXT_OF("lab", lab_bytes_max, "检测机构", "laboratory")},
};
static const wf_column_source received_sources[] = {
    FROM("tube_id", "tube"), FROM("received_at", "@at"), SAME("lab")};
static const wf_column_source received_lab[] = {SAME("lab"), FROM("day", "@day"),
                                                FROM("first_received_at", "@at"),
                                                FROM("grid", "@grid")};
static const wf_projection received_projections[] = {
    {&wf_table_tube, .each = NULL, SOURCES(received_sources)},
    {&wf_table_lab_day, .each = NULL, SOURCES(received_lab), .where_keyed = true},
};
// Signed for before the sampler's phone was online it is nobody's yet.
static const wf_naming tube_received_names[] = {
    OWN_OR_NEW("tube", TUBE),
};
const wf_kind wf_kind_tube_received = {
    .name = "tube.received",
    .number = 204,
    .keep = WF_KEEP_TESTING,
    FIELDS(received_fields),
    PROJECTIONS(received_projections),
    .roles = ROLE(LAB),
    NAMES(tube_received_names),
    .zh = "实验室接收一管",
    .en = "a laboratory received a tube",
};

#define RESULT_FIELDS                                                                    \
    {ID_OF("tube", "采样管编号", "the tube's id"), .required = true},                    \
        {WORD_OF("result", result_words, "结果", "result"), .required = true},           \
        {TEXT_OF("lab", lab_bytes_max, "检测机构", "laboratory")},                       \
    {                                                                                    \
        NAMED("ct", WF_COLUMN_NUMBER, "Ct 值", "Ct value"), .min = 0, .max = ct_max      \
    }

static const wf_column resulted_fields[] = {RESULT_FIELDS};
static const wf_column_source resulted_sources[] = {
    FROM("tube_id", "tube"),    SAME("result"),           SAME("lab"), SAME("ct"),
    FROM("resulted_at", "@at"), FROM("result_at", "@at"),
};
static const wf_column_source resulted_lab[] = {SAME("lab"), FROM("day", "@day"),
                                                FROM("last_resulted_at", "@at"),
                                                FROM("grid", "@grid")};
static const wf_projection resulted_projections[] = {
    {&wf_table_tube, .each = NULL, SOURCES(resulted_sources)},
    {&wf_table_lab_day, .each = NULL, SOURCES(resulted_lab), .where_keyed = true},
};
// A result that comes before its samples is nobody's yet.
static const wf_naming tube_resulted_names[] = {
    OWN_OR_NEW("tube", TUBE),
};
const wf_kind wf_kind_tube_resulted = {
    .name = "tube.resulted",
    .number = 202,
    .keep = WF_KEEP_TESTING,
    FIELDS(resulted_fields),
    PROJECTIONS(resulted_projections),
    .roles = ROLE(LAB),
    NAMES(tube_resulted_names),
    .zh = "一管出结果",
    .en = "a tube's result is in",
};

static const wf_column corrected_fields[] = {
    RESULT_FIELDS,
    {TEXT_OF("reason", WF_TEXT_BYTES_MAX, "理由", "why"), .personal = true},
};
static const wf_column_source corrected_sources[] = {
    FROM("tube_id", "tube"),  SAME("result"), SAME("lab"), SAME("ct"),
    FROM("result_at", "@at"),
};
static const wf_projection corrected_projections[] = {
    {&wf_table_tube, .each = NULL, SOURCES(corrected_sources)},
};
static const wf_naming result_corrected_names[] = {
    OWN_OR_NEW("tube", TUBE),
};
const wf_kind wf_kind_result_corrected = {
    .name = "result.corrected",
    .number = 203,
    .keep = WF_KEEP_TESTING,
    FIELDS(corrected_fields),
    PROJECTIONS(corrected_projections),
    .roles = ROLE(LAB),
    NAMES(result_corrected_names),
    .zh = "更正一管的结果",
    .en = "a tube's result was corrected",
};
