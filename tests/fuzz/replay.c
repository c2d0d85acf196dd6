/* replay.c - a main() for fuzz targets where there is no libFuzzer: each file named is one input. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
    FILE *f = fopen(path, "rb");
    uint8_t *data = NULL;
    size_t size = 0, room = 0;

    if (!f) {
        perror(path);
        return 1;
    }
    for (size_t n = 1; n > 0; size += n) {
        if (size == room) {
            uint8_t *more = realloc(data, room = room ? 2 * room : 4096);

            if (!more)
                abort();
            data = more;
        }
        n = fread(data + size, 1, room - size, f);
    }
    fclose(f);
    /* Exactly as long as the input, so that a sanitizer sees a step past its end. */
    uint8_t *exact = malloc(size ? size : 1);

    if (!exact)
        abort();
    for (size_t i = 0; i < size; i++)
        exact[i] = data[i];
    free(data);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return 0;
}

int main(int argc, char **argv)
{
    int bad = 0;

    for (int i = 1; i < argc; i++)
        bad |= replay(argv[i]);
    return bad;
}
