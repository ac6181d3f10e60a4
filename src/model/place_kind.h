// The closed list of kinds of place (DESIGN §4). An unknown word is read as
// `other` by the importer, which counts it.
#ifndef WF_MODEL_PLACE_KIND_H
#define WF_MODEL_PLACE_KIND_H

#include <stdbool.h>

#include "base/text.h"

// X(NAME, word in files, 中文, English)
#define WF_PLACE_KIND_TABLE(X)                                                           \
    X(HOUSEHOLD, "household", "家庭", "household")                                       \
    X(ROOM, "room", "房间", "room")                                                      \
    X(CLASS, "class", "班级", "class")                                                   \
    X(OFFICE, "office", "办公室", "office")                                              \
    X(CANTEEN, "canteen", "食堂", "canteen")                                             \
    X(SHOP, "shop", "商店", "shop")                                                      \
    X(MARKET, "market", "市场", "market")                                                \
    X(RESTAURANT, "restaurant", "餐馆", "restaurant")                                    \
    X(ENTERTAINMENT, "entertainment", "娱乐场所", "entertainment venue")                 \
    X(BUS, "bus", "公交车", "bus")                                                       \
    X(COACH, "coach", "客车", "coach")                                                   \
    X(TRAIN, "train", "火车", "train")                                                   \
    X(AIRCRAFT, "aircraft", "飞机", "aircraft")                                          \
    X(SHIP, "ship", "船", "ship")                                                        \
    X(LIFT, "lift", "电梯", "lift")                                                      \
    X(HALL, "hall", "大厅", "hall")                                                      \
    X(CLINIC, "clinic", "诊疗场所", "clinic")                                            \
    X(ISOLATION, "isolation", "隔离点", "isolation site")                                \
    X(OPENAIR, "openair", "室外", "open air")                                            \
    X(OTHER, "other", "其他场所", "other place")

typedef enum {
#define X(name, word, zh, en) WF_PLACE_##name,
    WF_PLACE_KIND_TABLE(X)
#undef X
        WF_PLACE_KIND_COUNT
} wf_place_kind;

const char *wf_place_kind_word(wf_place_kind kind);
const char *wf_place_kind_zh(wf_place_kind kind);
const char *wf_place_kind_en(wf_place_kind kind);
// False (and *ret untouched) for a word that is not in the list.
bool wf_place_kind_parse(wf_text word, wf_place_kind *ret);

#endif
