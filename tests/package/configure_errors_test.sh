# Mistakes in CMakeLists.txt are errors while configuring, each with its whole
# text.
. "$(dirname "$0")/harness.sh"

mkdir -p project/models project/migrations project/a_folder
echo '#pragma once' >project/models/user.hpp
echo '' >project/main.cpp
echo '' >project/a_file

# The call that has to fail, and the text that it has to give.
refuses() { # call text
  cat >project/CMakeLists.txt <<CMAKE
cmake_minimum_required(VERSION 3.21)
project(mistakes LANGUAGES CXX)
find_package(SchemaGen REQUIRED)
add_executable(app main.cpp)
add_executable(app2 main.cpp)
add_custom_target(docs)
$1
CMAKE
  run_failing configure project build
  expect "$2 Call Stack"
}
entities='schemagen_add_entities(app HEADERS models/user.hpp'

refuses "$entities DRIFT WARN)" \
  'schemagen_add_entities(app): unknown argument "DRIFT"; the keywords are HEADERS, DIALECTS, SCHEMA_DIR, NAMESPACE, ON_DRIFT, DEPENDS'
refuses "$entities DEPENDS docs DIALECT sqlite)" \
  'schemagen_add_entities(app): unknown argument "DIALECT"; the keywords are HEADERS, DIALECTS, SCHEMA_DIR, NAMESPACE, ON_DRIFT, DEPENDS'
refuses "$entities DEPENDS doc)" \
  'schemagen_add_entities(app): DEPENDS "doc" is neither a target nor a file; correct it'
refuses 'schemagen_add_entities(app models/user.hpp)' \
  'schemagen_add_entities(app): unknown argument "models/user.hpp"; the keywords are HEADERS, DIALECTS, SCHEMA_DIR, NAMESPACE, ON_DRIFT, DEPENDS'
refuses "$entities SCHEMA_DIR)" \
  'schemagen_add_entities(app): SCHEMA_DIR has no value; give it one or leave it out'
refuses "$entities DIALECTS)" \
  'schemagen_add_entities(app): DIALECTS has no value; give it one or leave it out'
refuses 'schemagen_add_entities(app)' \
  'schemagen_add_entities(app): HEADERS is missing; name the headers that declare the entities'
refuses 'schemagen_add_entities(app HEADERS models/usr.hpp)' \
  "schemagen_add_entities(app): header \"$HERE/project/models/usr.hpp\" does not exist; correct HEADERS"
refuses 'schemagen_add_entities(app HEADERS ${CMAKE_BINARY_DIR}/made.hpp)' \
  "schemagen_add_entities(app): header \"$HERE/build/made.hpp\" does not exist, and no rule before this makes it; name what does after DEPENDS, or correct HEADERS"
refuses 'schemagen_add_entities(app HEADERS models/*.hpp)' \
  'schemagen_add_entities(app): header "models/*.hpp" is a pattern or a generator expression; name the headers one by one'
refuses 'schemagen_add_entities(app HEADERS $<1:models/user.hpp>)' \
  'schemagen_add_entities(app): header "$<1:models/user.hpp>" is a pattern or a generator expression; name the headers one by one'
refuses 'schemagen_add_entities(app HEADERS models)' \
  "schemagen_add_entities(app): header \"$HERE/project/models\" is a folder; name the headers in it one by one"
refuses 'schemagen_add_entities(ap HEADERS models/user.hpp)' \
  'schemagen_add_entities(ap): there is no target "ap"; call add_executable or add_library before this'
refuses 'schemagen_add_entities(docs HEADERS models/user.hpp)' \
  'schemagen_add_entities(docs): "docs" is not compiled here; name an executable or a library of this project'
refuses 'schemagen_add_entities(SchemaGen::runtime HEADERS models/user.hpp)' \
  'schemagen_add_entities(SchemaGen::runtime): "SchemaGen::runtime" is not compiled here; name an executable or a library of this project'
refuses "$entities DIALECTS mysql)" \
  'schemagen_add_entities(app): DIALECTS "mysql" is unknown; there are sqlite, postgres'
refuses "$entities NAMESPACE my-app)" \
  'schemagen_add_entities(app): NAMESPACE "my-app" is no C++ namespace; use letters, digits, _ and ::'
