#include "desk/order/kinds.h"

#include "desk/declare.h"
#include "model/order_kind.h"

enum { clause_bytes_max = 63, issuer_bytes_max = 128 };

// ---- tables ----

// An order binds from starts_at (not given: issued_at) until ends_at, while it is not
// lifted and one of its reasons is live: that is asked when it is read, and stored
// nowhere.
static const wf_column orders_columns[] = {
    {ID_OF("order_id", "措施编号", "the order's id"), KEY},
    {WORD_OF("kind", wf_order_kind_words, "措施种类", "what is imposed")},
    {PLACE_OF("place", "场所编号", "id of the place")},
    {TEXT_OF("clause", clause_bytes_max, "依据条款", "clause it rests on")},
    {TEXT_OF("reason", WF_TEXT_BYTES_MAX, "理由", "why, in words"), .personal = true},
    {TIME_OF("starts_at", "开始时间", "binds from")},
    {TIME_OF("ends_at", "结束时间", "binds until")},
    {TEXT_OF("issuer", issuer_bytes_max, "作出机关", "office that issued it")},
    {ID_OF("outbreak", "疫情编号", "the outbreak it belongs to")},
    {GRID_OF("网格编码", "grid where it lies")},
    {TIME_OF("issued_at", "作出时间", "issued"), EARLIEST},
    {TIME_OF("lifted_at", "解除时间", "lifted"), EARLIEST},
};
const wf_table wf_table_orders = {
    .name = "orders",
    COLUMNS(orders_columns),
    .keys_count = 1,
    .in_digest = true,
    .zh = "管控措施",
    .en = "an order",
};

static const wf_column person_columns[] = {
    {ID_OF("order_id", "措施编号", "the order's id"), KEY},
    {PERSON_OF("person", "人员编号", "whom it binds"), KEY, .indexed = true},
};
const wf_table wf_table_order_person = {
    .name = "order_person",
    COLUMNS(person_columns),
    .keys_count = 2,
    .in_digest = true,
    .zh = "措施所涉人员",
    .en = "a person whom an order binds",
};

static const wf_column reason_columns[] = {
    {ID_OF("order_id", "措施编号", "the order's id"), KEY},
    {TEXT_OF("fact", WF_FACT_TEXT_MAX, "依据的事实记录", "fact it rests on"), KEY,
     .indexed = true},
};
const wf_table wf_table_order_reason = {
    .name = "order_reason",
    COLUMNS(reason_columns),
    .keys_count = 2,
    .in_digest = true,
    .zh = "措施所依据的事实",
    .en = "a fact on which an order rests",
};

// ---- kinds ----

// No order without evidence, clause and end (DESIGN §1, 6): they are required.
static const wf_column issued_fields[] = {
    {ID_OF("order", "措施编号", "the order's id"), .required = true},
    {WORD_OF("kind", wf_order_kind_words, "措施种类", "what is imposed"),
     .required = true},
    {PERSON_OF("persons", "所涉人员", "whom it binds"), .list = true,
     .items_max = WF_ITEMS_MAX},
    {PLACE_OF("place", "场所编号", "id of the place")},
    {TEXT_OF("clause", clause_bytes_max, "依据条款", "clause it rests on"),
     .required = true},
    {TEXT_OF("reason", WF_TEXT_BYTES_MAX, "理由", "why, in words"), .personal = true},
    {NAMED("because", WF_COLUMN_FACT, "依据的事实记录", "facts it rests on"),
     .required = true, .list = true, .items_max = WF_ITEMS_MAX},
    {TIME_OF("from", "开始时间", "binds from")},
    {TIME_OF("until", "结束时间", "binds until"), .required = true},
    {TEXT_OF("issuer", issuer_bytes_max, "作出机关", "office that issues it")},
    {ID_OF("outbreak", "疫情编号", "the outbreak it belongs to")},
};
static const wf_rule issued_rules[] = {{WF_RULE_ONE_OF, "persons", "place"},
                                       {WF_RULE_RISE, "from", "until"}};
static const wf_column_source issued_orders[] = {
    FROM("order_id", "order"),
    SAME("kind"),
    SAME("place"),
    SAME("clause"),
    SAME("reason"),
    FROM("starts_at", "from"),
    FROM("ends_at", "until"),
    SAME("issuer"),
    SAME("outbreak"),
    FROM("grid", "@grid"),
    FROM("issued_at", "@at"),
};
static const wf_column_source issued_person[] = {FROM("order_id", "order"),
                                                 FROM("person", "persons")};
static const wf_column_source issued_reason[] = {FROM("order_id", "order"),
                                                 FROM("fact", "because")};
static const wf_projection issued_projections[] = {
    {&wf_table_orders, .each = NULL, SOURCES(issued_orders)},
    {&wf_table_order_person, .each = "persons", SOURCES(issued_person)},
    {&wf_table_order_reason, .each = "because", SOURCES(issued_reason)},
};
// Nobody binds whom others have in their charge, nor rests an order on what they may not
// know of: that is refused as what has not come.
static const wf_naming order_issued_names[] = {
    OWN_OR_JUDGED("order", ORDER, "order.there"),
    OWN_OR_NEW("persons", PERSON),
    OWN_OR_NEW("place", PLACE),
    OWN_OR_JUDGED("because", FACT, "order.no_reason"),
    ANY("outbreak", OUTBREAK),
};
const wf_kind wf_kind_order_issued = {
    .name = "order.issued",
    .number = 300,
    .kind_class = WF_DECISION,
    .keep = WF_KEEP_ORDER,
    FIELDS(issued_fields),
    PROJECTIONS(issued_projections),
    RULES(issued_rules),
    .roles = ROLE(COMMANDER) | ROLE(LEAD),
    .where = "place",
    NAMES(order_issued_names),
    .zh = "作出一项管控措施",
    .en = "an order was issued",
};

static const wf_column lifted_fields[] = {
    {ID_OF("order", "措施编号", "the order's id"), .required = true},
    {TEXT_OF("reason", WF_TEXT_BYTES_MAX, "理由", "why, in words"), .personal = true},
    {NAMED("because", WF_COLUMN_FACT, "依据的事实记录", "facts it rests on"),
     .list = true, .items_max = WF_ITEMS_MAX},
};
static const wf_column_source lifted_sources[] = {FROM("order_id", "order"),
                                                  FROM("lifted_at", "@at")};
static const wf_projection lifted_projections[] = {
    {&wf_table_orders, .each = NULL, SOURCES(lifted_sources)},
};
static const wf_naming order_lifted_names[] = {
    JUDGED("order", ORDER),
    ANY("because", FACT),
};
const wf_kind wf_kind_order_lifted = {
    .name = "order.lifted",
    .number = 301,
    .kind_class = WF_DECISION,
    .keep = WF_KEEP_ORDER,
    FIELDS(lifted_fields),
    PROJECTIONS(lifted_projections),
    .roles = ROLE(COMMANDER) | ROLE(LEAD),
    NAMES(order_lifted_names),
    .zh = "解除一项管控措施",
    .en = "an order was lifted",
};
