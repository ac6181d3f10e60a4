// How the desks write their kinds down. Only for the kinds.c of the desks.
#ifndef WF_DESK_DECLARE_H
#define WF_DESK_DECLARE_H

#include "model/ids.h"
#include "model/kind.h"

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

// The beginning of a field or column; what its type needs stands behind it.
#define NAMED(named, of_type, chinese, english)                                          \
    .name = (named), .type = (of_type), .unit = "", .zh = (chinese), .en = (english)
#define ID_OF(named, chinese, english)                                                   \
    NAMED(named, WF_COLUMN_ID, chinese, english), .bytes_max = WF_ID_BYTES_MAX
#define PERSON_OF(named, chinese, english)                                               \
    NAMED(named, WF_COLUMN_PERSON, chinese, english), .personal = true,                  \
                                                      .bytes_max = WF_ID_BYTES_MAX
#define PLACE_OF(named, chinese, english)                                                \
    NAMED(named, WF_COLUMN_PLACE, chinese, english), .bytes_max = WF_ID_BYTES_MAX
#define TEXT_OF(named, bytes, chinese, english)                                          \
    NAMED(named, WF_COLUMN_TEXT, chinese, english), .bytes_max = (bytes)
#define TIME_OF(named, chinese, english) NAMED(named, WF_COLUMN_TIME, chinese, english)
#define WORD_OF(named, of_words, chinese, english)                                       \
    NAMED(named, WF_COLUMN_WORD, chinese, english), .words = (of_words)
#define WHOLE_OF(named, least, greatest, chinese, english)                               \
    NAMED(named, WF_COLUMN_INTEGER, chinese, english), .min = (least), .max = (greatest)
// A count or number without a limit of its own.
#define WHOLE_MAX 0x1p63
#define GRID_OF(chinese, english) TEXT_OF("grid", WF_GRID_BYTES_MAX, chinese, english)

#define KEY .merge = WF_MERGE_KEY
#define EARLIEST .merge = WF_MERGE_EARLIEST
#define LATEST .merge = WF_MERGE_LATEST

#define FIELDS(array) .fields = (array), .fields_count = COUNT_OF(array)
#define COLUMNS(array) .columns = (array), .columns_count = COUNT_OF(array)
#define RULES(array) .rules = (array), .rules_count = COUNT_OF(array)
#define PROJECTIONS(array) .projections = (array), .projections_count = COUNT_OF(array)
#define SOURCES(array) .sources = (array), .sources_count = COUNT_OF(array)

// A column that takes the field of its own name.
#define SAME(named)                                                                      \
    {                                                                                    \
        .column = (named), .field = (named)                                              \
    }
#define FROM(named, of_field)                                                            \
    {                                                                                    \
        .column = (named), .field = (of_field)                                           \
    }
#define ALWAYS(named, value)                                                             \
    {                                                                                    \
        .column = (named), .constant = (value)                                           \
    }
#define COUNTED(named)                                                                   \
    {                                                                                    \
        .column = (named)                                                                \
    }

// What ids in the body name, and what their sender needs of it.
#define NAMES(array) .names = (array), .names_count = COUNT_OF(array)
#define ANY(named, what)                                                                 \
    {                                                                                    \
        (named), WF_NAMED_##what, WF_NEEDS_NOTHING, NULL                                 \
    }
#define OWN_OR_NEW(named, what)                                                          \
    {                                                                                    \
        (named), WF_NAMED_##what, WF_NEEDS_OWN_OR_NEW, NULL                              \
    }
#define OWN_OR_JUDGED(named, what, code)                                                 \
    {                                                                                    \
        (named), WF_NAMED_##what, WF_NEEDS_OWN_OR_NEW, (code)                            \
    }
#define OWN(named, what)                                                                 \
    {                                                                                    \
        (named), WF_NAMED_##what, WF_NEEDS_OWN, NULL                                     \
    }
#define JUDGED(named, what)                                                              \
    {                                                                                    \
        (named), WF_NAMED_##what, WF_NEEDS_JUDGED, NULL                                  \
    }

#define ROLE(name) (UINT32_C(1) << WF_ROLE_##name)

// Who reads the lists of looks, of exports and of accounts, and nobody else, hears of
// them as they come.
#define HEARD_BY_AUDIT .heard_by = ROLE(AUDITOR)
#define HEARD_BY_EXPORTERS .heard_by = ROLE(LEAD) | ROLE(INVESTIGATOR) | ROLE(AUDITOR)
#define HEARD_OF_ACCOUNTS .heard_by = ROLE(OPERATOR) | ROLE(AUDITOR)

#endif
