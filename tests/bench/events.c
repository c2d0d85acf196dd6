/* events.c FILE... - the yardstick: parses each file to events with libfyaml alone, and does nothing else. */
#include <libfyaml.h>
#include <stdio.h>
#include <stdlib.h>

static long count_events(const char *path)
{
    struct fy_parse_cfg cfg = { .flags = FYPCF_QUIET | FYPCF_SLOPPY_FLOW_INDENTATION };
    struct fy_parser *parser = fy_parser_create(&cfg);
    struct fy_event *event;
    FILE *f = fopen(path, "rb");
    char *text = NULL;
    size_t size = 0;
    long events = 0;

    if (!parser || !f || fseek(f, 0, SEEK_END) || !(text = malloc((size = (size_t)ftell(f)) + 1)))
        exit(1);
    rewind(f);
    if (fread(text, 1, size, f) != size || fy_parser_set_string(parser, text, size))
        exit(1);
    for (; (event = fy_parser_parse(parser)); events++)
        fy_parser_event_free(parser, event);
    fy_parser_destroy(parser);
    free(text);
    fclose(f);
    return events;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        printf("%ld\n", count_events(argv[i]));
    return 0;
}
