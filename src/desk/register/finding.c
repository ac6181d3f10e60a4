#include "desk/register/finding.h"

#include "model/ids.h"
#include "store/register/search.h"

// ---- people ----

// In the order of the file's columns.
enum { person_person, person_name, person_grid, person_columns };

// People of one name in a large city; who has more of them in hand asks within a grid.
enum { people_max = 5000 };

static bool is_digit(char letter)
{
    return letter >= '0' && letter <= '9';
}

// The first byte of a Chinese character, and of others that no number has in it; digits
// of full width begin otherwise (0xef).
static bool is_script(char letter)
{
    unsigned char byte = (unsigned char)letter;
    return (byte >= 0xe3 && byte <= 0xed) || byte >= 0xf0;
}

// What has seven digits, or is digits alone, is no name: documents have other letters,
// too.
static bool is_number(wf_text text)
{
    size_t digits = 0, others = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (is_script(text.bytes[i]))
            return false;
        digits += is_digit(text.bytes[i]);
        others += !is_digit(text.bytes[i]);
    }
    return digits >= 7 || (digits > 0 && others == 0);
}

static wf_value text_value(wf_text text)
{
    return (wf_value){.given = text.size > 0, .text = text};
}

static weft_status give_person(const wf_view_call *call, wf_view_sink *sink,
                               const wf_person_found *found, weft_error *error)
{
    uint32_t number =
        call->numbers.find(call->numbers.context, WF_COLUMN_PERSON, found->person);
    if (number == WF_NUMBER_NONE)
        return WEFT_OK;
    wf_value row[person_columns] = {
        [person_person] = {.given = true, .text = found->person, .number = number},
        [person_name] = text_value(found->name),
        [person_grid] = text_value(found->grid)};
    return wf_view_give(sink, row, error);
}

static bool is_among(const wf_person_found *people, size_t count, wf_text person)
{
    for (size_t i = 0; i < count; i++)
        if (wf_text_equal(people[i].person, person))
            return true;
    return false;
}

// Somebody whose phone and document are the same number comes once.
static weft_status find_by_number(const wf_view_call *call, wf_view_sink *sink,
                                  wf_person_search *ask, weft_error *error)
{
    wf_person_found *by_document = NULL, *by_phone = NULL;
    size_t documents = 0, phones = 0;
    ask->column = "id_number";
    WF_TRY(
        wf_store_search(call->store, ask, call->arena, &by_document, &documents, error));
    ask->column = "phone";
    WF_TRY(wf_store_search(call->store, ask, call->arena, &by_phone, &phones, error));
    for (size_t i = 0; i < documents; i++)
        WF_TRY(give_person(call, sink, &by_document[i], error));
    for (size_t i = 0; i < phones; i++)
        if (!is_among(by_document, documents, by_phone[i].person))
            WF_TRY(give_person(call, sink, &by_phone[i], error));
    return WEFT_OK;
}

weft_status wf_find_person_rows(void *context, const wf_view_call *call,
                                wf_view_sink *sink, weft_error *error)
{
    (void)context;
    wf_person_search ask = {.column = "name",
                            .value = call->question->parameters[0].text,
                            .grid = call->question->grid,
                            .limit = people_max};
    wf_person_found *found = NULL;
    size_t count = 0;
    WF_ASSERT(call->file->columns_count == person_columns);
    if (is_number(ask.value))
        return find_by_number(call, sink, &ask, error);
    WF_TRY(wf_store_search(call->store, &ask, call->arena, &found, &count, error));
    for (size_t i = 0; i < count; i++)
        WF_TRY(give_person(call, sink, &found[i], error));
    return WEFT_OK;
}
