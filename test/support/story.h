// Little stories of holes: facts as they come. A line of a story is
//
//     at sender/seq kind field=value …       all on 2021-12-12, or "+1 at" the day after
//
// with "grid=" for where it lies and "instead=" for the fact that it corrects.
#ifndef TEST_SUPPORT_STORY_H
#define TEST_SUPPORT_STORY_H

#include "support/made_holes.h"
#include "wire/facts.h"

static inline wf_text story_word(wf_text *line)
{
    const char *end = memchr(line->bytes, ' ', line->size);
    size_t size = end != NULL ? (size_t)(end - line->bytes) : line->size;
    wf_text word = {line->bytes, size};
    size_t past = size < line->size ? size + 1 : size;
    *line = (wf_text){line->bytes + past, line->size - past};
    return word;
}

static inline bool story_begins(wf_text *word, const char *with)
{
    size_t size = strlen(with);
    if (word->size < size || memcmp(word->bytes, with, size) != 0)
        return false;
    *word = (wf_text){word->bytes + size, word->size - size};
    return true;
}

static inline void story_line(made_holes *made, wf_text line)
{
    weft_error error = {0};
    wf_arena arena = {0};
    wf_fact fact = {0};
    wf_verdict verdict;
    char at[40];
    wf_text clock = story_word(&line);
    bool next_day = wf_text_equal(clock, WF_TEXT("+1"));
    if (next_day)
        clock = story_word(&line);
    snprintf(at, sizeof at, "2021-12-%s %.*s", next_day ? "13" : "12", (int)clock.size,
             clock.bytes);
    fact.at = made_time(&made->city.store, at);
    assert_true(wf_identity_read(story_word(&line), &fact.id));
    fact.kind = wf_kinds_find(wf_desk_kinds(), story_word(&line));
    assert_non_null(fact.kind);
    while (line.size > 0) {
        wf_text word = story_word(&line);
        bool of_kind = wf_kind_field(fact.kind, WF_TEXT("grid")) != SIZE_MAX;
        if (story_begins(&word, "instead="))
            assert_true(wf_identity_read(word, &fact.amends));
        else if (!of_kind && story_begins(&word, "grid="))
            fact.grid = word;
        else
            assert_int_equal(wf_facts_field(fact.kind, made->city.store.zone, word,
                                            &arena, fact.values, &error),
                             WEFT_OK);
    }
    assert_int_equal(wf_facts_finish(&fact, &error), WEFT_OK);
    assert_int_equal(
        wf_store_send(made->city.records, &fact, 1, WF_TIME_NONE, &verdict, &error),
        WEFT_OK);
    assert_int_equal(wf_store_apply(made->city.records, 0, &error), WEFT_OK);
    wf_arena_done(&arena);
}

// Times of the story's day are said without it, those of the next as "+1 …".
static inline void story_shorten(wf_buffer *text)
{
    static const struct {
        const char *from, *to;
    } words[] = {{"2021-12-12T", ""},
                 {"2021-12-13T", "+1 "},
                 {"2021-12-14T", "+2 "},
                 {":00+08:00", ""}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        for (char *at; (at = strstr(text->bytes, words[i].from)) != NULL;) {
            size_t from = strlen(words[i].from), to = strlen(words[i].to);
            memmove(at + to, at + from, strlen(at + from) + 1);
            memcpy(at, words[i].to, to);
        }
}

static inline void story_tell(made_holes *made, const char *facts)
{
    while (*facts != '\0') {
        size_t size = strcspn(facts, "\n");
        story_line(made, (wf_text){facts, size});
        facts += size + 1;
    }
}

// A story, and the holes that it leaves, a line each.
typedef struct {
    const char *name, *facts, *holes;
} story;

// Each leaves its holes, whether they are kept as facts come or asked for anew.
static inline void stories_hold(const story *stories, size_t count)
{
    const wf_holes_query all = {.rule = SIZE_MAX, .not_yet_due = true};
    for (size_t i = 0; i < count; i++) {
        made_holes made;
        wf_buffer said = {0}, differs = {0};
        made_holes_new(&made, NULL);
        story_tell(&made, stories[i].facts);
        made_holes_list(&made, &all, &said);
        assert_true(wf_buffer_append(&said, "", 1));
        story_shorten(&said);
        if (strcmp(said.bytes, stories[i].holes) != 0)
            fail_msg("%s:\n%sinstead of\n%s", stories[i].name, said.bytes,
                     stories[i].holes);
        if (made_holes_check(&made, &differs) > 0)
            fail_msg("%s: %.*s", stories[i].name, (int)differs.size, differs.bytes);
        wf_buffer_done(&said);
        wf_buffer_done(&differs);
        made_holes_done(&made);
    }
}

#endif
