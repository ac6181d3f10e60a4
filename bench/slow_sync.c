// Every sync takes 5 ms longer: a disk as small servers have it. Loaded before the
// program that is measured (LD_PRELOAD), so that nothing of it is in the product.
#include <dlfcn.h>
#include <time.h>

int fsync(int file);
int fdatasync(int file);

static int slow(const char *name, int file)
{
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    struct timespec longer = {.tv_nsec = 5000000};
    nanosleep(&longer, NULL);
    return real(file);
}

int fsync(int file)
{
    return slow("fsync", file);
}

int fdatasync(int file)
{
    return slow("fdatasync", file);
}
