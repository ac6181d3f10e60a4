// A text that is kept: what was made must be what stands in a file of the sources.
#ifndef TEST_SUPPORT_GOLDEN_H
#define TEST_SUPPORT_GOLDEN_H

#include "base/text.h"
#include "support/scratch.h"

// The line of both that differs first.
static inline void golden_fail(const char *path, const char *made, const char *golden)
{
    size_t line = 0;
    for (size_t i = 0; made[i] != '\0' && made[i] == golden[i]; i++)
        if (made[i] == '\n')
            line = i + 1;
    fail_msg("%s: was made: %.*s\n%s says: %.*s", path, (int)strcspn(made + line, "\n"),
             made + line, path, (int)strcspn(golden + line, "\n"), golden + line);
}

// `path` is from the top of the sources. WEFT_GOLDEN_WRITE=1 writes what was made.
static inline void golden_compare(const char *path, wf_buffer *made)
{
    weft_error error = {0};
    wf_path whole;
    size_t size;
    const char *root = getenv("WEFT_DATA_DIR");
    assert_non_null(root);
    assert_int_equal(wf_path_join(root, path, &whole, &error), WEFT_OK);
    assert_true(wf_buffer_append(made, "", 1));
    made->size--;
    if (getenv("WEFT_GOLDEN_WRITE") != NULL) {
        FILE *file = fopen(whole.text, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(made->bytes, 1, made->size, file), made->size);
        assert_int_equal(fclose(file), 0);
    }
    char *golden = scratch_read(&whole, &size);
    assert_non_null(golden);
    golden = realloc(golden, size + 1);
    assert_non_null(golden);
    golden[size] = '\0';
    if (size != made->size || memcmp(golden, made->bytes, size) != 0)
        golden_fail(path, made->bytes, golden);
    free(golden);
}

#endif
