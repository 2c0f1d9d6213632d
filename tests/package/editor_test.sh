# SCHEMAGEN_CLANGD: the .clangd that it writes makes clangd complete and explain
# annotations, and one of the user's own stays as it is.
. "$(dirname "$0")/harness.sh"

make_project project <<<"$default_targets"
run configure project build
[ ! -e project/.clangd ] || fail "a .clangd that nobody asked for"
run configure project build -DSCHEMAGEN_CLANGD=ON
for name in clangd clangd-19 clangd-14; do
  clangd=$(command -v $name) && break
done
run python3 "$SOURCE/tests/package/clangd_test.py" "$clangd" "$PREFIX/include" \
  project/.clangd
expect "clangd completes and explains annotations"

run configure project build
expect_not "Warning"
echo 'Diagnostics: {}' >project/.clangd
run configure project build
expect 'is there already and does not define SCHEMAGEN_IDE; write -DSCHEMAGEN_IDE into "Add:" of its "CompileFlags:"'
expect_equal .clangd 'Diagnostics: {}' "$(cat project/.clangd)"
