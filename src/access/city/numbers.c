#include "access/city/numbers.h"

static wf_id_class class_of(wf_column_type type)
{
    return type == WF_COLUMN_PLACE ? WF_ID_PLACE : WF_ID_PERSON;
}

static weft_status intern(void *context, wf_column_type type, const wf_text *texts,
                          size_t count, uint32_t *ret, weft_error *error)
{
    return wf_ids_intern_many(wf_visits_ids(context), class_of(type), texts, count, ret,
                              error);
}

static weft_status commit(void *context, void (*between)(void *between_context),
                          void *between_context, weft_error *error)
{
    return wf_visits_commit_ids(context, between, between_context, error);
}

static uint32_t find(void *context, wf_column_type type, wf_text text)
{
    return wf_ids_find(wf_visits_ids(context), class_of(type), text);
}

static wf_text text_of(void *context, wf_column_type type, uint32_t number)
{
    const wf_ids *ids = wf_visits_ids(context);
    wf_id_class id_class = class_of(type);
    return number < wf_ids_count(ids, id_class) ? wf_ids_text(ids, id_class, number)
                                                : WF_TEXT("");
}

wf_numbers wf_numbers_of(wf_visits *visits)
{
    return (wf_numbers){.intern = intern,
                        .commit = commit,
                        .find = find,
                        .text_of = text_of,
                        .context = visits};
}
