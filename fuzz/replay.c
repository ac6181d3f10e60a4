// Runs a fuzz target over the files of its corpus, so that what once broke a parser is
// tried again in every build. Arguments: folders.
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return 0; // a folder
    uint8_t *bytes = NULL;
    size_t size = 0, room = 0, part = 1;
    while (part > 0) {
        if (size == room) {
            room = room == 0 ? 65536 : room * 2;
            bytes = realloc(bytes, room);
            if (bytes == NULL)
                abort();
        }
        part = fread(bytes + size, 1, room - size, file);
        size += part;
    }
    // An exact block, so that a sanitizer sees one byte too far.
    uint8_t *exact = malloc(size > 0 ? size : 1);
    if (exact == NULL)
        abort();
    memcpy(exact, bytes, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    free(bytes);
    return fclose(file) == 0 ? 1 : 0;
}

static int replay_folder(const char *folder)
{
    DIR *entries = opendir(folder);
    if (entries == NULL)
        return 0;
    int done = 0;
    for (struct dirent *entry = readdir(entries); entry != NULL;
         entry = readdir(entries)) {
        char path[4096];
        int size = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.' && size > 0 && (size_t)size < sizeof path)
            done += replay_file(path);
    }
    closedir(entries);
    return done;
}

int main(int argc, char **argv)
{
    int done = 0;
    for (int i = 1; i < argc; i++)
        done += replay_folder(argv[i]);
    // No input at all is an empty input.
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    printf("%d inputs replayed\n", done);
    return done > 0 ? 0 : 1;
}
