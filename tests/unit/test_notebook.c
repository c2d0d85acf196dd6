/* notebook.h: which first line makes a notebook, what a .ipynb must hold, what of the name stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "syntax/notebook.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool begins(const char *name, const char *text)
{
    return notebook_begins(str_of(name), str_of(text));
}

static void first_lines(void **state)
{
    (void)state;
    assert_true(begins("a.py", "# Databricks notebook source\nprint()"));
    assert_true(begins("a.PY", "# Databricks notebook source\r\nx"));
    assert_true(begins("a.r", "# Databricks notebook source"));
    assert_true(begins("a.scala", "// Databricks notebook source\n"));
    assert_true(begins("a.b.sql", "-- Databricks notebook source\n"));
    assert_false(begins("a.py", "# Databricks notebook source \n"));
    assert_false(begins("a.py", "\xef\xbb\xbf# Databricks notebook source\n"));
    assert_false(begins("a.py", "\n# Databricks notebook source\n"));
    assert_false(begins("a.py", "# databricks notebook source\n"));
    assert_false(begins("a.py", ""));
    assert_false(begins("a.sql", "# Databricks notebook source\n"));
    assert_false(begins("a.txt", "# Databricks notebook source\n"));
    assert_false(begins("a.py/b", "# Databricks notebook source\n"));
    assert_false(begins("py", "# Databricks notebook source\n"));
}

static size_t length(const char *path) { return notebook_length(str_of(path)); }

static void names(void **state)
{
    (void)state;
    assert_int_equal(length("src/a.py"), 5);
    assert_int_equal(length("a.b.c.py"), 5);
    assert_int_equal(length("F.PY"), 1);
    assert_int_equal(length("a.designer.ipynb"), 16);
    assert_int_equal(length("a.d/b"), 5);
    assert_int_equal(length("a"), 1);
}

static enum local_kind look(const char *name, const char *text, const char **why)
{
    FILE *f = fopen(name, "w");

    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    return local_look(name, why);
}

static void jupyter(void **state)
{
    char folder[] = "/tmp/dbxc-notebook-XXXXXX";
    const char *why;

    (void)state;
    assert_true(mkdtemp(folder) && !chdir(folder));
    assert_int_equal(look("n.ipynb", "{\"cells\": [], \"metadata\": {}, \"nbformat\": 4}", &why), LOCAL_NOTEBOOK);
    assert_null(why);
    assert_int_equal(look("n.ipynb", "{\"cells\": [], \"metadata\": {}, \"nbformat\": 3}", &why), LOCAL_BROKEN);
    assert_string_equal(why, "its format is older than version 4");
    assert_int_equal(look("n.ipynb", "{\"metadata\": {}, \"nbformat\": 4}", &why), LOCAL_BROKEN);
    assert_int_equal(look("n.ipynb", "{\"cells\": null, \"metadata\": {}, \"nbformat\": 4}", &why), LOCAL_BROKEN);
    assert_int_equal(look("n.ipynb", "{\"cells\": ", &why), LOCAL_BROKEN);
    assert_string_equal(why, "it is not JSON");
    assert_int_equal(look("n.ipynb", "\n", &why), LOCAL_BROKEN);
    assert_string_equal(why, "it is empty");
    assert_int_equal(look("n.py", "# Databricks notebook source", &why), LOCAL_NOTEBOOK);
    assert_int_equal(look("n.py", "", &why), LOCAL_FILE);
    assert_null(why);
    assert_int_equal(look("n.py", "\xef\xbb\xbf# Databricks notebook source", &why), LOCAL_FILE);
    assert_string_equal(why, "it begins with a byte order mark");
    assert_int_equal(look("n.py", "\n# Databricks notebook source", &why), LOCAL_FILE);
    assert_string_equal(why, "it begins with an empty line");
    assert_int_equal(look("n.py", "#databricks notebook source\n", &why), LOCAL_FILE);
    assert_non_null(why);
    assert_int_equal(look("n.py", "import os\n", &why), LOCAL_FILE);
    assert_null(why);
    assert_int_equal(look("n.txt", "# Databricks notebook source", &why), LOCAL_FILE);
    assert_int_equal(local_look(folder, &why), LOCAL_FOLDER);
    assert_int_equal(local_look("none.py", &why), LOCAL_MISSING);
    unlink("n.ipynb");
    unlink("n.py");
    unlink("n.txt");
    assert_int_equal(chdir("/"), 0);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(first_lines), cmocka_unit_test(names), cmocka_unit_test(jupyter) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
