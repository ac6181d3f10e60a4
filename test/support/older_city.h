// A folder that a version without a ledger made (test/golden/before-ledger), and the rows
// that were imported into it.
#ifndef TEST_SUPPORT_OLDER_CITY_H
#define TEST_SUPPORT_OLDER_CITY_H

#include "support/scratch.h"
#include "weft/import.h"

typedef struct {
    wf_path folder, dir, keys;
    weft_key_options options;
} older_city;

// What was imported, in this order.
static const struct {
    weft_import_kind kind;
    const char *as_of, *rows;
} older_imports[] = {
    {WEFT_IMPORT_PERSONS, "2021-12-01",
     "person,name,sex,birth,grid,household,phone,id_number,occupation,needs\n"
     "P-0000001,虚构一,female,1980-02-29,320203001001001,H-1,10000000001,"
     "320200198002290001,teacher,\n"
     "P-0000002,虚构二,male,,320203001001001,H-1,10000000002,,,dialysis\n"
     "P-0000003,Invented Three,other,1999-12-31,,,,,,\n"},
    {WEFT_IMPORT_PERSONS, "2021-12-05",
     "person,name,phone\n"
     "P-0000002,虚构二,10000000022\n"
     "P-0000004,虚构四,10000000004\n"},
    {WEFT_IMPORT_PLACES, "2021-12-01",
     "place,name,kind,grid,parent,lat,lon,area_m2,ventilation\n"
     "L-1,虚构学校,class,320203001001,L-2,31.57,120.3,55.5,yes\n"
     "L-2,虚构校园,other,320203001001,,,,,\n"},
    {WEFT_IMPORT_PLACES, "2021-12-03",
     "place,name,kind,ventilation\n"
     "L-1,虚构学校,class,no\n"},
    {WEFT_IMPORT_CASES, "2021-12-10",
     "case,person,reported,onset,onset_kind,sampled,symptomatic,isolated,last_negative,"
     "classification\n"
     "C-1,P-0000001,2021-12-10 12:00,2021-12-08 09:00,fever,2021-12-10 08:00,yes,"
     "2021-12-10 18:00,2021-12-05 08:00,suspected\n"
     "C-2,P-0000009,2021-12-11 12:00,,,,no,,,asymptomatic\n"},
    {WEFT_IMPORT_CASES, "2021-12-11",
     "case,person,reported,classification\n"
     "C-1,P-0000001,2021-12-10 12:00,confirmed\n"},
    {WEFT_IMPORT_VISITS, NULL,
     "person,place,start,end\n"
     "P-0000001,L-1,2021-12-09 08:00,2021-12-09 10:10\n"
     "P-0000002,L-1,2021-12-09 08:00,2021-12-09 12:00\n"
     "P-0000005,L-3,2021-12-08 08:00,2021-12-08 12:00\n"},
};

static inline void older_city_copy(const older_city *city, const char *from,
                                   const char *to)
{
    char name[256];
    size_t size;
    const char *root = getenv("WEFT_DATA_DIR");
    int length = snprintf(name, sizeof name, "%s/test/golden/before-ledger/%s",
                          root != NULL ? root : ".", from);
    if (length < 0 || (size_t)length >= sizeof name)
        abort();
    wf_path source, target = scratch_path(&city->folder, to);
    memcpy(source.text, name, (size_t)length + 1);
    char *bytes = scratch_read(&source, &size);
    if (bytes == NULL)
        abort();
    scratch_write(&target, bytes, size);
    free(bytes);
}

static inline void older_city_new(older_city *city)
{
    static const char *const folders[] = {"city", "city/keys", "city/visits", "keys"};
    static const char *const files[] = {"city/weft.yaml",
                                        "city/clock",
                                        "city/records.db",
                                        "city/keys/ring",
                                        "city/visits/manifest",
                                        "city/visits/dictionary",
                                        "city/visits/2021-12-08.day",
                                        "city/visits/2021-12-09.day",
                                        "keys/eb450c456940dcd7eb9c55ed3723e99c"};
    scratch_new(&city->folder);
    city->dir = scratch_path(&city->folder, "city");
    city->keys = scratch_path(&city->folder, "keys");
    city->options = (weft_key_options){.key_dir = city->keys.text};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        wf_path path = scratch_path(&city->folder, folders[i]);
        if (mkdir(path.text, 0700) != 0)
            abort();
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        older_city_copy(city, files[i], files[i]);
}

static inline void older_city_done(older_city *city)
{
    scratch_remove(city->folder.text);
}

#endif
