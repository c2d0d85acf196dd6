# pages.awk - docs/rules/*.md as C: what `dbxc explain` shows, and SARIF's help texts.
function base(path) { sub(/.*\//, "", path); sub(/\.md$/, "", path); return path }
BEGIN { print "#include \"driver/driver.h\"\n" }
FNR == 1 {
    if (pages)
        print "    NULL\n};"
    id[++pages] = base(FILENAME)
    print "static const char *const page_" pages "[] = {"
}
{
    gsub(/\\/, "\\\\\\\\")
    gsub(/"/, "\\\"")
    gsub(/\?\?/, "?\\?")
    print "    \"" $0 "\","
}
END {
    print "    NULL\n};\nconst struct page pages[] = {"
    for (i = 1; i <= pages; i++)
        print "    { \"" id[i] "\", page_" i " },"
    print "    { NULL, NULL }\n};"
}
