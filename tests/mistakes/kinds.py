"""The kinds of mistakes that plant.py plants: for each, a function from a Site to the Plants it could hold."""
import dataclasses
import re

import yaml


@dataclasses.dataclass
class Plant:
    file: str
    lines: set              # any of these is the exact line
    edits: list             # (start, end, text) in characters of the file
    words: list             # the finding says one of them; empty: nothing to name
    what: str


@dataclasses.dataclass
class Place:
    """A value in a file: path holds keys and indexes, without targets.<the chosen one>."""
    file: str
    path: tuple
    node: yaml.Node
    key: yaml.Node          # None in a list
    parent: yaml.Node
    in_target: bool = False


TARGET_FRAME = {"bundle", "workspace", "artifacts", "resources", "sync", "permissions", "presets", "run_as", "variables", "mode", "git"}


class Site:
    def __init__(self, bundle, live):
        self.bundle, self.files = bundle, live
        self.target = None
        for flag in ("-t", "--target", "-e"):
            if flag in bundle.arguments:
                self.target = bundle.arguments[bundle.arguments.index(flag) + 1]
        self.places = []
        seen = set()
        for file in live:
            self.walk(file, (), bundle.roots[file], None, None, seen)
        last = {p.path: p for p in self.places if p.in_target}
        self.places = [p for p in self.places if p.in_target or not isinstance(p.node, yaml.ScalarNode) or p.path not in last]

    def walk(self, file, path, node, key, parent, seen, in_target=False):
        if id(node) in seen:            # an alias: the anchor's place is the one
            return
        seen.add(id(node))
        self.places.append(Place(file, path, node, key, parent, in_target))
        if isinstance(node, yaml.MappingNode):
            for k, v in node.value:
                if not isinstance(k, yaml.ScalarNode) or k.value == "<<":
                    continue
                below, inside = path + (k.value,), in_target
                if len(below) == 2 and below[0] in ("targets", "environments"):
                    if below[1] != self.target:
                        continue
                    below, inside = (), True
                self.walk(file, below, v, k, node, seen, inside)
        elif isinstance(node, yaml.SequenceNode):
            for i, v in enumerate(node.value):
                self.walk(file, path + (i,), v, None, node, seen, in_target)

    def text(self, place):
        return self.bundle.texts[place.file]

    def all_text(self):
        return "\n".join(self.bundle.texts[f] for f in self.files)

    def maps(self, role):
        return [p for p in self.places if isinstance(p.node, yaml.MappingNode) and role in roles(p.path) and block(p.node)]

    def scalars(self, *names, role=None):
        for p in self.places:
            if isinstance(p.node, yaml.ScalarNode) and p.path and p.path[-1] in names and not held(p.node) \
                    and (role is None or role in roles(p.path[:-1])):
                yield p


def roles(path):
    """What a map at this path is."""
    found = set()
    if len(path) == 3 and path[:2] == ("resources", "jobs") or len(path) == 2 and path[0] == "workflows":
        found.add("job")
    if len(path) == 3 and path[:2] == ("resources", "pipelines"):
        found.add("pipeline")
    if len(path) >= 2 and path[-2] == "tasks" and isinstance(path[-1], int) or path[-2:] == ("for_each_task", "task"):
        found.add("task")
    if path and path[-1] == "new_cluster" or len(path) == 3 and path[:2] == ("resources", "clusters"):
        found.add("cluster")
    if path and path[-1] in ("schedule", "trigger", "email_notifications", "webhook_notifications", "git_source", "notebook_task",
                             "spark_python_task", "python_wheel_task", "autoscale", "sql_task", "pipeline_task", "continuous", "run_as"):
        found.add(path[-1])
    if len(path) >= 2 and isinstance(path[-1], int) and path[-2] in ("parameters", "permissions", "job_clusters", "environments", "depends_on"):
        found.add(path[-2] + "[]")
    return found


def block(node):
    return isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value


def held(node):
    """Holds a reference, or is empty."""
    return "${" in node.value or "{{" in node.value or "<<" in node.value or not node.value or not node.tag.startswith("tag:yaml.org")


def line(mark):
    return mark.line + 1


def span(node):
    return node.start_mark.index, node.end_mark.index


def children(place):
    return {k.value: (k, v) for k, v in place.node.value if isinstance(k, yaml.ScalarNode)}


