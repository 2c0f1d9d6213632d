# The example is copyable as it is: it builds with the installed package, its
# history migrates a fresh database in one go and step by step, and `verify`
# finds nothing, on both engines.
. "$(dirname "$0")/harness.sh"

cp -r "$SOURCE/example_project" "my workshop"
rm -rf "my workshop/.build"
CMAKE_PREFIX_PATH="$PREFIX" run "./my workshop/run.sh"
expect "5 applied, 0 pending"
CMAKE_PREFIX_PATH="$PREFIX" run "./my workshop/run.sh"
expect "ninja: no work to do."
expect "before: what is to be done nothing is pending"
build="my workshop/.build/workshop"
run ctest --test-dir "$build" --output-on-failure
export DATABASE_URL=sqlite:workshop.db
run "./$build/workshop" migrate pending
run "./$build/workshop" receive 'Ada Lovelace' ada@example.org BTX-1815 'brake rubs'
run "./$build/workshop"
expect "#1 Ada Lovelace, frame BTX-1815: brake rubs (received)"
run "./$build/workshop" migrate status --json
expect '"pending_migrations":[]'
run "./$build/workshop" migrate verify

# The status page answers with the same JSON, and tells when it cannot.
"./$build/workshop" serve 0 >address.txt &
server=$!
trap 'kill $server' EXIT
for _ in $(seq 100); do [ -s address.txt ] && break; sleep 0.1; done
get() { # path
  exec 3<>"/dev/tcp/127.0.0.1/$(sed 's|.*:\([0-9]*\)/.*|\1|' address.txt)"
  printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$1" >&3
  cat <&3
}
run get /migrations
expect "HTTP/1.1 200 OK"
expect "Content-Type: application/json"
page=$(tail -1 out.txt)
run "./$build/workshop" migrate status --json
expect_equal "the status page" "$(cat out.txt)" "$page"
mv workshop.db away.db; mkdir workshop.db
run get /migrations
expect '"last_error":{"code":"connection","message":"cannot open workshop.db'
rmdir workshop.db; mv away.db workshop.db

for step in 1 2 3 4 5; do run "./$build/workshop" migrate down; done
for step in 1 2 3 4 5; do run "./$build/workshop" migrate up --steps 1; done
run "./$build/workshop" migrate verify
expect_equal "scripts" 20 "$(ls "my workshop/migrations/"*.sql | wc -l)"
