// Files of people's data that leave the city's hands (DESIGN §5). Above 5,000 persons it
// takes two people: who asks for it, and somebody else who agrees; the file comes once.
// All of it comes from the city itself, as device weft/exports.
#include "desk/declare.h"
#include "desk/register/kinds.h"
#include "model/look.h"

enum { actor_bytes_max = 64, asked_bytes_max = 63, question_bytes_max = 8192 };

static const wf_column export_columns[] = {
    {ID_OF("export_id", "导出编号", "the export's id"), KEY},
    {TEXT_OF("requested_by", actor_bytes_max, "申请人", "who asked for it")},
    {WORD_OF("reference_kind", wf_reference_words, "事由种类", "kind of reference")},
    {ID_OF("reference", "事由编号", "id of the reference")},
    {WORD_OF("purpose", wf_purpose_words, "用途", "purpose")},
    {TEXT_OF("asked", asked_bytes_max, "导出的视图", "view that is exported")},
    // Its filters may name a person.
    {TEXT_OF("question", question_bytes_max, "条件", "what exactly"), .personal = true},
    {WHOLE_OF("persons", 0, WHOLE_MAX, "涉及人数", "persons in it")},
    {GRID_OF("申请人负责的网格", "grid that who asked works for")},
    {TIME_OF("requested_at", "申请时间", "asked for"), EARLIEST},
    {TEXT_OF("released_by", actor_bytes_max, "同意人", "who agreed")},
    {TIME_OF("released_at", "同意时间", "agreed"), EARLIEST},
    {TIME_OF("delivered_at", "交付时间", "delivered"), EARLIEST},
};
const wf_table wf_table_exports = {
    .name = "exports",
    COLUMNS(export_columns),
    .keys_count = 1,
    .zh = "须两人经手的导出",
    .en = "an export that takes two people",
};

static const wf_column requested_fields[] = {
    {ID_OF("export", "导出编号", "the export's id"), .required = true},
    {TEXT_OF("actor", actor_bytes_max, "申请人", "who asks for it"), .required = true},
    {WORD_OF("reference_kind", wf_reference_words, "事由种类", "kind of reference"),
     .required = true},
    {ID_OF("reference", "事由编号", "id of the reference"), .required = true},
    {WORD_OF("purpose", wf_purpose_words, "用途", "purpose"), .required = true},
    {TEXT_OF("asked", asked_bytes_max, "导出的视图", "view that is exported"),
     .required = true},
    {TEXT_OF("question", question_bytes_max, "条件", "what exactly"), .required = true,
     .personal = true},
    {WHOLE_OF("persons", 0, WHOLE_MAX, "涉及人数", "persons in it"), .required = true},
};
static const wf_column_source requested_sources[] = {FROM("export_id", "export"),
                                                     FROM("requested_by", "actor"),
                                                     SAME("reference_kind"),
                                                     SAME("reference"),
                                                     SAME("purpose"),
                                                     SAME("asked"),
                                                     SAME("question"),
                                                     SAME("persons"),
                                                     FROM("grid", "@grid"),
                                                     FROM("requested_at", "@at")};
static const wf_projection requested_projections[] = {
    {&wf_table_exports, .each = NULL, SOURCES(requested_sources)},
};
const wf_kind wf_kind_export_requested = {
    .name = "export.requested",
    .number = 53,
    .keep = WF_KEEP_ACCOUNT,
    FIELDS(requested_fields),
    PROJECTIONS(requested_projections),
    .roles = 0, // the city itself, as device weft/exports
    HEARD_BY_EXPORTERS,
    .zh = "有人申请大量导出个人数据",
    .en = "somebody asked for a large export of people's data",
};

static const wf_column released_fields[] = {
    {ID_OF("export", "导出编号", "the export's id"), .required = true},
    {TEXT_OF("actor", actor_bytes_max, "同意人", "who agrees"), .required = true},
};
static const wf_column_source released_sources[] = {FROM("export_id", "export"),
                                                    FROM("released_by", "actor"),
                                                    FROM("released_at", "@at")};
static const wf_projection released_projections[] = {
    {&wf_table_exports, .each = NULL, SOURCES(released_sources)},
};
const wf_kind wf_kind_export_released = {
    .name = "export.released",
    .number = 54,
    .keep = WF_KEEP_ACCOUNT,
    FIELDS(released_fields),
    PROJECTIONS(released_projections),
    .roles = 0, // the city itself, as device weft/exports
    HEARD_BY_EXPORTERS,
    .zh = "另一人同意了一次大量导出",
    .en = "somebody else agreed to a large export",
};

static const wf_column delivered_fields[] = {
    {ID_OF("export", "导出编号", "the export's id"), .required = true},
};
static const wf_column_source delivered_sources[] = {FROM("export_id", "export"),
                                                     FROM("delivered_at", "@at")};
static const wf_projection delivered_projections[] = {
    {&wf_table_exports, .each = NULL, SOURCES(delivered_sources)},
};
const wf_kind wf_kind_export_delivered = {
    .name = "export.delivered",
    .number = 55,
    .keep = WF_KEEP_ACCOUNT,
    FIELDS(delivered_fields),
    PROJECTIONS(delivered_projections),
    .roles = 0, // the city itself, as device weft/exports
    HEARD_BY_EXPORTERS,
    .zh = "一次大量导出已交付，不再交付第二次",
    .en = "a large export was delivered: it does not come twice",
};