def slip(word):
    """Two letters swapped, as fingers do; another letter where that changes nothing."""
    for i in range(len(word) // 2, len(word) - 1):
        if word[i] != word[i + 1] and word[i].isalnum() and word[i + 1].isalnum():
            return word[:i] + word[i + 1] + word[i] + word[i + 2:]
    return word[:-1] + ("x" if word[-1] != "x" else "y")


def rename_key(place, new, words=()):
    start, end = span(place.key)
    return Plant(place.file, {line(place.key.start_mark)}, [(start, end, new)], [new, *words], f"'{place.key.value}' becomes '{new}'")


def put(place, new, words=None, lines=()):
    """Another text in the place of a scalar, quotes and all."""
    start, end = span(place.node)
    text = place.node.value
    return Plant(place.file, {line(place.node.start_mark), *lines}, [(start, end, new)], [new.strip("\"'")] if words is None else words,
                 f"'{text[:40]}' becomes {new[:60]}")


def add_before(place, child_key, text, words, what, own_lines=None):
    """A line more in a map, before one of its keys, at that key's indent. The line is where the key was."""
    start = child_key.start_mark.index
    indent = " " * child_key.start_mark.column
    here = line(child_key.start_mark)
    count = text.count("\n") + 1
    lines = own_lines(here, count) if own_lines else set(range(here, here + count))
    return Plant(place.file, lines, [(start, start, text.replace("\n", "\n" + indent) + "\n" + indent)], words, what)


def last_line(node):
    return node.end_mark.line + (1 if node.end_mark.column else 0)


def lines_of(node):
    return set(range(line(node.start_mark), max(last_line(node), line(node.start_mark)) + 1))


def cut(place, key, value, words, what, lines):
    """A map's entry taken out, whole lines."""
    start = key.start_mark.index - key.start_mark.column
    end = value.end_mark.index
    return start, end


ALL = {}


def mistake(name):
    def keep(function):
        ALL[name] = function
        return function
    return keep


# ---- names of fields

def misspell_fields(site, role, names=None):
    for m in site.maps(role):
        for k, v in m.node.value:
            if k.value != "<<" and len(k.value) >= 4 and (names is None or k.value in names):
                yield Plant(m.file, {line(k.start_mark)}, [(*span(k), slip(k.value))], [slip(k.value)], f"'{k.value}' becomes '{slip(k.value)}'")


@mistake("field-of-job")
def _(site):
    return misspell_fields(site, "job")


@mistake("field-of-task")
def _(site):
    return misspell_fields(site, "task")


@mistake("field-of-cluster")
def _(site):
    return misspell_fields(site, "cluster")


@mistake("field-of-schedule")
def _(site):
    return [*misspell_fields(site, "schedule"), *misspell_fields(site, "trigger")]


@mistake("field-of-notifications")
def _(site):
    return misspell_fields(site, "email_notifications")


@mistake("field-of-task-type")
def _(site):
    for role in ("notebook_task", "spark_python_task", "python_wheel_task", "pipeline_task", "sql_task"):
        yield from misspell_fields(site, role)


@mistake("field-of-pipeline")
def _(site):
    return misspell_fields(site, "pipeline")


@mistake("field-of-top")
def _(site):
    for p in site.places:
        if p.key is not None and len(p.path) == 1 and p.path[0] in ("resources", "variables", "targets", "include", "permissions", "workflows",
                                                                     "parameters", "includes", "workspace", "presets") and p.key.start_mark.column == 0:
            yield rename_key(p, slip(p.path[0]))


@mistake("kind-of-resource")
def _(site):
    for p in site.places:
        if p.key is not None and len(p.path) == 2 and p.path[0] == "resources" and p.path[1] in ("jobs", "pipelines", "clusters", "schemas", "volumes"):
            yield rename_key(p, p.path[1][:-1])


@mistake("field-at-the-wrong-level")
def _(site):
    for m in site.maps("job"):
        yield add_before(m, m.node.value[0][0], "max_retries: 2", ["max_retries"], "max_retries in a job")
    for m in site.maps("task"):
        yield add_before(m, m.node.value[0][0], "max_concurrent_runs: 2", ["max_concurrent_runs"], "max_concurrent_runs in a task")


@mistake("field-of-declaration")
def _(site):
    for p in site.places:
        if p.key is not None and len(p.path) == 3 and p.path[0] == "variables" and p.path[2] in ("default", "description"):
            yield rename_key(p, slip(p.path[2]))


@mistake("field-of-target")
def _(site):
    for p in site.places:
        if p.key is not None and len(p.path) == 1 and p.path[0] in TARGET_FRAME and p.key.start_mark.column > 0 and len(p.path[0]) >= 4:
            yield rename_key(p, slip(p.path[0]))


# ---- names that lead somewhere

@mistake("dependency")
def _(site):
    for p in site.scalars("task_key"):
        if "depends_on[]" in roles(p.path[:-1]):
            yield put(p, slip(p.node.value))
    for p in site.places:
        if len(p.path) >= 2 and p.path[-2] == "depends_on" and isinstance(p.node, yaml.ScalarNode) and not held(p.node):
            yield put(p, slip(p.node.value))


@mistake("job-cluster-key")
def _(site):
    for p in site.scalars("job_cluster_key", role="task"):
        yield put(p, slip(p.node.value))


@mistake("environment-key")
def _(site):
    for p in site.scalars("environment_key", role="task"):
        yield put(p, slip(p.node.value))


def references(site, pattern):
    for p in site.places:
        if not isinstance(p.node, yaml.ScalarNode) or not p.path or p.path[0] in ("definitions",):
            continue
        start, end = span(p.node)
        for m in re.finditer(pattern, site.text(p)[start:end]):
            at = start + m.start(1)
            yield p, at, m[1], line(p.node.start_mark) + site.text(p)[start:at].count("\n")


def misspell_references(site, pattern):
    for p, at, word, on in references(site, pattern):
        if len(word) >= 3:
            yield Plant(p.file, {on}, [(at, at + len(word), slip(word))], [slip(word)], f"'{word}' becomes '{slip(word)}' in a reference")


@mistake("variable-in-reference")
def _(site):
    return misspell_references(site, r"\$\{var\.(\w+)")


@mistake("parameter-in-reference")
def _(site):
    for plant in misspell_references(site, r"bundle\.parameters\.(\w+)"):
        yield plant


@mistake("bundle-field-in-reference")
def _(site):
    return misspell_references(site, r"\$\{bundle\.(name|target|environment)\}")


@mistake("workspace-field-in-reference")
def _(site):
    return misspell_references(site, r"\$\{workspace\.(file_path|root_path|artifact_path|current_user)")


@mistake("resource-in-reference")
def _(site):
    return misspell_references(site, r"\$\{resources\.\w+\.(\w+)\.")


@mistake("kind-in-reference")
def _(site):
    return misspell_references(site, r"\$\{resources\.(\w+)\.")


@mistake("root-of-reference")
def _(site):
    for p, at, word, on in references(site, r"(?<!\$)\$\{(var|bundle|workspace|resources)\."):
        if p.path[0] in ("resources", "workflows"):
            yield Plant(p.file, {on}, [(at, at + len(word), word + "s" if word[-1] != "s" else word[:-1])],
                        [word + "s" if word[-1] != "s" else word[:-1]], f"${{{word}. with another root")


@mistake("unclosed-reference")
def _(site):
    for p, at, word, on in references(site, r"(?<!\$)(\$\{var\.\w+\})"):
        if p.path[0] in ("resources", "workflows") and p.node.style in ("'", '"'):
            yield Plant(p.file, {on}, [(at + len(word) - 1, at + len(word), "")], [], "a reference without }")


@mistake("blank-in-reference")
def _(site):
    for p, at, word, on in references(site, r"(?<!\$)\$\{(var\.\w+)\}"):
        if p.path[0] in ("resources", "workflows"):
            yield Plant(p.file, {on}, [(at, at, " "), (at + len(word), at + len(word), " ")], [], "a reference with blanks")


@mistake("dynamic-value")
def _(site):
    return misspell_references(site, r"\{\{\s*job\.(start_time|run_id|parameters|trigger|name)\b")


@mistake("dynamic-value-of-no-task")
def _(site):
    for m in site.maps("notebook_task"):
        kept = children(m)
        if "base_parameters" not in kept and "notebook_path" in kept:
            yield add_before(m, kept["notebook_path"][0], 'base_parameters: {x: "{{tasks.no_such_task.values.y}}"}', ["no_such_task"], "a value of no task")


@mistake("target-resource-key")
def _(site):
    for p in site.places:
        if p.key is not None and len(p.path) == 3 and p.path[:2] == ("resources", "jobs") and p.key.start_mark.column >= 8 and len(p.path[2]) >= 4 \
                and sum(1 for q in site.places if q.path == p.path) > 1:
            yield rename_key(p, slip(p.path[2]))


# ---- values

@mistake("enum")
def _(site):
    for p in site.scalars("pause_status", "run_if", "data_security_mode", "runtime_engine", "availability", "performance_target", "op",
                          "metric", "unit", "channel", "edition", "source", "level", "git_provider", "mode"):
        if p.path[-2:-1] == ("variables",) or p.path == ("mode",) and p.key.start_mark.column == 0:
            continue
        yield put(p, slip(p.node.value))


@mistake("enum-in-small-letters")
def _(site):
    for p in site.scalars("pause_status", "run_if", "data_security_mode", "performance_target"):
        if p.node.value != p.node.value.lower():
            yield put(p, p.node.value.lower())


NUMBERS = ("max_concurrent_runs", "timeout_seconds", "max_retries", "min_retry_interval_millis", "num_workers", "min_workers", "max_workers",
           "autotermination_minutes", "concurrency", "jobs_max_concurrent_runs", "first_on_demand")


@mistake("text-for-number")
def _(site):
    for p in site.scalars(*NUMBERS):
        yield put(p, "many", ["many", "text", str(p.path[-1])])


@mistake("fraction-for-number")
def _(site):
    for p in site.scalars(*NUMBERS):
        yield put(p, "1.5", ["1.5", "fraction", str(p.path[-1])])


@mistake("text-for-bool")
def _(site):
    for p in site.scalars("enabled", "serverless", "photon", "development", "continuous", "full_refresh", "no_alert_for_skipped_runs", "retry_on_timeout"):
        yield put(p, "perhaps", ["perhaps", str(p.path[-1])])


@mistake("map-for-text")
def _(site):
    for p in site.scalars("notebook_path", "job_cluster_key", "spark_version", "node_type_id", "description", "python_file"):
        if p.path[0] == "variables" or ": " in p.node.value:
            continue
        yield put(p, f"{{path: {p.node.value!r}}}".replace("'", '"'), [str(p.path[-1])])


@mistake("text-for-list")
def _(site):
    for p in site.places:
        if isinstance(p.node, yaml.SequenceNode) and p.path and p.path[-1] in ("on_failure", "on_success", "on_start", "libraries", "environments",
                                                                               "job_clusters") and p.node.value and p.path[0] != "variables":
            start, end = span(p.node)
            end = start + len(site.text(p)[start:end].rstrip())
            yield Plant(p.file, {line(p.key.start_mark), line(p.node.start_mark)}, [(start, end, "oops")],
                        [str(p.path[-1]), "oops"], f"text where {p.path[-1]} has a list")


@mistake("list-for-text")
def _(site):
    for p in site.scalars("notebook_path", "entry_point", "package_name", "quartz_cron_expression", "node_type_id"):
        yield put(p, f"[{p.node.value!r}]".replace("'", '"'), [str(p.path[-1])])


@mistake("map-for-list")
def _(site):
    for p in site.places:
        if isinstance(p.node, yaml.SequenceNode) and p.path and p.path[-1] == "tasks" and block(p.node) and len(p.node.value) == 1 \
                and "job" in roles(p.path[:-1]):
            start = p.node.start_mark.index
            yield Plant(p.file, {line(p.key.start_mark), line(p.node.start_mark)}, [(start, start + 1, " ")], ["tasks"], "the dash of the only task gone")


@mistake("null-for-text")
def _(site):
    for p in site.scalars("notebook_path", "spark_version", "node_type_id", "job_cluster_key", "name", "task_key"):
        if p.path[0] in ("resources", "workflows") and p.node.start_mark.line == p.key.start_mark.line:
            yield put(p, "", [str(p.path[-1])])


@mistake("too-large-number")
def _(site):
    for p in site.scalars("max_concurrent_runs"):
        yield put(p, "5000")
    for p in site.scalars("autotermination_minutes"):
        yield put(p, "3")


@mistake("bad-key-text")
def _(site):
    for p in site.scalars("task_key", role="task"):
        if sum(1 for q in site.scalars("task_key") if q.node.value == p.node.value) == 1 and f"tasks.{p.node.value}." not in site.all_text():
            yield put(p, f'"{p.node.value} one"')


# ---- schedules

@mistake("cron-of-five-fields")
def _(site):
    for p in site.scalars("quartz_cron_expression"):
        yield put(p, '"0 4 * * *"', ["0 4 * * *", "field"])


@mistake("cron-out-of-range")
def _(site):
    for p in site.scalars("quartz_cron_expression"):
        yield put(p, '"0 0 27 * * ?"', ["27", "hour"])


@mistake("cron-both-days")
def _(site):
    for p in site.scalars("quartz_cron_expression"):
        yield put(p, '"0 0 7 * * *"', ["?"])


@mistake("time-zone")
def _(site):
    for p in site.scalars("timezone_id"):
        yield put(p, slip(p.node.value) if "/" in p.node.value else "Europe/Amsterdm")


# ---- twice, or not at all

@mistake("two-tasks-of-one-key")
def _(site):
    for p in site.places:
        if isinstance(p.node, yaml.SequenceNode) and p.path and p.path[-1] == "tasks" and len(p.node.value) > 1 and "job" in roles(p.path[:-1]):
            keys = [(k, v) for t in p.node.value if isinstance(t, yaml.MappingNode) for k, v in t.value if k.value == "task_key"]
            if len(keys) == len(p.node.value) and not any(held(v) for _, v in keys):
                last = keys[-1][1]
                if not any(q.node.value == last.value for q in site.scalars("task_key") if "depends_on[]" in roles(q.path[:-1])):
                    yield Plant(p.file, {line(last.start_mark)}, [(*span(last), keys[0][1].value)], [keys[0][1].value], "the last task has the first one's key")


@mistake("two-clusters-of-one-key")
def _(site):
    for m in site.maps("job_clusters[]"):
        kept = children(m)
        if "job_cluster_key" in kept and "new_cluster" in kept and block(kept["new_cluster"][1]) and not held(kept["job_cluster_key"][1]):
            name = kept["job_cluster_key"][1]
            first = m.node.value[0][0]
            at = first.start_mark.index
            indent = " " * (first.start_mark.column - 2)
            text = f"job_cluster_key: {name.value}\n{indent}  new_cluster: {{spark_version: 15.4.x-scala2.12, node_type_id: i3.xlarge, num_workers: 1}}\n{indent}- "
            here = line(first.start_mark)
            yield Plant(m.file, {here, here + 2 + name.start_mark.line - first.start_mark.line}, [(at, at, text)], [name.value], "a job cluster twice")


@mistake("key-twice")
def _(site):
    for role in ("job", "task", "cluster"):
        for m in site.maps(role):
            for k, v in m.node.value[1:]:
                if isinstance(v, yaml.ScalarNode) and v.style not in ("|", ">") and k.value not in ("<<", "task_key"):
                    first = m.node.value[0][0]
                    plant = add_before(m, first, f"{k.value}: {v.value if not held(v) and v.style is None else 'x'}", [k.value], f"{k.value} twice",
                                       lambda here, count, k=k: {here, line(k.start_mark) + 1})
                    yield plant


@mistake("job-twice")
def _(site):
    for p in site.places:
        if p.key is not None and len(p.path) == 3 and p.path[:2] == ("resources", "jobs") and p.key.start_mark.column <= 4:
            at = p.key.start_mark.index
            indent = " " * p.key.start_mark.column
            yield Plant(p.file, {line(p.key.start_mark), line(p.key.start_mark) + 1}, [(at, at, f"{p.key.value}: {{name: other}}\n{indent}")],
                        [p.key.value], "a job's key twice")


@mistake("parameter-twice")
def _(site):
    for m in site.maps("parameters[]"):
        kept = children(m)
        if "name" in kept and "default" in kept and not held(kept["name"][1]) and "job" in roles(m.path[:-2]):
            first = m.node.value[0][0]
            indent = " " * (first.start_mark.column - 2)
            here = line(first.start_mark)
            yield Plant(m.file, {here, here + 1 + kept["name"][0].start_mark.line - first.start_mark.line},
                        [(first.start_mark.index, first.start_mark.index, f"{{name: {kept['name'][1].value}, default: other}}\n{indent}- ")],
                        [kept["name"][1].value], "a parameter twice")


def without(site, role, name):
    for m in site.maps(role):
        kept = children(m)
        if name not in kept or len(m.node.value) < 2 or m.node.value[0][0].value == name or not isinstance(kept[name][1], yaml.ScalarNode):
            continue
        k, v = kept[name]
        if v.style in ("|", ">") or v.end_mark.line != k.start_mark.line or sum(1 for q in site.places if q.path == m.path) > 1 \
                or k.value in ("name", "default") and not isinstance(m.path[-1], int) or any(x.value == "<<" for x, _ in m.node.value):
            continue
        text = site.text(m)
        start = k.start_mark.index - k.start_mark.column
        end = text.find("\n", v.end_mark.index) + 1 or len(text)
        near = {line(m.node.start_mark), line(m.node.start_mark) - 1} | ({line(m.key.start_mark)} if m.key else set())
        yield Plant(m.file, near, [(start, end, "")], [name], f"{name} taken away")


@mistake("required-field-missing")
def _(site):
    for role, name in (("schedule", "timezone_id"), ("schedule", "quartz_cron_expression"), ("notebook_task", "notebook_path"),
                       ("python_wheel_task", "entry_point"), ("git_source", "git_provider"), ("parameters[]", "default"), ("permissions[]", "level"),
                       ("job_clusters[]", "job_cluster_key"), ("environments[]", "environment_key"), ("sql_task", "warehouse_id")):
        if role == "parameters[]":
            yield from (p for p in without(site, role, name))
        else:
            yield from without(site, role, name)


@mistake("task-without-type")
def _(site):
    for m in site.maps("task"):
        kept = children(m)
        types = [k for k in kept if k.endswith("_task")]
        if len(types) == 1 and types[0] != m.node.value[0][0].value and sum(1 for q in site.places if q.path == m.path) == 1 \
                and not any(k.value == "<<" for k, _ in m.node.value) and block(kept[types[0]][1]) and m.node.value[-1][0].value == types[0]:
            k, v = kept[types[0]]
            near = {line(m.node.start_mark), line(m.node.start_mark) - 1}
            if "task_key" in kept:
                near.add(line(kept["task_key"][0].start_mark))
            yield Plant(m.file, near, [(k.start_mark.index - k.start_mark.column, v.end_mark.index - v.end_mark.column, "")], ["task"], f"{types[0]} taken away")


@mistake("variable-without-value")
def _(site):
    for p in site.places:
        if len(p.path) != 2 or p.path[0] != "variables" or not block(p.node) or not isinstance(p.node, yaml.MappingNode):
            continue
        name, kept = p.path[1], children(p)
        if p.in_target or "default" not in kept or "lookup" in kept or "${var." + name + "}" not in site.all_text():
            continue
        k, v = kept["default"]
        elsewhere = sum(1 for q in site.places if q.path[:2] == p.path) > len(kept) + 1
        given = any(a.startswith(name + "=") for a in site.bundle.arguments)
        if not elsewhere and not given and isinstance(v, yaml.ScalarNode) and v.end_mark.line == k.start_mark.line:
            yield Plant(p.file, {line(p.key.start_mark), line(k.start_mark)},
                        [(k.start_mark.index, v.end_mark.index, "description: nothing" if "description" not in kept else "")],
                        [name], f"variable {name} without its default")


# ---- together, or in a circle

@mistake("two-task-types")
def _(site):
    for m in site.maps("task"):
        kept = children(m)
        types = [k for k in kept if k.endswith("_task")]
        if len(types) == 1 and types[0] not in ("sql_task", "for_each_task"):
            first = m.node.value[0][0]
            yield add_before(m, first, "run_job_task: {job_id: 12}", ["run_job_task", types[0]], "a second type of task",
                             lambda here, count, k=kept[types[0]][0], m=m: {here, line(k.start_mark) + 1, line(m.node.start_mark)})


@mistake("two-computes")
def _(site):
    for m in site.maps("task"):
        kept = children(m)
        for compute in ("job_cluster_key", "new_cluster"):
            if compute in kept and "existing_cluster_id" not in kept:
                yield add_before(m, m.node.value[0][0], "existing_cluster_id: 0101-000000-abcdefgh", ["existing_cluster_id", compute], "two computes",
                                 lambda here, count, k=kept[compute][0], m=m: {here, line(k.start_mark) + 1, line(m.node.start_mark)})


@mistake("two-sizes")
def _(site):
    for m in site.maps("cluster"):
        kept = children(m)
        if ("num_workers" in kept) != ("autoscale" in kept) and sum(1 for q in site.places if q.path == m.path) == 1:
            there = "num_workers" if "num_workers" in kept else "autoscale"
            more = "autoscale: {min_workers: 1, max_workers: 2}" if there == "num_workers" else "num_workers: 2"
            yield add_before(m, m.node.value[0][0], more, ["num_workers", "autoscale"], "two sizes",
                             lambda here, count, k=kept[there][0]: {here, line(k.start_mark) + 1})


@mistake("schedule-and-continuous")
def _(site):
    for m in site.maps("job"):
        kept = children(m)
        if "schedule" in kept and "continuous" not in kept:
            yield add_before(m, m.node.value[0][0], "continuous: {pause_status: PAUSED}", ["continuous", "schedule"], "schedule and continuous",
                             lambda here, count, k=kept["schedule"][0]: {here, line(k.start_mark) + 1, line(k.start_mark) + 2})


@mistake("task-waits-for-itself")
def _(site):
    for m in site.maps("task"):
        kept = children(m)
        if "depends_on" not in kept and "task_key" in kept and not held(kept["task_key"][1]) and isinstance(m.path[-1], int):
            name = kept["task_key"][1].value
            first = m.node.value[0][0]
            yield add_before(m, first, f"depends_on: [{{task_key: {name}}}]", [name], "a task waits for itself")


@mistake("tasks-in-a-circle")
def _(site):
    for m in site.maps("task"):
        kept = children(m)
        if "depends_on" in kept or "task_key" not in kept or held(kept["task_key"][1]) or not isinstance(m.path[-1], int):
            continue
        own = kept["task_key"][1].value
        for q in site.scalars("task_key"):
            if "depends_on[]" in roles(q.path[:-1]) and q.node.value == own and q.path[:-4] == m.path[:-1]:
                waiting = [t for t in site.maps("task") if t.path == q.path[:-3]]
                if waiting and "task_key" in children(waiting[0]):
                    other = children(waiting[0])["task_key"][1].value
                    yield add_before(m, m.node.value[0][0], f"depends_on: [{{task_key: {other}}}]", [own, other], "two tasks in a circle",
                                     lambda here, count, q=q, m=m: {here, line(q.node.start_mark) + (1 if q.file == m.file and line(q.node.start_mark) >= here else 0)})


@mistake("run-as-two")
def _(site):
    for p in site.places:
        if p.path == ("run_as",) and isinstance(p.node, yaml.MappingNode) and block(p.node) and len(p.node.value) == 1:
            other = "service_principal_name" if p.node.value[0][0].value == "user_name" else "user_name"
            yield add_before(p, p.node.value[0][0], f"{other}: somebody", [other, "run_as"], "two identities",
                             lambda here, count, p=p: {here, here + 1, line(p.key.start_mark)})


@mistake("two-default-targets")
def _(site):
    text_files = [f for f in site.files if re.search(r"^    default: true", site.bundle.texts[f], re.M)]
    for f in text_files:
        text = site.bundle.texts[f]
        if site.target is not None:
            continue
        for m in re.finditer(r"^  (\w+):\n    mode: (production|development)\n(?!    default)", text, re.M):
            at = m.end()
            yield Plant(f, set(range(1, text.count("\n") + 2)), [(at, at, "    default: true\n")], ["default"], "two default targets")


# ---- files

@mistake("file-that-is-missing")
def _(site):
    for p in site.scalars("notebook_path", "python_file"):
        if p.node.value.startswith(("./", "../")):
            yield put(p, p.node.value + "x", ["x"])


LOCAL = ("notebook_path", "python_file", "project_directory", "requirements", "root_path", "source_code_path", "whl", "jar")


def local_paths(site, *names):
    return [p for p in site.scalars(*names) if re.match(r"[\w.]", p.node.value) and ":" not in p.node.value and "*" not in p.node.value]


@mistake("path-misspelt")
def _(site):
    for p in local_paths(site, *LOCAL):
        folder, slash, name = p.node.value.rstrip("/").rpartition("/")
        stem, dot, ending = name.partition(".")
        if len(stem) > 2:
            yield put(p, folder + slash + slip(stem) + dot + ending, [slip(stem)])


@mistake("path-without-ending")
def _(site):
    for p in local_paths(site, "notebook_path", "python_file"):
        stem = re.sub(r"\.\w+$", "", p.node.value)
        if stem != p.node.value:
            yield put(p, stem, [stem.rpartition("/")[2]])


@mistake("path-of-another-folder")
def _(site):
    for p in local_paths(site, *LOCAL):
        if p.node.value.startswith("../"):
            yield put(p, p.node.value[3:] or ".", [p.node.value[3:].strip("/") or "folder"])


@mistake("include-that-is-missing")
def _(site):
    for p in site.places:
        if len(p.path) == 2 and p.path[0] in ("include", "includes") and isinstance(p.node, yaml.ScalarNode) and "*" not in p.node.value:
            yield put(p, p.node.value + "x")


@mistake("include-pattern-that-matches-nothing")
def _(site):
    for p in site.places:
        if len(p.path) == 2 and p.path[0] == "include" and isinstance(p.node, yaml.ScalarNode) and "*" in p.node.value and "/" in p.node.value:
            yield put(p, '"' + p.node.value.replace("/", "x/", 1) + '"')


# ---- YAML

def lines_with(site, pattern):
    for f in site.files:
        text, at = site.bundle.texts[f], 0
        scalars = [n for p in site.places if p.file == f for n in [p.node] if isinstance(n, yaml.ScalarNode) and n.end_mark.line > n.start_mark.line]
        for number, content in enumerate(text.split("\n"), 1):
            m = re.match(pattern, content)
            if m and not any(n.start_mark.line < number - 1 <= n.end_mark.line for n in scalars):
                yield f, number, at, m
            at += len(content) + 1


@mistake("tab")
def _(site):
    for f, number, at, m in lines_with(site, r"^(  +)[a-z_]+: "):
        yield Plant(f, {number}, [(at, at + len(m[1]), "\t")], [], "a tab for blanks")


@mistake("quote-not-closed")
def _(site):
    for f, number, at, m in lines_with(site, r'^ +[a-z_]+: ("[^"\\]+")$'):
        yield Plant(f, {number}, [(at + m.end(1) - 1, at + m.end(1), "")], [], "a quote not closed")


@mistake("bracket-not-closed")
def _(site):
    for f, number, at, m in lines_with(site, r"^ +[a-z_]+: \[[^\[\]]+(\])$"):
        yield Plant(f, {number}, [(at + m.start(1), at + m.end(1), "")], [], "a bracket not closed")


@mistake("colon-without-blank")
def _(site):
    for f, number, at, m in lines_with(site, r"^ +[a-z_]+(: )[a-zA-Z0-9_]+$"):
        yield Plant(f, {number}, [(at + m.start(1) + 1, at + m.end(1), "")], [], "no blank after the colon")


@mistake("one-blank-too-many")
def _(site):
    for f, number, at, m in lines_with(site, r"^( {4,})[a-z_]+: [a-zA-Z0-9_]+$"):
        before = site.bundle.texts[f].split("\n")[number - 2] if number > 1 else ""
        if re.match("^" + m[1] + r"[a-z_]+: [a-zA-Z0-9_]+$", before):
            yield Plant(f, {number, number - 1}, [(at, at, " ")], [], "one blank too many")


@mistake("one-blank-too-few")
def _(site):
    for f, number, at, m in lines_with(site, r"^( {4,})[a-z_]+: [a-zA-Z0-9_]+$"):
        before = site.bundle.texts[f].split("\n")[number - 2] if number > 1 else ""
        if re.match("^" + m[1] + r"[a-z_]+: [a-zA-Z0-9_]+$", before):
            yield Plant(f, {number}, [(at, at + 1, "")], [], "one blank too few")


@mistake("alias-of-nothing")
def _(site):
    for p in site.scalars("notebook_path", "node_type_id", "spark_version", "timezone_id"):
        yield put(p, "*no_such_anchor", ["no_such_anchor"])
