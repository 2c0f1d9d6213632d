# bootstrap.sh before a machine that the test makes up: stand-ins for dpkg-query,
# apt-get, id and sudo say what is installed and write down what is asked.
. "$(dirname "$0")/harness.sh"

bootstrap=$SOURCE/cmake/bootstrap.sh
mkdir bin
for program in sh sed tr cat; do ln -s "$(command -v $program)" bin/$program; done
stub() { # name, body
  printf '#!/bin/sh\n%s\n' "$2" >bin/"$1"
  chmod +x bin/"$1"
}
stub id 'echo "${TEST_UID-0}"'
stub env 'exec /usr/bin/env "$@"'
stub dpkg-query "sed 's/^/installed /' '$HERE/installed'"
stub apt-get "echo \"\$@\" >>'$HERE/asked'
case \$1 in install) [ ! -e '$HERE/broken' ] || exit 100
  for word; do echo \"\$word\"; done >>'$HERE/installed' ;; esac"
: >installed
run_here() { PATH=$HERE/bin "$@"; }

run run_here "$bootstrap"
expect "bootstrap: missing on this machine: g++: compiles the tool, the runtime and the examples cmake: configures the build"
expect "bootstrap: everything is installed"
expect_equal "apt-get's first word" "update -qq" "$(head -1 asked)"
case $(sed -n 2p asked) in
"install -y -qq --no-install-recommends "*" g++ cmake "*" git") ;;
*) fail "apt-get was asked: $(sed -n 2p asked)" ;;
esac

# The second run asks nobody and says nothing.
rm asked
run run_here "$bootstrap"
expect_equal "the output" "" "$(output)"
[ ! -e asked ] || fail "a second run calls apt-get"

# What is missing alone is installed; another LLVM has other packages.
grep -v libpq-dev installed >less && mv less installed
expect_equal "--list" libpq-dev "$(run_here "$bootstrap" --list)"
expect_equal "--list test" "" "$(run_here "$bootstrap" --list test)"
run run_here env SCHEMAGEN_LLVM_VERSION=16 "$bootstrap" --list build
expect "clang-16 libclang-16-dev llvm-16-dev lld-16 libpq-dev"

# Nobody who could install it: what to type, and exit code 2.
code=0
TEST_UID=1000 run_here "$bootstrap" >out.txt 2>&1 </dev/null || code=$?
expect_equal "exit code" 2 "$code"
expect "bootstrap: neither root nor sudo; install these yourself and run it again: apt-get install --no-install-recommends libpq-dev"
touch broken
code=0
run_here "$bootstrap" >out.txt 2>&1 || code=$?
expect_equal "exit code" 2 "$code"
expect "bootstrap: apt-get failed (its message is above); install these"
rm bin/apt-get bin/dpkg-query
code=0
run_here "$bootstrap" >out.txt 2>&1 || code=$?
expect_equal "exit code" 2 "$code"
expect "bootstrap: there is no apt-get here; install these"
SCHEMAGEN_BOOTSTRAP=skip run run_here "$bootstrap"

code=0
run_here "$bootstrap" everything >out.txt 2>&1 || code=$?
expect_equal "exit code" 2 "$code"
expect "bootstrap: unknown argument 'everything'; use build, example, test, --list"
