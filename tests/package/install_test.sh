# The package that the other tests use: installed once, then moved, because an
# installation may be unpacked anywhere. The list of its files is golden.
. "$(dirname "$0")/harness.sh"

rm -rf "$WORK/first prefix" "$PREFIX"
run "$CMAKE" --install "$BUILD" --prefix "$WORK/first prefix"
mv "$WORK/first prefix" "$PREFIX"

# Clang's own headers are many and not ours, so that the list leaves them out.
(cd "$PREFIX" && find . -type f | sed -e 's|^\./||' \
  -e 's|lib/x86_64-linux-gnu/|lib/|' \
  -e 's|targets-[a-z]*\.cmake|targets-CONFIG.cmake|' |
  grep -v '^lib/schemagen/include/' | LC_ALL=C sort) >installed.txt
if ! diff -u "$SOURCE/tests/package/installed.txt" installed.txt; then
  fail "other files are installed; if that is meant, edit installed.txt"
fi
if grep -rIl -e "$SOURCE" -e "$BUILD" "$PREFIX/lib/cmake" "$PREFIX/lib/pkgconfig" \
  2>/dev/null; then
  fail "these installed files name folders of the build machine"
fi
run "$SCHEMAGEN" --version
