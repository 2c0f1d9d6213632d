# `schemagen lint` as people and machines start it: each form with its whole
# text, its exit code, lint.conf beside the scripts, and a script by name.
. "$(dirname "$0")/harness.sh"

make_project project <<'CMAKE'
add_executable(app main.cpp)
schemagen_add_migrations(app SCHEMA_DIR "a, db")
CMAKE
mkdir "project/a, db"
echo 'CREATE TABLE users (id INTEGER PRIMARY KEY, nick TEXT, email TEXT);' \
  >"project/a, db/20260101000000_first.up.sql"
script="$HERE/project/a, db/20260102000000_drop_nick.up.sql"
uri="file://$HERE/project/a%2C%20db/20260102000000_drop_nick.up.sql"
cat >"$script" <<'SQL'
ALTER TABLE users DROP COLUMN nick;
ALTER TABLE users RENAME COLUMN email TO mail;
SQL
run configure project build
state() { find project -type f -exec sha256sum {} + | LC_ALL=C sort -k2; }
state >before.txt

lint() { # exit code, arguments...; standard input: both outputs
  local code=$1 got=0
  shift
  "$SCHEMAGEN" lint -p build "$@" >"$HERE/out.txt" 2>&1 || got=$?
  expect_equal "exit code of lint $*" "$code" "$got"
  diff - "$HERE/out.txt" || fail "lint $* says something else"
}
drops="drops a column with all its values: users.nick; first ship a program that no longer reads it, then drop it, and say so"
renames="renames a column that running programs know by its old name: users.email to mail; stop the old programs first, or add the new column beside the old one"

lint 1 <<TEXT
$script:1:1: error: $drops [drop-column]
$script:2:1: warning: $renames [rename-column]
TEXT
lint 1 --github <<TEXT
::error file=$HERE/project/a%2C db/20260102000000_drop_nick.up.sql,line=1,col=1,title=drop-column::$drops
::warning file=$HERE/project/a%2C db/20260102000000_drop_nick.up.sql,line=2,col=1,title=rename-column::$renames
TEXT
lint 1 --json <<JSON
{"diagnostics": [
  {"severity": "error", "id": "drop-column", "message": "$drops", "file": "$script", "line": 1, "column": 1},
  {"severity": "warning", "id": "rename-column", "message": "$renames", "file": "$script", "line": 2, "column": 1}
]}
JSON
lint 0 first --json <<'JSON'
{"diagnostics": []}
JSON
lint 2 second <<TEXT
$HERE/project/a, db: error: holds no migration "second"; name it by its id or its name [unknown-migration]
TEXT
lint 2 frist <<TEXT
$HERE/project/a, db: error: holds no migration "frist"; did you mean "first"? [unknown-migration]
TEXT
# A variable of CI that is empty is no release.
lint 2 --since "" <<TEXT
$HERE/project/a, db: error: holds no migration ""; give --since the last released id [unknown-migration]
TEXT

# SARIF, as a code host reads it.
lint_sarif() { # expected results
  "$SCHEMAGEN" lint -p build --format sarif >sarif.json 2>&1 || true
  python3 - >"$HERE/out.txt" <<'PY'
import json
log = json.load(open("sarif.json"))
run, = log["runs"]
rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
print(log["version"], run["tool"]["driver"]["name"])
for result in run["results"]:
    assert rules[result["ruleIndex"]] == result["ruleId"]
    assert len(result["partialFingerprints"]["schemagen/v1"]) == 64
    where = result["locations"][0]["physicalLocation"]
    print(result["ruleId"], result["level"], where["artifactLocation"]["uri"],
          *where["region"].values(),
          *("%(kind)s: %(justification)s" % s for s in result.get("suppressions", [])))
    print(result["message"]["text"])
PY
  diff - "$HERE/out.txt" || fail "the SARIF log says something else"
}
lint_sarif <<TEXT
2.1.0 schemagen
drop-column error $uri 1 1
$drops
rename-column warning $uri 2 1
$renames
TEXT
state | diff before.txt - || fail "lint changed the tree"

# Warnings alone are no failure; lint.conf says how loud a rule is, and the
# script itself what is allowed.
printf 'drop-column note\nrename-column error # we have many readers\n' \
  >"project/a, db/lint.conf"
lint 1 <<TEXT
$script:1:1: note: $drops [drop-column]
$script:2:1: error: $renames [rename-column]
TEXT
printf 'drop-column warning\nrename-column off\n' >"project/a, db/lint.conf"
lint 0 <<TEXT
$script:1:1: warning: $drops [drop-column]
TEXT
echo 'drop-colum off' >"project/a, db/lint.conf"
lint 2 <<TEXT
$HERE/project/a, db/lint.conf:1:1: error: no rule is called "drop-colum"; did you mean "drop-column"? [unknown-rule]
TEXT
ln -sf nowhere "project/a, db/lint.conf"
lint 2 <<TEXT
$HERE/project/a, db/lint.conf: error: cannot be read: No such file or directory; check the path and its permissions [cannot-read]
TEXT
rm "project/a, db/lint.conf"
sed -i '1i -- schemagen-lint: allow drop-column, no release since 2.3 reads it' "$script"
lint 0 <<TEXT
$script:3:1: warning: $renames [rename-column]
TEXT
lint_sarif <<TEXT
2.1.0 schemagen
drop-column error $uri 2 1 inSource: no release since 2.3 reads it
$drops
rename-column warning $uri 3 1
$renames
TEXT
run configure project build
run build build # lint.conf and the comment are nothing that a build minds
