# `cpack -G DEB` gives two packages that share no file; unpacked together they
# serve a project, and only the program's depends on more than libc.
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

mkdir root
dpkg-deb -x "$runtime" root
dpkg-deb -x "$tool" root
PREFIX=$HERE/root/usr
make_project project <<<"$default_targets"
prepare project build
run ./build/app up --url "sqlite:$HERE/app.db"
