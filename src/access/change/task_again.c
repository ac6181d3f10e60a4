// A task is given to another post: the same task, told of once more.
#include <stdio.h>
#include <string.h>

#include "access/change/tasks.h"
#include "weft/views.h"

enum { fields_max = 9, field_bytes_max = 320 };

typedef struct {
    char rooms[fields_max][field_bytes_max];
    const char *items[fields_max];
    size_t count;
} fields;

static void put(fields *to, const char *name, const char *value)
{
    WF_ASSERT(to->count < fields_max);
    // What is cut here is too long for every field, and refused as such.
    snprintf(to->rooms[to->count], field_bytes_max, "%s=%s", name, value);
    to->items[to->count] = to->rooms[to->count];
    to->count += value[0] != '\0';
}

// The row of the task in the grid ("": anywhere); its texts live until the next look-up.
static weft_status read_row(weft_city *city, const char *grid, const char *view,
                            const char *key, const char *task, weft_view_page *ret,
                            weft_error *error)
{
    char field[field_bytes_max];
    const char *const asked[] = {field};
    snprintf(field, sizeof field, "%s=%s", key, task);
    const weft_view_question question = {.view = view,
                                         .fields = asked,
                                         .fields_count = 1,
                                         .grid = grid[0] != '\0' ? grid : NULL,
                                         .limit = 1};
    return weft_view_read(city, &question, ret, error);
}

static const weft_view_value *value_of(const weft_view_page *page, const char *name)
{
    for (size_t i = 0; i < page->about->columns_count; i++)
        if (strcmp(page->about->columns[i].name, name) == 0)
            return &page->values[i];
    WF_BUG("the view has this column");
}

static void put_time(fields *to, const weft_city *city, const char *name, weft_time at)
{
    char text[WF_TIME_TEXT_MAX];
    put(to, name, weft_city_time_text(city, at, text));
}

// What the task is about, as it was said when it was given.
static weft_status put_about(weft_city *city, const wf_actor *actor, const char *task,
                             fields *to, char grid[field_bytes_max], weft_error *error)
{
    weft_view_page page;
    WF_TRY(read_row(city, actor->grid, "command/tasks", "task", task, &page, error));
    if (page.rows_count == 0)
        return wf_fail(error, WEFT_NOT_FOUND, "view.unknown", NULL);
    const weft_view_value *since = value_of(&page, "since");
    bool has_subject = value_of(&page, "subject")->given;
    put(to, "task", task);
    put(to, "hole", value_of(&page, "hole")->text);
    put(to, "subject", value_of(&page, "subject")->text);
    put(to, "place", value_of(&page, "place")->text);
    put(to, "instruction", value_of(&page, "instruction")->text);
    if (since->given)
        put_time(to, city, "since", (weft_time){since->number});
    snprintf(grid, field_bytes_max, "%s", value_of(&page, "grid")->text);
    if (has_subject)
        return WEFT_OK;
    // The task is theirs; whether the person is too is judged with the fact.
    WF_TRY(read_row(city, "", "command/task_persons", "task_id", task, &page, error));
    if (page.rows_count > 0)
        put(to, "person", value_of(&page, "person")->text);
    return WEFT_OK;
}

weft_status wf_task_give_again(weft_city *city, const wf_actor *actor, const char *task,
                               const char *post, weft_time due, weft_fact_reply *ret,
                               weft_error *error)
{
    fields of = {.count = 0};
    char grid[field_bytes_max] = "";
    WF_TRY(wf_tasks_may_make(actor, error));
    if (weft_time_is_none(due) || due.us <= weft_city_now(city).us) {
        wf_error_at(error, NULL, 0, "due");
        return wf_fail(error, WEFT_BAD_INPUT, "tasks.due", NULL);
    }
    WF_TRY(put_about(city, actor, task, &of, grid, error));
    put(&of, "post", post);
    put_time(&of, city, "due", due);
    const weft_fact_options options = {.at = WEFT_TIME_NONE,
                                       .grid = grid[0] != '\0' ? grid : NULL};
    return wf_fact_send_as(city, actor, "task.assigned", of.items, of.count, &options,
                           ret, error);
}