refuses "$entities NAMESPACE my::class)" \
  'schemagen_add_entities(app): NAMESPACE "my::class" has the word "class", which is taken in C++; give another NAMESPACE'
for word in linux unix main schemagen std; do
  refuses "add_library($word STATIC main.cpp)
schemagen_add_entities($word HEADERS models/user.hpp)" \
    "schemagen_add_entities($word): NAMESPACE \"$word\" has the word \"$word\", which is taken in C++; give another NAMESPACE"
done
refuses "$entities ON_DRIFT IGNORE)" \
  'schemagen_add_entities(app): ON_DRIFT "IGNORE" is unknown; use ERROR, WARN or GENERATE'
refuses "$entities ON_DRIFT MAYBE)" \
  'schemagen_add_entities(app): ON_DRIFT "MAYBE" is unknown; use ERROR, WARN or GENERATE'
refuses "$entities SCHEMA_DIR \$<1:a_folder>)" \
  'schemagen_add_entities(app): SCHEMA_DIR "$<1:a_folder>" is a generator expression; write the path'
refuses "$entities SCHEMA_DIR \${CMAKE_BINARY_DIR}/db)" \
  "schemagen_add_entities(app): SCHEMA_DIR \"$HERE/build/db\" is in the build folder and goes with it; commit it elsewhere"
refuses "$entities SCHEMA_DIR a_file)" \
  "schemagen_add_entities(app): SCHEMA_DIR \"$HERE/project/a_file\" is a file; name a folder"
refuses "$entities)
schemagen_add_entities(app2 HEADERS models/user.hpp SCHEMA_DIR a_folder/../migrations)" \
  "schemagen_add_entities(app2): SCHEMA_DIR \"$HERE/project/migrations\" already belongs to \"app\"; give each set of migrations a folder of its own"
refuses "$entities)
schemagen_add_entities(app HEADERS models/user.hpp SCHEMA_DIR a_folder)" \
  'schemagen_add_entities(app): the target already has migrations in namespace "app"; give this set another NAMESPACE'
refuses "add_executable(app_x main.cpp)
schemagen_add_entities(app_x HEADERS models/user.hpp SCHEMA_DIR x NAMESPACE x)
$entities)
schemagen_add_entities(app HEADERS models/user.hpp SCHEMA_DIR a_folder NAMESPACE x)" \
  'schemagen_add_entities(app): there already is a target "app_x_schemagen_embed", which this set needs for its own; rename the target or give another NAMESPACE where a target has two sets'
refuses "$entities)
schemagen_add_entities(app HEADERS models/user.hpp SCHEMA_DIR a NAMESPACE x)
add_executable(app_x main.cpp)
schemagen_add_entities(app_x HEADERS models/user.hpp SCHEMA_DIR b NAMESPACE y)" \
  'schemagen_add_entities(app_x): there already is a target "app_x_schemagen_embed", which this set needs for its own; rename the target or give another NAMESPACE where a target has two sets'
refuses 'add_library(models INTERFACE)
add_library(models_migrations STATIC main.cpp)
schemagen_add_entities(models HEADERS models/user.hpp)' \
  'schemagen_add_entities(models): an INTERFACE library gets a library "models_migrations" for its migrations, and there already is a target of that name; rename it'
refuses 'schemagen_add_migrations(app SCHEMA_DIR nowhere)' \
  "schemagen_add_migrations(app): SCHEMA_DIR \"$HERE/project/nowhere\" does not exist; make it and put the scripts into it"
refuses 'schemagen_add_migrations(app HEADERS models/user.hpp)' \
  'schemagen_add_migrations(app): unknown argument "HEADERS"; the keywords are SCHEMA_DIR, DIALECTS, NAMESPACE, REPLAY'
refuses 'schemagen_add_migrator(app_migrate)' \
  'schemagen_add_migrator(app_migrate): FROM is missing; name the target whose migrations the program applies'
refuses 'schemagen_add_migrator(app_migrate FROM app)' \
  'schemagen_add_migrator(app_migrate): "app" has no migrations; call schemagen_add_entities(app ...) or schemagen_add_migrations(app ...) before this'
