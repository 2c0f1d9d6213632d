# `cpack -G DEB` gives two packages that share no file; installed together they
# serve a project, and leave nothing when they go.
. "$(dirname "$0")/harness.sh"

run cpack --config "$BUILD/CPackConfig.cmake" -G DEB -B "$HERE/packages"
runtime=$(ls packages/libschemagen-dev_*.deb)
tool=$(ls packages/schemagen_*.deb)
for package in "$runtime" "$tool"; do
  dpkg-deb --fsys-tarfile "$package" | tar -t | grep -v '/$' | sort \
    >"$(basename "$package").txt"
done
expect_equal "shared files" "" "$(comm -12 ./*schemagen-dev*.txt ./schemagen_*.txt)"
run dpkg-deb -f "$tool" Depends
expect "libc6"
expect_not "libllvm"
expect_not "libclang"

# dpkg itself installs them into a root of their own; only root may do that.
on_root() {
  run dpkg --root="$HERE/root" --log="$HERE/dpkg.log" --force-depends \
    --force-bad-path "$@"
}
if [ "$(id -u)" = 0 ]; then
  mkdir -p root/var/lib/dpkg/info root/var/lib/dpkg/updates
  touch root/var/lib/dpkg/status
  on_root -i "$runtime" "$tool"
else
  mkdir root
  dpkg-deb -x "$runtime" root
  dpkg-deb -x "$tool" root
fi
PREFIX=$HERE/root/usr
make_project project <<<"$default_targets"
prepare project build
run ./build/app up --url "sqlite:$HERE/app.db"
man=$(find root -name 'schemagen.1*')
run "$PREFIX/bin/schemagen" --help
sed -n 's/^  \([a-z]\+\)  .*/\1/p' out.txt | while read -r command; do
  grep -qE "^\.BR? .*\b$command\b" "$man" || fail "the man page lacks $command"
done

if [ "$(id -u)" = 0 ]; then
  on_root --purge schemagen libschemagen-dev
  expect_equal "left files" "" "$(find root -path "root/usr/*" -type f)"
fi
