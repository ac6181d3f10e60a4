#include "model/protocol_label.h"

#include <string.h>

#include "model/place_kind.h"

typedef struct {
    const char *part;
    const char *words[2]; // [wf_language]
} label_row;

#define LABEL(part, zh, en) {part, {zh, en}},
static const label_row rows[] = {
#include "model/texts/labels.def"
};
#undef LABEL

// "household" is a kind of place below `kinds` and another thing elsewhere.
static const char *words_of(const char *name, wf_text part, wf_language language)
{
    static const char kinds[] = "kinds.";
    wf_place_kind kind;
    bool below_kinds = strncmp(name, kinds, sizeof kinds - 1) == 0;
    if (below_kinds && wf_place_kind_parse(part, &kind))
        return language == WF_LANGUAGE_ZH ? wf_place_kind_zh(kind)
                                          : wf_place_kind_en(kind);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (wf_text_equal(part, wf_text_of(rows[i].part)))
            return rows[i].words[language];
    return NULL;
}

// "d14": the number of a day.
static bool day_of(wf_text part, int64_t *ret)
{
    if (part.size < 2 || part.bytes[0] != 'd')
        return false;
    return wf_parse_i64((wf_text){part.bytes + 1, part.size - 1}, 0, 999, ret);
}

static bool append_part(const char *name, wf_text part, wf_language language,
                        wf_buffer *ret)
{
    const char *words = words_of(name, part, language);
    int64_t day = 0;
    if (words != NULL)
        return wf_buffer_append(ret, words, strlen(words));
    if (day_of(part, &day))
        return wf_buffer_printf(ret, language == WF_LANGUAGE_ZH ? "第%d天" : "day %d",
                                (int)day);
    return wf_buffer_append(ret, part.bytes, part.size);
}

// Takes the next part of a name off *rest; its "[2]" is given apart.
static wf_text next_part(const char **rest, wf_text *ret_index)
{
    size_t size = strcspn(*rest, ".");
    wf_text whole = {*rest, size};
    *rest += size + ((*rest)[size] == '.' ? 1 : 0);
    const char *bracket = memchr(whole.bytes, '[', whole.size);
    size_t plain = bracket != NULL ? (size_t)(bracket - whole.bytes) : whole.size;
    *ret_index = (wf_text){whole.bytes + plain, whole.size - plain};
    return (wf_text){whole.bytes, plain};
}

bool wf_protocol_label(const char *name, wf_language language, wf_buffer *ret)
{
    static const char between[] = " › ";
    for (const char *rest = name; *rest != '\0';) {
        wf_text index;
        bool first = rest == name;
        wf_text part = next_part(&rest, &index);
        if ((!first && !wf_buffer_append(ret, between, sizeof between - 1)) ||
            !append_part(name, part, language, ret) ||
            (index.size > 0 &&
             !wf_buffer_printf(ret, " %.*s", (int)index.size, index.bytes)))
            return false;
    }
    return true;
}

typedef struct {
    const char *word, *zh;
} word_row;

#define WORD(word, zh) {word, zh},
static const word_row word_rows[] = {
#include "model/texts/words.def"
};
#undef WORD

const char *wf_protocol_words(const char *word, wf_language language)
{
    if (language == WF_LANGUAGE_EN)
        return word;
    for (size_t i = 0; i < sizeof word_rows / sizeof *word_rows; i++)
        if (strcmp(word_rows[i].word, word) == 0)
            return word_rows[i].zh;
    return word;
}