refuses "$entities)
schemagen_add_migrator(app2 FROM app)" \
  'schemagen_add_migrator(app2): there already is a target "app2"; choose another name'

# Two sets of one namespace may lie in one project, but not in one program.
twice='add_library(a STATIC main.cpp)
add_library(b STATIC main.cpp)
add_library(between STATIC main.cpp)
schemagen_add_entities(a HEADERS models/user.hpp SCHEMA_DIR a NAMESPACE db)
schemagen_add_entities(b HEADERS models/user.hpp SCHEMA_DIR b NAMESPACE db)
target_link_libraries(between PRIVATE b)'
refuses "$twice
target_link_libraries(app between a)" \
  'SchemaGen: the migrations of "a" and "b" are in one namespace, "db", and meet in "app", where one would stand for both; give one of them another NAMESPACE'
refuses 'add_library(a-b INTERFACE)
add_library(a.b INTERFACE)
schemagen_add_entities(a-b HEADERS models/user.hpp SCHEMA_DIR a)
schemagen_add_entities(a.b HEADERS models/user.hpp SCHEMA_DIR b)
target_link_libraries(app a-b a.b)' \
  'SchemaGen: the migrations of "a-b" and "a.b" are in one namespace, "a_b", and meet in "app", where one would stand for both; give one of them another NAMESPACE'
sed -i '/^schemagen_add_entities(a-b/,$d' project/CMakeLists.txt
cat >>project/CMakeLists.txt <<CMAKE
$twice
target_link_libraries(app \$<IF:\$<CONFIG:Debug>,a,b>)
target_link_libraries(app2 between)
CMAKE
run configure project build

# A package that is not there, or another version of it.
wrong_package() { # find_package arguments, text
  printf '%s\n' 'cmake_minimum_required(VERSION 3.21)' \
    'project(mistakes LANGUAGES CXX)' "find_package($1)" \
    >project/CMakeLists.txt
  run_failing configure project build
  expect "$2"
}
wrong_package 'SchemaGen REQUIRED COMPONENTS runtim' \
  'runtim: there is no such component; there are tool, runtime, sqlite, postgres.'
wrong_package 'SchemaGen 99 REQUIRED' 'requested version "99"'

# A project without C++, and a package that is looked for too early.
printf '%s\n' 'cmake_minimum_required(VERSION 3.21)' 'project(only_c LANGUAGES C)' \
  'find_package(SchemaGen REQUIRED)' 'add_library(app INTERFACE)' \
  'schemagen_add_entities(app HEADERS models/user.hpp)' >project/CMakeLists.txt
run_failing configure project c_build
expect 'schemagen_add_entities(app): the migrations are compiled as C++; enable the language CXX, in project() or before this'
# CMake 4 finds the libraries all the same.
early() { # a line before find_package, its arguments, the text
  printf '%s\n' 'cmake_minimum_required(VERSION 3.21)' "$1" "find_package($2)" \
    'project(late LANGUAGES CXX)' 'add_executable(app main.cpp)' \
    'schemagen_add_entities(app HEADERS models/user.hpp)' >project/CMakeLists.txt
  rm -rf early_build
  configure project early_build >out.txt 2>&1 || expect "$3"
}
for line in '' 'project(nothing LANGUAGES NONE)'; do
  early "$line" 'SchemaGen REQUIRED' \
    'schemagen_add_entities(app): DIALECTS "sqlite" cannot be linked, because CMake finds no library where no language is on; call find_package(SchemaGen) after project() Call Stack'
done
early '' 'SchemaGen REQUIRED COMPONENTS sqlite tool' \
  'sqlite: SQLite3 is found only where a language is on; call find_package(SchemaGen) after project().'

# Policies of a project from before CMake 3.3, which CMake 4 takes no more.
case $("$CMAKE" --version) in
*"version 3."*)
  printf '%s\n' 'cmake_minimum_required(VERSION 3.2)' 'project(old LANGUAGES C CXX)' \
    'find_package(SchemaGen REQUIRED COMPONENTS runtime sqlite tool)' \
    'add_library(app STATIC main.cpp)' \
    'schemagen_add_entities(app HEADERS models/user.hpp)' >project/CMakeLists.txt
  run configure project old_build -Wno-deprecated
  ;;
esac
