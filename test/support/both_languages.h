// What people read of files that are shipped stands in both languages.
#ifndef TEST_SUPPORT_BOTH_LANGUAGES_H
#define TEST_SUPPORT_BOTH_LANGUAGES_H

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "model/protocol.h"

static inline bool has_letters(const char *text)
{
    for (; *text != '\0'; text++)
        if (isalpha((unsigned char)*text))
            return true;
    return false;
}

// U+3400 to U+9FFF begin with these bytes.
static inline bool has_chinese(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text >= 0xE4 && (unsigned char)*text <= 0xE9)
            return true;
    return false;
}

// Two English words beside each other: part of a sentence that nobody put into Chinese.
static inline bool has_english(const char *text)
{
    for (size_t i = 1; *text != '\0' && text[i] != '\0'; i++)
        if (text[i] == ' ' && isalpha((unsigned char)text[i - 1]) &&
            isalpha((unsigned char)text[i + 1]))
            return true;
    return false;
}

// "" and what has no letters ("2021-05-11") are the same in every language.
static inline void expect_chinese(const char *of, const char *what, const char *zh)
{
    if (has_letters(zh) && (!has_chinese(zh) || has_english(zh)))
        fail_msg("%s: its %s is not Chinese: %s", of, what, zh);
}

static inline void expect_both(const char *of, wf_both both)
{
    if (!has_chinese(both.zh))
        fail_msg("%s is not Chinese: %s", of, both.zh);
    if (!has_letters(both.en) || strcmp(both.zh, both.en) == 0)
        fail_msg("%s is not English: %s", of, both.en);
}

// Who issued a paper may be named by the journal's own title behind the Chinese one.
static inline void expect_source_in_both(const wf_source_entry *entry)
{
    expect_both(entry->key, entry->title);
    expect_both(entry->key, entry->issuer);
    expect_both(entry->key, entry->note);
    expect_chinese(entry->key, "title", entry->title.zh);
    expect_chinese(entry->key, "note", entry->note.zh);
    if (*entry->clause.zh != '\0')
        expect_both(entry->key, entry->clause);
}

#endif
