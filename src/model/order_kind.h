// The closed list of what an order can impose; law profiles say which clause may found
// which.
#ifndef WF_MODEL_ORDER_KIND_H
#define WF_MODEL_ORDER_KIND_H

// X(NAME, word, 中文, English)
#define WF_ORDER_KIND_TABLE(X)                                                           \
    X(HOLD, "hold", "原地等待", "hold where they are")                                   \
    X(CENTRAL_ISOLATION, "central_isolation", "集中隔离", "central isolation")           \
    X(HOME_ISOLATION, "home_isolation", "居家隔离", "home isolation")                    \
    X(HEALTH_MONITORING, "health_monitoring", "健康监测", "health monitoring")           \
    X(HOSPITAL_ISOLATION, "hospital_isolation", "医院隔离治疗", "isolation in hospital") \
    X(PLACE_CLOSED, "place_closed", "场所管控", "place closed off")                      \
    X(GATHERING_LIMITED, "gathering_limited", "限制聚集", "gatherings limited")          \
    X(ZONE_CLOSED, "zone_closed", "区域封控", "zone sealed")

typedef enum {
#define X(name, word, zh, en) WF_ORDER_##name,
    WF_ORDER_KIND_TABLE(X)
#undef X
        WF_ORDER_KIND_COUNT
} wf_order_kind;

extern const char *const wf_order_kind_words[]; // ended by NULL

#endif
