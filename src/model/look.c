#include "model/look.h"

const char *const wf_reference_words[] = {
#define X(name, word, zh, en) word,
    WF_REFERENCE_TABLE(X)
#undef X
        NULL};

const char *const wf_purpose_words[] = {
#define X(name, word, references, uses, zh, en) word,
    WF_PURPOSE_TABLE(X)
#undef X
        NULL};

const char *const wf_office_words[] = {
#define X(role, word, zh, en) [WF_ROLE_##role] = word,
    WF_OFFICE_TABLE(X)
#undef X
        NULL};

size_t wf_word_place(const char *const *words, wf_text word)
{
    for (size_t i = 0; words[i] != NULL; i++)
        if (wf_text_equal(wf_text_of(words[i]), word))
            return i;
    return SIZE_MAX;
}

bool wf_purpose_fits(wf_purpose purpose, wf_reference_kind reference, wf_look_use use)
{
    static const struct {
        uint32_t references, uses;
    } fits[WF_PURPOSE_COUNT] = {
#define X(name, word, references, uses, zh, en) {references, uses},
        WF_PURPOSE_TABLE(X)
#undef X
    };
    return (fits[purpose].references >> reference & 1) != 0 &&
           (fits[purpose].uses >> use & 1) != 0;
}

typedef struct {
    const char *zh, *en;
} texts;

static const texts purposes[] = {
#define X(name, word, references, uses, zh, en) {zh, en},
    WF_PURPOSE_TABLE(X)
#undef X
};

static const texts references[] = {
#define X(name, word, zh, en) {zh, en},
    WF_REFERENCE_TABLE(X)
#undef X
};

static const texts offices[] = {
#define X(role, word, zh, en) [WF_ROLE_##role] = {zh, en},
    WF_OFFICE_TABLE(X)
#undef X
};

const char *wf_purpose_zh(wf_purpose purpose)
{
    return purposes[purpose].zh;
}

const char *wf_purpose_en(wf_purpose purpose)
{
    return purposes[purpose].en;
}

const char *wf_reference_zh(unsigned kind)
{
    return references[kind].zh;
}

const char *wf_reference_en(unsigned kind)
{
    return references[kind].en;
}

const char *wf_office_zh(unsigned role)
{
    return offices[role].zh;
}

const char *wf_office_en(unsigned role)
{
    return offices[role].en;
}
