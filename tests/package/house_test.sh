# The rules of the house that a grep can see: which folder includes which, what
# stands at the top level, how long files are.
. "$(dirname "$0")/harness.sh"
cd "$SOURCE"
found=$HERE/found.txt
: >"$found"

files_of() { find "$1" -type f \( -name '*.[ch]pp' -o -name '*.ipp' \); }

# Includes of `folder` that match `pattern` but not `allowed`.
forbid() { # folder pattern allowed
  files_of "$1" | sort | xargs -r grep -nE "^#\s*include\s*[<\"]$2" |
    grep -vE "include\s*[<\"]$3" >>"$found" || true
}

rooms='(model|plan|dialect|lint|emit|scan|commands)/'
forbid generator/model "$rooms" '(model)/'
forbid generator/plan "$rooms" '(model|plan)/'
forbid generator/dialect "$rooms" '(model|plan|dialect)/'
forbid generator/scan "$rooms" '(model|scan)/'
forbid generator/lint "$rooms" '(model|plan|dialect|lint)/'
forbid generator/emit "$rooms" '(model|plan|dialect|emit)/'
for room in model plan dialect lint emit commands; do
  forbid generator/$room '(clang|llvm)[/-]' 'nothing'
done
# The runtime knows no generator and no library but the database's own.
forbid runtime "$rooms" 'nothing'
forbid runtime '[a-z_]+/' '(schemagen|core|sqlite|postgres|cli|sys)/'
forbid runtime '(sqlite3|libpq-fe)' 'nothing' # taken back for the drivers:
grep -vE '^runtime/sqlite/.*sqlite3\.h|^runtime/postgres/.*libpq-fe\.h' \
  "$found" >"$found.kept" || true
mv "$found.kept" "$found"
forbid runtime/include '[a-z0-9_]+/' 'schemagen/'
forbid runtime/core '(sqlite|postgres|cli)/' 'nothing'
forbid runtime/sqlite '(postgres|cli)/' 'nothing'
forbid runtime/postgres '(sqlite|cli)/' 'nothing'

[ ! -s "$found" ] || {
  cat "$found"
  fail "these includes point against the arrows of the house"
}

# What is one engine's own stands in its folders or in a row of a table.
{ files_of generator; files_of runtime; } | sort |
  grep -vE '^(generator/dialect|runtime/sqlite|runtime/postgres)/' |
  xargs grep -nE '[=!]= *"(sqlite|postgres)"|"(sqlite|postgres)" *[=!]=' \
    >"$found" || true
[ ! -s "$found" ] || {
  cat "$found"
  fail "shared code asks which dialect it is; give the dialect a row instead"
}

# A Turkish program has another lower case of I, and SQLITE: is no scheme there.
{ files_of generator; files_of runtime; } | sort |
  xargs grep -nE 'std::to(lower|upper)\b' >"$found" || true
[ ! -s "$found" ] || {
  cat "$found"
  fail "these ask the program's locale; ask core::lower"
}

expect_equal "the top level" \
  "CMakeLists.txt CMakePresets.json LICENSE README.md cmake example_project generator runtime templates tests" \
  "$(sources -not -path './.*' | cut -d/ -f1 | LC_ALL=C sort -u | paste -sd' ')"

too_long() { # folder suffix lines
  sources -path "./$1/*$2" | while read -r file; do
    lines=$(wc -l <"$file")
    [ "$lines" -le "$3" ] || echo "$file: $lines lines, at most $3"
  done
}
{
  too_long generator .hpp 230
  too_long runtime .hpp 150
  too_long generator .cpp 600
  too_long runtime .cpp 600
} >"$found"
total=$(cat runtime/include/schemagen/*.hpp | wc -l)
[ "$total" -le 500 ] || echo "runtime/include: $total lines, at most 500" >>"$found"
[ ! -s "$found" ] || {
  cat "$found"
  fail "these files are too long; cut them where they have a seam"
}

# Every fault of the catalogue that SQL has to survive has a test by its id.
for fault in $(seq -f 'S%02g' 1 39) $(seq -f 'P%02g' 1 29); do
  grep -rqE "^ *(TEST[_FP]*\(\w+,|) *(\w+_)?${fault}_\w+\) \{" tests ||
    echo "no test is named after $fault"
done >"$found"
[ ! -s "$found" ] || {
  cat "$found"
  fail "a fault without a test comes back"
}

# So has every point of the two lists in tests/README.md: the third column names it.
sed -n 's/^| R*[0-9]* |[^|]*|\([^|]*\)|.*/\1/p' tests/README.md >"$HERE/points.txt"
expect_equal "points" 49 "$(grep -c '`' "$HERE/points.txt")"
grep -o '`[^`]*`' "$HERE/points.txt" | tr -d '`' | sort -u | while read -r test; do
  case $test in
  *.*) grep -rqE "^TEST(_[FP])?\(${test/./, }\) " tests/unit tests/faults ;;
  *) grep -qw "$test" tests/package/CMakeLists.txt &&
    [ -f "tests/package/${test}_test.sh" ] ;;
  esac || echo "tests/README.md: there is no test $test"
done >"$found"
[ ! -s "$found" ] || {
  cat "$found"
  fail "a point without its test comes back"
}

# A directive of scripts is known to who reads about them.
sed -n 's/^    {"\(.*\)", &Directives.*/\1/p' runtime/core/directives.cpp |
  while read -r word; do
    grep -qF "\`-- schemagen: $word\`" generator/README.md ||
      echo "generator/README.md does not explain -- schemagen: $word"
  done >"$found"
[ ! -s "$found" ] || {
  cat "$found"
  fail "a directive is not explained"
}

for word in "TO""DO" "FIX""ME" "GTEST_""SKIP"; do
  ! sources -not -name '*.md' | tr '\n' '\0' | xargs -0 grep -nIF "$word" ||
    fail "unfinished work is marked above"
done
