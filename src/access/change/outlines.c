// Outlines as the API gives them: thin, the work is in src/load.
#include "access/change/outlines.h"

#include "access/city/city.h"

weft_status weft_outlines_import(weft_city *city, const weft_import_source *source,
                                 const weft_outlines_options *options,
                                 weft_outlines_summary *ret, weft_error *error)
{
    const wf_outlines_city into = {.io = city->io,
                                   .city_dir = city->dir.text,
                                   .grid = city->grid,
                                   .zone = city->zone,
                                   .now = weft_city_now(city)};
    return wf_outlines_import(&into, source, options, ret, error);
}

weft_status weft_outlines_remove(weft_city *city, bool *ret_had, weft_error *error)
{
    return wf_outlines_remove(city->io, city->dir.text, ret_had, error);
}

weft_status wf_city_outlines_open(const weft_city *city, wf_outlines_file *ret,
                                  weft_error *error)
{
    return wf_outlines_open(city->io, city->dir.text, ret, error);
}

weft_status wf_city_outlines_read(const weft_city *city, const wf_outlines_file *file,
                                  uint64_t at, void *bytes, size_t size,
                                  weft_error *error)
{
    return wf_io_pread_all(city->io, file->file, bytes, size, (off_t)at, WF_OUTLINES_NAME,
                           error);
}

void wf_city_outlines_close(const weft_city *city, wf_outlines_file *file)
{
    WF_IGNORE(city->io->close(city->io, file->file), "it was only read");
    file->file = -1;
}
