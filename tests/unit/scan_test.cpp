// The scanner on headers that exist in memory only: what it hands on, and what
// it says, word for word.
#include <gtest/gtest.h>

#include <fstream>

#include "support/scan_text.hpp"

namespace schemagen::test {
namespace {

// Line 1 of every header includes the annotations, so `text` begins at line 2.
std::string declared(const std::string& text) {
  const Scanned scanned = scan_text(text);
  EXPECT_EQ(scanned.diagnostics, "");
  EXPECT_TRUE(scanned.result.complete);
  return scanned.declarations;
}

std::string complaint(const std::string& text) {
  const Scanned scanned = scan_text(text);
  EXPECT_FALSE(scanned.result.complete);
  return scanned.diagnostics;
}

// The one member "m" of the struct A, after its name.
std::string member(const std::string& includes, const std::string& text) {
  const std::string all =
      declared(includes + "\nstruct SG_TABLE() A { " + text + " };\n");
  const std::string head = "A table()\n  m: ";
  EXPECT_EQ(all.substr(0, head.size()), head) << all;
  return all.substr(head.size(), all.find('\n', head.size()) - head.size());
}

TEST(Scan, reads_a_table_with_its_column) {
  EXPECT_EQ(
      declared("struct SG_TABLE(.name = \"users\") User { int id = 4; };\n"),
      "User table(.name=\"users\"@2:25)\n"
      "  id: int32 = int 4\n");
}

TEST(Scan, knows_every_annotation_of_a_struct) {
  EXPECT_EQ(
      declared(R"(struct
SG_TABLE(.name = "t", .renamed_from = "o", .schema = "s", .comment = "c",
         .without_rowid = true, .strict = true)
SG_INDEX(.columns = {"a", "b"}, .unique = true, .name = "i", .where = "w",
         .method = "gin", .descending = {"b"}, .expression = "e")
SG_UNIQUE(.columns = {"a"}, .name = "u")
SG_PRIMARY_KEY(.columns = {"a", "b"})
SG_CHECK(.sql = "a > 0", .name = "ck")
SG_FOREIGN_KEY(.columns = {"a"}, .references = "B", .to = {"x"},
               .on_delete = SG_SET_DEFAULT, .on_update = SG_SET_NULL,
               .name = "fk")
A { int a, b; };
)"),
      R"(A table(.name="t"@3:18, .renamed_from="o"@3:39, .schema="s"@3:54, .comment="c"@3:70, .without_rowid=true@4:27, .strict=true@4:43))"
      R"( index(.columns={"a", "b"}@5:21/5:22/5:27, .unique=true@5:43, .name="i"@5:57, .where="w"@5:71, .method="gin"@6:20, .descending={"b"}@6:41/6:42, .expression="e"@6:62))"
      R"( unique(.columns={"a"}@7:22/7:23, .name="u"@7:37))"
      R"( primary_key(.columns={"a", "b"}@8:27/8:28/8:33))"
      R"( check(.sql="a > 0"@9:17, .name="ck"@9:34))"
      R"( foreign_key(.columns={"a"}@10:27/10:28, .references="B"@10:48, .to={"x"}@10:59/10:60, .on_delete=4@11:29, .on_update=3@11:58, .name="fk"@12:24))"
      "\n  a: int32\n  b: int32\n");
}

TEST(Scan, knows_every_annotation_of_a_member) {
  const std::string text = member("", R"(SG_COLUMN(.using_sql = "u",
.backfill = "b", .renamed_from = "o", .stored = true, .generated = "g",
.comment = "c", .collate = "co", .on_update = SG_RESTRICT,
.on_delete = SG_CASCADE, .references = "B::x", .check = "ch",
.default_sql = "d", .index = true, .unique = true, .autoincrement = true,
.primary_key = true, .scale = 2, .precision = 9, .max_length = 3,
.postgres_type = "p", .sqlite_type = "s", .sql_type = "q", .name = "n")
SG_EMBED(.prefix = "home_") SG_IGNORE int m;)");
  std::string without_places;
  bool skips = false;
  for (const char c : text) {
    skips = c == '@' || (skips && c != ',' && c != ')');
    if (!skips) without_places += c;
  }
  EXPECT_EQ(without_places,
            R"(int32 column(.name="n", .sql_type="q", .sqlite_type="s", )"
            R"(.postgres_type="p", .max_length=3, .precision=9, .scale=2, )"
            R"(.primary_key=true, .autoincrement=true, .unique=true, )"
            R"(.index=true, .default_sql="d", .check="ch", )"
            R"(.references="B::x", .on_delete=2, .on_update=1, )"
            R"(.collate="co", .comment="c", .generated="g", .stored=true, )"
            R"(.renamed_from="o", .backfill="b", .using_sql="u"))"
            R"( embed(.prefix="home_") ignore())");
}

TEST(Scan, reads_enums_with_storage_and_value_names) {
  EXPECT_EQ(declared("enum class SG_ENUM(.storage = SG_NATIVE, .name = \"rs\") "
                     "Role { low SG_VALUE(.name = \"l\") = -3, high };\n"
                     "struct SG_TABLE() A { Role m; };\n"),
            "A table()\n  m: enum Role\n"
            "enum Role enum(.storage=2@2:31, .name=\"rs\"@2:50): low=-3 "
            "value(.name=\"l\"@2:84) high=-2\n");
}

TEST(Scan, tells_an_option_set_to_its_zero_from_one_not_set) {
  EXPECT_EQ(member("", "SG_COLUMN(.unique = false, .name = \"\") int m;"),
            "int32 column(.name=\"\"@3:58, .unique=false@3:43)");
}

TEST(Scan, takes_constants_expressions_and_users_macros) {
  EXPECT_EQ(declared(R"(constexpr const char* kName = "users";
constexpr char kLetters[] = "xyz";
constexpr int kLength = 300;
#define KEY(...) SG_COLUMN(.primary_key = true, __VA_ARGS__)
#define PLAIN SG_COLUMN(.unique = true)
struct SG_TABLE(.name = kName, .comment = kLetters + 1) A {
  KEY(.max_length = kLength + 20) int a;
  PLAIN int b;
};
)"),
            "A table(.name=\"users\"@7:25~, .comment=\"yz\"@7:43~)\n"
            "  a: int32 column(.max_length=320@8:21, .primary_key=true@8:3)\n"
            "  b: int32 column(.unique=true@9:3)\n");
}

TEST(Scan, knows_which_strings_are_plain_literals) {
  EXPECT_EQ(declared(R"outer(constexpr const char* kMember = "a";
#define MEMBER "a"
#define UNIQUE(x) SG_UNIQUE(.columns = {x})
struct SG_TABLE() SG_INDEX(.columns = {"a", kMember, MEMBER, "" "a", R"(a)"})
    UNIQUE("a") A { int a; };
)outer"),
            "A table() index(.columns={\"a\", \"a\", \"a\", \"a\", "
            "\"a\"}@5:39/5:40/5:45~/5:54~/5:62~/5:70~) "
            "unique(.columns={\"a\"}@6:5/6:12)\n  a: int32\n");
}

// In large targets; scan_text compares the two ways in every other test.
TEST(Scan, reads_plain_options_off_their_tokens) {
  const auto is_refused = [](const std::string& text) {
    gen::ScanRequest request;
    request.directory = "/memory";
    request.headers = {"a.hpp"};
    request.flags = {"-std=c++20", "-I", SCHEMAGEN_RUNTIME_INCLUDE};
    request.files.push_back(
        {"/memory/a.hpp",
         "#include <schemagen/annotations.hpp>\n#define kTwo 2\n"
         "#define TWICE(x) x x\n"
         "struct " +
             text + ";\n"});
    const TokenReading found = read_off_tokens(request);
    EXPECT_EQ(found.is_refused ? "" : found.declarations,
              found.is_refused
                  ? ""
                  : scan_text("\n\nstruct " + text + ";\n").declarations)
        << text;
    return found.is_refused;
  };
  for (const char* plain :
       {R"(SG_TABLE() A {})", R"(SG_TABLE(.name = "a") A {})",
        R"(SG_TABLE(.strict = true, .name = "a" "b",) A {})",
        R"(SG_TABLE() SG_INDEX(.columns = {"b", "c",}) A { int b, c; })",
        R"(SG_TABLE() A { SG_COLUMN(.max_length = 0, .scale = 12) int b; })",
        R"(SG_TABLE() A { SG_COLUMN(.on_delete = SG_CASCADE) int b; })",
        "SG_TABLE(.comment = \"gr\xc3\xbc\xc3\x9f\") A {}"}) {
    EXPECT_FALSE(is_refused(plain)) << plain;
  }
  for (const char* other :
       {R"(SG_TABLE(.name = "a\x41") A {})",
        R"(SG_TABLE(.name = u8"a") A {})",
        R"(SG_TABLE(.name = R"x(a)x") A {})",
        R"(SG_TABLE(.name = ("a")) A {})",
        R"(SG_TABLE(.name = {"a"}) A {})",
        R"(SG_TABLE(.name = 0) A {})",
        R"(SG_TABLE(.name = "a", .name = "b") A {})",
        R"(SG_TABLE("a") A {})",
        R"(SG_TABLE(.strict = 1) A {})",
        R"(SG_TABLE(.nam = "a") A {})",
        R"(SG_TABLE() SG_INDEX(.columns = {}) A {})",
        R"(SG_TABLE() SG_INDEX(.columns = "b") A { int b; })",
        R"(SG_TABLE() A { SG_COLUMN(.max_length = kTwo) int b; })",
        R"(SG_TABLE() A { SG_COLUMN(.max_length = 1 + 1) int b; })",
        R"(SG_TABLE() A { SG_COLUMN(.max_length = 010) int b; })",
        R"(SG_TABLE() A { SG_COLUMN(.max_length = 0x10) int b; })",
        R"(SG_TABLE() A { SG_COLUMN(.max_length = 1'0) int b; })",
        R"(SG_TABLE() A { SG_COLUMN(.max_length = -1) int b; })",
        "SG_TABLE() A { SG_COLUMN(.max_length = 1\\\n2) int b; }",
        R"(SG_TABLE() A { SG_COLUMN(.max_length = 9999999999) int b; })",
        R"(SG_TABLE() A { SG_COLUMN(.on_delete = SG_TEXT) int b; })",
        R"(SG_TABLE() A { SG_COLUMN(.on_delete = true) int b; })",
        "SG_TABLE() TWICE(SG_CHECK(.sql = \"b > 0\")) A { int b; }",
        "SG_TABLE(.comment = \"\xff\") A {}"}) {
    EXPECT_TRUE(is_refused(other)) << other;
  }
}

TEST(Scan, takes_a_word_of_the_vocabulary_for_what_it_is_called_there) {
  const std::string word = "constexpr auto SG_CASCADE = ::SG_SET_NULL;\n";
  const std::string member = "SG_COLUMN(.on_delete = SG_CASCADE) int a; };\n";
  EXPECT_EQ(scan_text("struct SG_TABLE() A { " + member).declarations,
            "A table()\n  a: int32 column(.on_delete=2@2:46)\n");
  EXPECT_EQ(scan_text("namespace n {\n" + word + "struct SG_TABLE() A { " +
                      member + "}\n")
                .declarations,
            "n::A table()\n  a: int32 column(.on_delete=3@4:46)\n");
  EXPECT_EQ(scan_text("struct Base { static " + word + "};\n" +
                      "struct SG_TABLE() A : Base { " + member)
                .declarations,
            "A table()\n  a: int32 column(.on_delete=3@4:53)\n");
}

TEST(Scan, reads_many_headers_as_it_reads_few) {
  std::map<std::string, std::string> headers;
  for (int n = 100; n < 300; ++n) {
    const std::string number = std::to_string(n);
    headers[number + ".hpp"] =
        "#include <schemagen/annotations.hpp>\nstruct SG_TABLE(.name = \"t" +
        number + "\") T" + number + " { int id; };\n";
  }
  const std::string others = scan_headers(headers).declarations;
  EXPECT_EQ(others.substr(0, others.find('\n')),
            "T100 table(.name=\"t100\"@2:25)");
  for (const char* last : {"struct SG_TABLE(.name = \"l\") L {};\n",
                           "inline constexpr char kName[] = \"l\";\n"
                           "struct SG_TABLE(.name = kName) L {};\n",
                           "struct SG_TABLE(.name = 1) L {};\n"}) {
    headers["last.hpp"] =
        std::string("#include <schemagen/annotations.hpp>\n") + last;
    const Scanned alone = scan_headers({{"last.hpp", headers["last.hpp"]}});
    const Scanned all = scan_headers(headers);
    EXPECT_EQ(all.declarations,
              alone.declarations.empty() ? "" : others + alone.declarations);
    EXPECT_EQ(all.diagnostics, alone.diagnostics);
    EXPECT_EQ(all.result.complete,
              std::string(last).find('1') == std::string::npos);
  }
}

TEST(Scan, composes_several_annotations_and_attributes) {
  EXPECT_EQ(declared("struct SG_TABLE() A { [[deprecated]] SG_COLUMN(.index = "
                     "true) SG_COLUMN(.unique = true) [[maybe_unused]] int a, "
                     "b; int c SG_COLUMN(.name = \"d\"); };\n"),
            "A table()\n"
            "  a: int32 column(.index=true@2:57) column(.unique=true@2:83)\n"
            "  b: int32 column(.index=true@2:57) column(.unique=true@2:83)\n"
            "  c: int32 column(.name=\"d\"@2:140)\n");
}

TEST(Scan, flattens_bases_mixins_and_templates_in_order) {
  EXPECT_EQ(declared(R"(
template <class T> struct SG_INDEX(.columns = {"key"}) Keyed {
  SG_COLUMN(.primary_key = true) T key{2};
  T zero = T();
};
struct Stamps { int at; private: int hidden; };
struct Hidden { int no; };
struct SG_TABLE() A : Keyed<long>, Stamps, private Hidden { int own; };
)"),
            "A table() index(.columns={\"key\"}@3:47/3:48)\n"
            "  key: int64 column(.primary_key=true@4:28) = int 2\n"
            "  zero: int64 = int 0\n"
            "  at: int32\n"
            "  own: int32\n");
}

TEST(Scan, reads_what_an_instance_of_a_template_leaves_for_later) {
  EXPECT_EQ(declared(R"(
#include <optional>
#include <string>
template <class T, int N> struct Counted {
  enum class SG_ENUM(.storage = SG_INTEGER) Step {
    first SG_VALUE(.name = "one") = N, last };
  Step step = Step::last;
  std::optional<Step> other = Step::first;
  T number{N};
  std::optional<T> sum = T(N) + 1;
  std::string name = std::string(N, 'x');
  T wrong = T::none;
};
struct SG_TABLE() A : Counted<long, 3> {};
)"),
            "A table()\n"
            "  step: enum Counted<long, 3>::Step = enum last\n"
            "  other: optional enum Counted<long, 3>::Step = enum first\n"
            "  number: int64 = int 3\n"
            "  sum: optional int64 = int 4\n"
            "  name: string =? std::string(N, 'x')\n"
            "  wrong: int64 =? T::none\n"
            "enum Counted<long, 3>::Step enum(.storage=1@6:33): "
            "first=3 value(.name=\"one\"@7:28) last=4\n");
}

TEST(Scan, tells_the_other_names_of_an_entity) {
  EXPECT_EQ(declared(R"(
struct SG_TABLE() User { int id; };
namespace app { using Owner = User; typedef Owner Boss; using No = int; }
struct Base { using Parent = app::Owner; };
struct SG_TABLE() A : Base { int id; };
)"),
            "User table()\n"
            "  id: int32\n"
            "A table()\n"
            "  id: int32\n"
            "alias app::Owner of User 4:23\n"
            "alias app::Boss of User 4:51\n"
            "alias A::Parent of User 6:19\n");
}

TEST(Scan, hands_on_members_without_a_name_but_not_ignored_ones) {
  EXPECT_EQ(declared("struct SG_TABLE() D { union { int a; float b; }; "
                     "union SG_IGNORE { int c; }; int : 3; };\n"),
            "D table()\n  : other \n");
}

TEST(Scan, tells_whether_a_struct_has_more_than_it_shows) {
  const Scanned scanned = scan_text(R"(
struct Open { int a; };
class Half { public: int a; private: int b; };
struct Heir : private Open { int c; };
struct Empty {};
struct Bare : private Empty { int d; };
struct SG_TABLE() A { Open o; Half h; Heir i; Bare b; };
)");
  std::string hiding;
  for (const gen::Record& record : scanned.result.declarations.records) {
    if (record.hides_data) hiding += record.name + " ";
  }
  EXPECT_EQ(hiding, "Half Heir ");
}

TEST(Scan, reads_a_virtual_base_once) {
  EXPECT_EQ(declared("struct V { int v; }; struct L : virtual V {};\n"
                     "struct R : virtual V {};\n"
                     "struct SG_TABLE() A : L, R { int a; };\n"),
            "A table()\n  v: int32\n  a: int32\n");
}

TEST(Scan, finds_entities_in_namespaces_structs_and_specialisations) {
  EXPECT_EQ(declared(R"(
namespace a::b { struct SG_TABLE() A { int id; }; }
inline namespace v2 { class SG_TABLE() B { int no; public: int id; }; }
struct Outer { struct SG_TABLE() C { int id = 5; }; };
template <class T> struct D;
template <> struct SG_TABLE() D<int> { int id; };
)"),
            "a::b::A table()\n  id: int32\n"
            "v2::B table()\n  id: int32\n"
            "Outer::C table()\n  id: int32 = int 5\n"
            "D<int> table()\n  id: int32\n");
}

TEST(Scan, hands_on_the_structs_that_members_are_made_of) {
  EXPECT_EQ(declared("#include <optional>\n"
                     "struct Zip { int code = 1; };\n"
                     "struct Home { Zip zip; };\n"
                     "struct Unseen { int x; };\n"
                     "struct SG_TABLE() A { SG_EMBED() std::optional<Home> h; "
                     "SG_IGNORE Unseen u; };\n"),
            "A table()\n  h: optional record Home embed()\n"
            "  u: record Unseen ignore()\n"
            "Home\n  zip: record Zip\n"
            "Zip\n  code: int32 = int 1\n");
}

TEST(Scan, maps_types_that_nobody_can_edit) {
  EXPECT_EQ(declared("#include <map>\nnamespace x { struct Uuid; }\n"
                     "using Attributes = std::map<int, int>;\n"
                     "SG_MAP_TYPE(x::Uuid, .postgres_type = \"uuid\")\n"
                     "SG_MAP_TYPE(Attributes, .sql_type = \"json\")\n"),
            "map x::Uuid: .postgres_type=\"uuid\"@5:39\n"
            "map std::map<int, int>: .sql_type=\"json\"@6:37\n");
}

TEST(Scan, keeps_doc_comments_whole) {
  EXPECT_EQ(declared(R"(
/// Of A.
///
/// More; {of} it.
struct SG_TABLE() SG_CHECK(.sql = "{;}") A {
  /** Above. */
  SG_COLUMN(.check = "x{;}") int a;
  int b;  ///< Behind.
  // Not for anybody else.
  int c;
};
)"),
            "A table() check(.sql=\"{;}\"@6:35) // Of A.\n\nMore; {of} it.\n"
            "  a: int32 column(.check=\"x{;}\"@8:22) // Above.\n"
            "  b: int32 // Behind.\n"
            "  c: int32\n");
}

TEST(Scan, takes_the_frame_of_a_comment_for_no_text) {
  EXPECT_EQ(declared(R"(
//////////////
// For us only.
//////////////
struct SG_TABLE() A {
  ////////////
  /// Framed / so.
  ////////////
  int a;
  /***********
   * Starred.
   ***********/
  int b;
};
)"),
            "A table()\n"
            "  a: int32 // Framed / so.\n"
            "  b: int32 // Starred.\n");
}

struct Row {
  const char* text;
  const char* expected;
};

void expect_members(const std::string& includes, const std::vector<Row>& rows) {
  std::string header = includes + "\nstruct SG_TABLE() A {\n";
  std::string expected = "A table()\n";
  for (const Row& row : rows) {
    header += std::string(row.text) + ";\n";
    expected += std::string("  ") + row.expected + "\n";
  }
  const std::string all = declared(header + "};\n");
  EXPECT_EQ(all.substr(0, expected.size()), expected);
}

constexpr const char kIncludes[] = R"(
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
enum class Role { member, admin = 5 };
struct UserId { std::int64_t value; };
struct Named { std::string value; };
struct Titled { std::string value = "none"; };
struct Pair { int x = 1; int y; };
struct Upper { const char* text; operator std::string_view() const; };
constexpr int kDefault = 42;
constexpr const char* kText = "const";
constexpr std::string_view kView = "view";
inline const std::string kString = "string";
int run();
template <class T> using Maybe = std::optional<T>;
using namespace std::chrono;
)";

TEST(Scan, sees_through_to_every_type) {
  expect_members(
      kIncludes,
      {{"bool a", "a: bool"},
       {"char b", "b: int8"},
       {"signed char c", "c: int8"},
       {"std::uint8_t d", "d: intu8"},
       {"short e", "e: int16"},
       {"unsigned short f", "f: intu16"},
       {"const int g", "g: int32"},
       {"unsigned h", "h: intu32"},
       {"long long i", "i: int64"},
       {"std::size_t j", "j: intu64"},
       {"float k", "k: float32"},
       {"double l", "l: float64"},
       {"long double m", "m: other long double"},
       {"std::string n", "n: string"},
       {"std::string_view o", "o: string"},
       {"std::wstring p", "p: other std::basic_string<wchar_t>"},
       {"char q[4]", "q: chars 4"},
       {"std::array<char, 5> r", "r: chars 5"},
       {"std::vector<std::byte> s", "s: bytes 0"},
       {"std::vector<unsigned char> t", "t: bytes 0"},
       {"std::array<std::byte, 16> u", "u: bytes 16"},
       {"std::uint8_t v[3]", "v: bytes 3"},
       {"Maybe<Maybe<Role>> w", "w: optional optional enum Role"},
       {"Role x", "x: enum Role"},
       {"std::byte y", "y: intu8"},
       {"system_clock::time_point z", "z: time_point 1/1000000000"},
       {"sys_seconds aa", "aa: time_point 1/1"},
       {"sys_days ab", "ab: date"},
       {"year_month_day ac", "ac: date"},
       {"local_seconds ad", "ad: local_time 1/1"},
       {"steady_clock::time_point ae",
        "ae: other std::chrono::time_point<std::chrono::steady_clock, "
        "std::chrono::duration<long, std::ratio<1, 1000000000>>>"},
       {"minutes af", "af: duration 60/1 64"},
       {"duration<std::uint32_t, std::ratio<2, 4>> ag", "ag: duration 1/2 u32"},
       {"duration<double> ah",
        "ah: other std::chrono::duration<double, std::ratio<1, 1>>"},
       {"hh_mm_ss<milliseconds> ai", "ai: time_of_day 1/1000"},
       {"std::filesystem::path aj", "aj: path"},
       {"UserId ak", "ak: record UserId"},
       {"int al : 3", "al: other bit-field of int"},
       {"int& am", "am: other int &"},
       {"const int* an", "an: other const int *"},
       {"int ao[3]", "ao: other int[3]"},
       {"std::map<int, std::string> ap",
        "ap: other std::map<int, std::string>"},
       {"std::unique_ptr<UserId> aq", "aq: other std::unique_ptr<UserId>"},
       {"std::vector<Pair> ar", "ar: other std::vector<Pair>"},
       {"__int128 as", "as: other __int128"}});
}

TEST(Scan, takes_constant_initialisers_as_defaults) {
  expect_members(
      kIncludes,
      {{"int a = 18", "a: int32 = int 18"},
       {"int b = kDefault", "b: int32 = int 42"},
       {"int c{1 << 4}", "c: int32 = int 16"},
       {"bool d{true}", "d: bool = bool true"},
       {"bool e = 0", "e: bool = bool false"},
       {"double f = -1.5e3", "f: float64 = real -1500"},
       {"double g = 0.1", "g: float64 = real 0.1"},
       {"float h = 0.1f", "h: float32 = real 0.1"},
       {"double i = 1", "i: float64 = real 1"},
       {"std::uint64_t j = ~0ull", "j: intu64 = int 18446744073709551615"},
       {"std::int64_t k = -9223372036854775807ll - 1",
        "k: int64 = int -9223372036854775808"},
       {"Role l = Role::admin", "l: enum Role = enum admin"},
       {"Maybe<Role> m = Role::member", "m: optional enum Role = enum member"},
       {"std::string n = \"x\"", "n: string = text x"},
       {"std::string o{\"x\"}", "o: string = text x"},
       {"std::string p = std::string(\"y\")", "p: string = text y"},
       {"std::string q = kString", "q: string = text string"},
       {"std::string r{kView}", "r: string = text view"},
       {"std::string s = kText", "s: string = text const"},
       {"std::string t{}", "t: string = text "},
       {"std::string_view u = \"a;\\n\"", "u: string = text a;\n"},
       {"char v[4] = \"abc\"", "v: chars 4 = text abc"},
       {"std::filesystem::path w = \"/tmp\"", "w: path = text /tmp"},
       {"Maybe<int> x = 7", "x: optional int32 = int 7"},
       {"Maybe<int> y{8}", "y: optional int32 = int 8"},
       {"Maybe<int> z = std::nullopt", "z: optional int32 = null "},
       {"Maybe<int> aa{}", "aa: optional int32 = null "},
       {"Maybe<std::string> ab = \"o\"", "ab: optional string = text o"},
       {"Maybe<std::string> ba = std::string{}", "ba: optional string = text "},
       {"Maybe<std::vector<std::byte>> bb = std::vector<std::byte>()",
        "bb: optional bytes 0 = blob "},
       {"Maybe<std::string> bc = Maybe<std::string>{}",
        "bc: optional string = null "},
       {"Titled bd = Titled{std::string{}}", "bd: record Titled = text "},
       {"Titled be = {}", "be: record Titled = text none"},
       {"seconds ac{30}", "ac: duration 1/1 64 = int 30"},
       {"seconds ad = minutes{2}", "ad: duration 1/1 64 = int 120"},
       {"Maybe<seconds> ae = minutes{1}",
        "ae: optional duration 1/1 64 = int 60"},
       {"system_clock::time_point af{}", "af: time_point 1/1000000000 = int 0"},
       {"sys_seconds ag{seconds{5}}", "ag: time_point 1/1 = int 5000000000"},
       {"sys_days ah{}", "ah: date = int 0"},
       {"year_month_day ai{year{2024}, month{2}, day{29}}",
        "ai: date = int 19782"},
       {"UserId aj{7}", "aj: record UserId = int 7"},
       {"UserId ak = {}", "ak: record UserId = int 0"},
       {"Named al{\"n\"}", "al: record Named = text n"},
       {"std::array<std::uint8_t, 2> am{{1, 255}}", "am: bytes 2 = blob 01ff"},
       {"std::vector<std::byte> an = {}", "an: bytes 0 = blob "},
       {"char ao = 'q'", "ao: int8 = int 113"},
       {"Maybe<std::uint8_t> ap = 255", "ap: optional intu8 = int 255"},
       {"hh_mm_ss<seconds> aq{}", "aq: time_of_day 1/1 = int 0"},
       {"hh_mm_ss<seconds> ar{hours{1} + seconds{30}}",
        "ar: time_of_day 1/1 = int 3630"},
       {"hh_mm_ss<milliseconds> as{milliseconds{86399250}}",
        "as: time_of_day 1/1000 = int 86399250"},
       {"hh_mm_ss<minutes> at{minutes{90}}", "at: time_of_day 60/1 = int 90"},
       {"hh_mm_ss<duration<int, std::ratio<1, 2>>> au{seconds{3}}",
        "au: time_of_day 1/2 = int 6"},
       {"Maybe<float> aw = 16777217", "aw: optional float32 = real 16777216"},
       {"Named ax = {.value = \"z\"}", "ax: record Named = text z"},
       {"char ay[4] = {'a', 'b'}", "ay: chars 4 = text ab"},
       {"std::array<char, 4> az = {'a', 'b', 'c', 0}",
        "az: chars 4 = text abc"},
       {"Maybe<hh_mm_ss<seconds>> av = hh_mm_ss<seconds>{seconds{2}}",
        "av: optional time_of_day 1/1 = int 2"}});
}

TEST(Scan, never_takes_a_doubtful_initialiser_for_a_default) {
  expect_members(
      kIncludes,
      {{"system_clock::time_point a = system_clock::now()",
        "a: time_point 1/1000000000 =? system_clock::now()"},
       {"int b = run()", "b: int32 =? run()"},
       {"double c = __builtin_inf()", "c: float64 =? __builtin_inf()"},
       {"Role d = Role(9)", "d: enum Role =? Role(9)"},
       {"std::string e = std::string(3, 'x')",
        "e: string =? std::string(3, 'x')"},
       {"std::string f{\"abc\", 2}", "f: string =? {\"abc\", 2}"},
       {"Maybe<std::uint8_t> g = 300", "g: optional intu8 =? 300"},
       {"Maybe<int> h = 1.5", "h: optional int32 =? 1.5"},
       {"Maybe<minutes> i = duration_cast<minutes>(seconds{90})",
        "i: optional duration 60/1 64 = int 1"},
       {"Pair j{3, 4}", "j: record Pair =? {3, 4}"},
       {"Pair k{}", "k: record Pair"},
       {"year_month_day l{}", "l: date =? {}"},
       {"year_month_day q{year{2023}, month{2}, day{29}}",
        "q: date =? {year{2023}, month{2}, day{29}}"},
       {"year_month_day r{year{2024}, month{4}, day{31}}",
        "r: date =? {year{2024}, month{4}, day{31}}"},
       {"std::string s{Upper{\"abc\"}}", "s: string =? {Upper{\"abc\"}}"},
       {"std::vector<std::byte> m{std::byte{1}}",
        "m: bytes 0 =? {std::byte{1}}"},
       {"hh_mm_ss<seconds> n{-seconds{1}}",
        "n: time_of_day 1/1 =? {-seconds{1}}"},
       {"hh_mm_ss<hours> o{hours{24}}", "o: time_of_day 3600/1 =? {hours{24}}"},
       {"hh_mm_ss<duration<int, std::ratio<1, 2>>> p"
        "{duration<int, std::ratio<1, 2>>{3}}",
        "p: time_of_day 1/2 =? {duration<int, std::ratio<1, 2>>{3}}"}});
}

TEST(Scan, reports_clangs_errors_at_their_place_with_its_hint) {
  const Scanned scanned = scan_text(
      "struct SG_TABLE(.nam = \"x\") A {\n"
      "  SG_COLUMN(.max_length = \"s\") int a;\n"
      "  Unknown b;\n};\nstruct SG_TABLE() B { int id; };\n");
  EXPECT_FALSE(scanned.result.complete);
  EXPECT_EQ(scanned.declarations, "");
  const std::string header =
      std::string(SCHEMAGEN_RUNTIME_INCLUDE) + "/schemagen/annotations.hpp";
  std::string text = scanned.diagnostics;
  const auto note = text.find(header);
  ASSERT_NE(note, std::string::npos);
  text.erase(note, text.find(": note", note) - note);
  EXPECT_EQ(
      text,
      "a.hpp:2:18: error: field designator 'nam' does not refer to any field "
      "in type '::schemagen::Table'; did you mean 'name'? [clang]\n"
      ": note: 'name' declared here [clang]\n"
      "a.hpp:3:27: error: cannot initialize a member subobject of type 'int' "
      "with an lvalue of type 'const char[2]' [clang]\n"
      "a.hpp:4:3: error: unknown type name 'Unknown' [clang]\n");
}

TEST(Scan, tells_a_misspelt_annotation_once_and_reads_on) {
  EXPECT_EQ(complaint("struct SG_TABEL(.name = \"x\") A { int id; };\n"
                      "struct SG_TABLE() SG_INDX(.columns = {\"id\"}) B {\n"
                      "  SG_COLUM(.max_length = 3) int id;\n"
                      "  sg_column(.unique = true) Unknown b;\n"
                      "  SG_IGNOR int c;\n"
                      "};\n"
                      "enum class SG_ENUN() E { x SG_VALU(.name = \"y\") };\n"
                      "SG_MAPTYPE(A, .sql_type = \"x\")\n"),
            "a.hpp:2:8: error: there is no annotation 'SG_TABEL'; did you "
            "mean 'SG_TABLE'? [unknown-annotation]\n"
            "a.hpp:3:19: error: there is no annotation 'SG_INDX'; did you "
            "mean 'SG_INDEX'? [unknown-annotation]\n"
            "a.hpp:4:3: error: there is no annotation 'SG_COLUM'; did you "
            "mean 'SG_COLUMN'? [unknown-annotation]\n"
            "a.hpp:5:3: error: there is no annotation 'sg_column'; did you "
            "mean 'SG_COLUMN'? [unknown-annotation]\n"
            "a.hpp:5:29: error: unknown type name 'Unknown' [clang]\n"
            "a.hpp:6:3: error: there is no annotation 'SG_IGNOR'; did you "
            "mean 'SG_IGNORE'? [unknown-annotation]\n"
            "a.hpp:8:12: error: there is no annotation 'SG_ENUN'; did you "
            "mean 'SG_ENUM'? [unknown-annotation]\n"
            "a.hpp:8:28: error: there is no annotation 'SG_VALU'; did you "
            "mean 'SG_VALUE'? [unknown-annotation]\n"
            "a.hpp:9:1: error: there is no annotation 'SG_MAPTYPE'; did you "
            "mean 'SG_MAP_TYPE'? [unknown-annotation]\n");
}

TEST(Scan, tells_where_parentheses_are_wrong) {
  EXPECT_EQ(complaint("struct SG_TABLE A { SG_COLUMN int id;\n"
                      "  SG_IGNORE() int c; };\n"),
            "a.hpp:2:8: error: SG_TABLE without parentheses; write SG_TABLE() "
            "[annotation-parentheses]\n"
            "a.hpp:2:21: error: SG_COLUMN without parentheses; write "
            "SG_COLUMN() [annotation-parentheses]\n"
            "a.hpp:3:3: error: SG_IGNORE has no parentheses; remove them "
            "[annotation-parentheses]\n");
}

TEST(Scan, tells_where_a_parenthesis_stays_open) {
  for (const char* options :
       {"", ".name = \"a\"", ".strict = true", ".strict = true, .name = \"a\"",
        ".name = \"(\""}) {
    EXPECT_EQ(complaint("struct SG_TABLE(" + std::string(options) +
                        " A { int id; };\n"
                        "struct SG_TABLE() B { int id; };\n"),
              "a.hpp:2:16: error: the parenthesis after SG_TABLE is never "
              "closed; write ) behind the last option "
              "[annotation-parentheses]\n")
        << options;
  }
  EXPECT_EQ(complaint("struct SG_TABLE() SG_INDEX(.columns = {\"id\", \"b\"} A "
                      "{ int id, b; };\n"
                      "struct SG_TABLE() B { int id; SG_COLUMN(.max_length = 3 "
                      "int b; };\n"),
            "a.hpp:2:27: error: the parenthesis after SG_INDEX is never "
            "closed; write ) behind the last option "
            "[annotation-parentheses]\n"
            "a.hpp:3:40: error: the parenthesis after SG_COLUMN is never "
            "closed; write ) behind the last option "
            "[annotation-parentheses]\n");
}

TEST(Scan, tells_where_a_string_stays_open) {
  const std::string others = "struct SG_TABLE() B { int id; };\n";
  EXPECT_EQ(complaint("struct SG_TABLE(.name = \"a) A { int id; };\n" + others),
            "a.hpp:2:25: error: this string is never closed; write \" behind "
            "its last character [annotation-string]\n");
  EXPECT_EQ(complaint("struct SG_TABLE() A {\n"
                      "  SG_COLUMN(.name = \"a, .max_length = 3) int id;\n"
                      "  SG_COLUMN(.name = \"b,\n"
                      "            .max_length = 3) int b;\n};\n" +
                      others),
            "a.hpp:3:21: error: this string is never closed; write \" behind "
            "its last character [annotation-string]\n"
            "a.hpp:4:21: error: this string is never closed; write \" behind "
            "its last character [annotation-string]\n");
}

TEST(Scan, tells_of_a_parenthesis_too_many) {
  const std::string others = "struct SG_TABLE() B { int id; };\n";
  EXPECT_EQ(
      complaint(
          "struct SG_TABLE() ) A { int id; };\n"
          "struct SG_TABLE() C { SG_COLUMN(.max_length = (3))) int id; };\n" +
          others),
      "a.hpp:2:19: error: one ) too many behind the options of SG_TABLE; "
      "remove it [annotation-parentheses]\n"
      "a.hpp:3:51: error: one ) too many behind the options of SG_COLUMN; "
      "remove it [annotation-parentheses]\n");
  // One that closes something of the user's own is none of these.
  EXPECT_EQ(complaint("#define ONE(x) x\n"
                      "struct SG_TABLE() A { ONE(SG_COLUMN()) int id; int 3; "
                      "};\n" +
                      others),
            "a.hpp:3:52: error: expected member name or ';' after declaration "
            "specifiers [clang]\n");
}

TEST(Scan, knows_an_annotation_that_is_written_over_two_lines) {
  EXPECT_EQ(complaint("struct SG_TABLE() A {\n"
                      "  SG_COL\\\nUMN(.q = \"a\") int id;\n};\n"),
            "a.hpp:4:6: error: field designator 'q' does not refer to any "
            "field in type '::schemagen::Column' [clang]\n");
}

TEST(Scan, tells_a_wrong_option_in_a_macro_once_for_each_use) {
  EXPECT_EQ(complaint("#define COL(n) SG_COLUMN(.q = #n) int n\n"
                      "struct SG_TABLE() A {\n  COL(a);\n  COL(b);\n};\n"),
            "a.hpp:4:3: error: field designator 'q' does not refer to any "
            "field in type '::schemagen::Column' [clang]\n"
            "a.hpp:5:3: error: field designator 'q' does not refer to any "
            "field in type '::schemagen::Column' [clang]\n");
}

TEST(Scan, tells_once_that_the_annotations_are_not_included) {
  const Scanned scanned =
      scan_headers({{"a.hpp",
                     "struct SG_TABLE() A { SG_COLUMN() int id; };\n"
                     "int SG_COLUMNS(int);\n"
                     "#define SG_COLUM SG_NO\n"}});
  EXPECT_EQ(scanned.diagnostics,
            "a.hpp:1:8: error: SG_TABLE is not known here; add #include "
            "<schemagen/annotations.hpp> [missing-include]\n");
}

TEST(Scan, leaves_other_words_with_its_prefix_to_clang) {
  EXPECT_EQ(complaint("int SG_COLUMNS(int);\n"
                      "struct SG_TABLE() A { Unknown id; };\n"
                      "int x = SG_LOGGER(3);\n"),
            "a.hpp:3:23: error: unknown type name 'Unknown' [clang]\n"
            "a.hpp:4:9: error: use of undeclared identifier 'SG_LOGGER' "
            "[clang]\n");
}

TEST(Scan, refuses_values_without_option_names_and_null_pointers) {
  EXPECT_EQ(complaint("struct SG_TABLE(\"users\") A {\n"
                      "  SG_COLUMN(.name = nullptr) int a;\n};\n"),
            "a.hpp:2:17: error: a value without the name of its option; write "
            "`.name = value` [option-without-name]\n"
            "a.hpp:3:21: error: .name is a null pointer; give a string or "
            "leave the option out [option-not-text]\n");
}

TEST(Scan, refuses_an_option_that_is_given_twice) {
  EXPECT_EQ(complaint("struct SG_TABLE(.name = \"a\", .name = \"b\") A {};\n"),
            "a.hpp:2:38: error: this option is given twice; keep one of them "
            "[option-twice]\n"
            "a.hpp:2:25: note: it is given here [option-twice]\n");
}

TEST(Scan, evaluates_every_option_however_it_is_written) {
  EXPECT_EQ(
      declared("template <class T> constexpr T twice(T x) {\n"
               "  return 2 * x;\n}\n"
               "constexpr bool kYes = true;\n"
               "static constexpr char kName[] = \"na\" \"me\";\n"
               "struct SG_TABLE() SG_INDEX(.columns = {(kName), {\"b\"}},\n"
               "  .unique = kYes) A {\n"
               "  SG_COLUMN(.max_length = {twice(4)}, .name = (\"x\"),\n"
               "            .unique = {}, .on_delete = SG_CASCADE,\n"
               "            .check = {\"c\"}) int name;\n"
               "  int b;\n};\n"),
      "A table() index(.columns={\"name\", \"b\"}@7:39/7:40~/7:49~, "
      ".unique=true@8:13)\n"
      "  name: int32 column(.name=\"x\"@9:47~, .max_length=8@9:27, "
      ".unique=false@10:23, .check=\"c\"@11:22~, .on_delete=2@10:40)\n"
      "  b: int32\n");
}

TEST(Scan, tells_every_wrong_option_beside_other_errors) {
  EXPECT_EQ(complaint("extern int n;\n"
                      "struct SG_TABLE() A {\n"
                      "  SG_COLUMN(.max_length = n, .scale = 2) int id;\n"
                      "  SG_COLUMN(.unique = true, .unique = true) int b;\n};\n"
                      "Unknown c;\n"),
            "a.hpp:4:27: error: an option here is not constant; use literals "
            "and constexpr values [annotation-not-constant]\n"
            "a.hpp:4:27: note: read of non-const variable 'n' is not allowed "
            "in a constant expression [clang]\n"
            "a.hpp:2:12: note: declared here [clang]\n"
            "a.hpp:5:39: error: this option is given twice; keep one of them "
            "[option-twice]\n"
            "a.hpp:5:23: note: it is given here [option-twice]\n"
            "a.hpp:7:1: error: unknown type name 'Unknown' [clang]\n");
}

TEST(Scan, refuses_values_that_are_not_constant) {
  EXPECT_EQ(complaint("extern const char* name;\n"
                      "struct SG_TABLE(.name = name) A { int id; };\n"),
            "a.hpp:3:8: error: an option here is not constant; use literals "
            "and constexpr values [annotation-not-constant]\n"
            "a.hpp:3:25: note: read of non-constexpr variable 'name' is not "
            "allowed in a constant expression [clang]\n"
            "a.hpp:2:20: note: declared here [clang]\n");
}

TEST(Scan, refuses_annotations_that_can_have_no_effect) {
  const std::string nowhere =
      " error: this annotation is not where it can have an effect; annotate "
      "structs, enums, enumerators and public data members outside of "
      "functions [annotation-without-effect]\n";
  EXPECT_EQ(
      complaint("struct A {\n"
                "  SG_COLUMN() static int a;\n"
                "  SG_COLUMN() void b();\n"
                " private:\n"
                "  SG_COLUMN() int c;\n"
                "  SG_IGNORE int d;\n};\n"
                "inline void f() { struct SG_TABLE() Local { int id; }; }\n"
                "SG_COLUMN() int global;\n"
                "struct SG_TABLE() Forward;\n"),
      "a.hpp:3:3:" + nowhere + "a.hpp:4:3:" + nowhere + "a.hpp:6:3:" + nowhere +
          "a.hpp:9:26:" + nowhere + "a.hpp:10:1:" + nowhere +
          "a.hpp:11:8:" + nowhere);
}

TEST(Scan, refuses_annotations_of_the_wrong_kind) {
  EXPECT_EQ(complaint("struct SG_COLUMN() A { SG_TABLE() int a; };\n"
                      "enum class SG_TABLE() E { x SG_ENUM() };\n"),
            "a.hpp:2:8: error: SG_COLUMN means nothing on a struct; put it "
            "before a public data member [misplaced-annotation]\n"
            "a.hpp:2:24: error: SG_TABLE means nothing on a member; put it "
            "after `struct` or `class` [misplaced-annotation]\n"
            "a.hpp:3:12: error: SG_TABLE means nothing on an enum; put it "
            "after `struct` or `class` [misplaced-annotation]\n"
            "a.hpp:3:29: error: SG_ENUM means nothing on an enumerator; put "
            "it after `enum class` [misplaced-annotation]\n");
}

TEST(Scan, counts_columns_in_characters) {
  EXPECT_EQ(
      complaint("/* gr\xc3\xb6\xc3\x9f \xf0\x9f\x98\x80 */ union "
                "SG_TABLE() B { int id; };\n"),
      "a.hpp:2:20: error: SG_TABLE on a union, whose members exclude each "
      "other; make it a struct [table-union]\n");
  EXPECT_EQ(declared("struct SG_TABLE(.name = \"gr\xc3\xb6\xc3\x9f\") A { "
                     "int id; };\n"),
            "A table(.name=\"gr\xc3\xb6\xc3\x9f\"@2:25)\n  id: int32\n");
}

TEST(Scan, refuses_tables_that_cannot_be) {
  EXPECT_EQ(complaint("template <class T> struct SG_TABLE() A { T id; };\n"
                      "union SG_TABLE() B { int id; };\n"
                      "typedef struct SG_TABLE() { int id; } C;\n"),
            "a.hpp:2:27: error: SG_TABLE on a template, which is a table only "
            "once its parameters are known; put it on a struct that derives "
            "from one instance of the template [table-template]\n"
            "a.hpp:3:7: error: SG_TABLE on a union, whose members exclude each "
            "other; make it a struct [table-union]\n"
            "a.hpp:4:16: error: SG_TABLE on a struct without a name; give it "
            "one [table-unnamed]\n");
}

TEST(Scan, tells_enumerators_beyond_64_signed_bits) {
  const Scanned scanned = scan_text(
      "enum class E : unsigned long { l = ~0ul >> 1, m = ~0ul };\n"
      "struct SG_TABLE() A { E e; };\n");
  const auto& values = scanned.result.declarations.enums.at(0).values;
  EXPECT_FALSE(values.at(0).is_beyond);
  EXPECT_TRUE(values.at(1).is_beyond);
  EXPECT_EQ(values.at(1).number, -1);
}

TEST(Scan, warns_of_an_index_without_a_table) {
  const Scanned scanned =
      scan_text("struct SG_INDEX(.columns = {\"a\"}) A { int a; };\n");
  EXPECT_TRUE(scanned.result.complete);
  EXPECT_EQ(scanned.diagnostics,
            "a.hpp:2:8: warning: SG_INDEX on A, which is neither a table nor "
            "the base of one; add SG_TABLE() [no-table]\n");
}

constexpr const char kGood[] =
    "#include <schemagen/annotations.hpp>\n"
    "struct SG_TABLE() Good { int id; };\n";

TEST(Scan, names_every_header_that_fails_by_itself) {
  const Scanned scanned =
      scan_headers({{"a.hpp", "#include \"missing.hpp\"\n"},
                    {"b.hpp", kGood},
                    {"c.hpp", "#include \"inner/x.hpp\"\n"},
                    {"inner/x.hpp", "int x = y;\n"}},
                   {"-std=c++17"}, {"a.hpp", "b.hpp", "c.hpp"});
  EXPECT_FALSE(scanned.result.complete);
  EXPECT_EQ(scanned.diagnostics,
            "/memory/inner/x.hpp:1:9: error: use of undeclared identifier 'y' "
            "[clang]\n"
            "c.hpp: note: found while scanning this header [scanned-header]\n"
            "a.hpp:1:10: error: 'missing.hpp' file not found [clang]\n"
            "a.hpp:1:10: note: when the build makes it, build the target that "
            "does so first; when schemagen runs before that, name it after "
            "DEPENDS in schemagen_add_entities [missing-file]\n");
}

TEST(Scan, says_that_only_the_combination_fails) {
  const Scanned scanned =
      scan_headers({{"a.hpp", "#define id oops here\n"}, {"b.hpp", kGood}});
  EXPECT_FALSE(scanned.result.complete);
  EXPECT_EQ(scanned.diagnostics,
            "b.hpp: error: this header compiles alone but not after the other "
            "headers of the target; look for a macro, a name or an include "
            "that only one of them may have [headers-clash]\n"
            "b.hpp:2:30: error: expected ';' at end of declaration list "
            "[clang]\n");
}

TEST(Scan, reports_an_open_brace_at_its_header) {
  const Scanned scanned =
      scan_headers({{"a.hpp", "namespace app {\n"}, {"b.hpp", kGood}});
  EXPECT_FALSE(scanned.result.complete);
  EXPECT_EQ(scanned.diagnostics,
            "a.hpp: error: expected '}' [clang]\n"
            "a.hpp:1:15: note: to match this '{' [clang]\n");
}

TEST(Scan, reports_a_header_that_is_not_there) {
  const Scanned scanned =
      scan_headers({{"a.hpp", kGood}}, {}, {"a.hpp", "models/usr.hpp"});
  EXPECT_EQ(scanned.diagnostics,
            "models/usr.hpp: error: there is no such header; put it back, or "
            "take it off HEADERS [no-header]\n");
}

TEST(Scan, reads_headers_that_include_each_other_once) {
  const Scanned scanned = scan_headers(
      {{"a.hpp", "#pragma once\n#include \"b.hpp\"\n"},
       {"b.hpp", std::string("#pragma once\n#include \"a.hpp\"\n") + kGood}});
  EXPECT_EQ(scanned.diagnostics, "");
  EXPECT_EQ(scanned.declarations, "Good table()\n  id: int32\n");
}

TEST(Scan, lists_every_file_the_answer_depends_on) {
  const Scanned scanned =
      scan_headers({{"a.hpp", std::string("#include <cstddef>\n") + kGood}});
  const auto& files = scanned.result.dependencies;
  const auto has = [&](const std::string& end) {
    for (const std::string& file : files) {
      if (file.size() >= end.size() &&
          file.compare(file.size() - end.size(), end.size(), end) == 0) {
        return true;
      }
    }
    return false;
  };
  EXPECT_TRUE(has("/memory/a.hpp"));
  EXPECT_TRUE(has("/schemagen/annotations.hpp"));
  EXPECT_TRUE(has("/stddef.h"));
  EXPECT_FALSE(has("schemagen-scan.cpp"));
}

TEST(Scan, understands_the_flags_of_other_compilers) {
  const Scanned scanned = scan_headers(
      {{"a.hpp", std::string("#ifndef WANTED\n#error no\n#endif\n") + kGood}},
      {"-std=gnu++20", "-O2", "-march=znver9", "-fconcepts", "-fanalyzer", "-o",
       "x.o", "-fplugin=x.so", "-D", "WANTED=1", "-Wmaybe-uninitialized",
       "-finput-charset=latin1", "-Xclang", "-nonsense", "--param", "x=1"});
  EXPECT_EQ(scanned.diagnostics, "");
  EXPECT_TRUE(scanned.result.complete);
}

TEST(Scan, passes_on_what_decides_what_a_header_may_be) {
  const std::string header =
      "#if !defined(A) || !defined(B) || !defined(C) || defined(__AVX2__) != "
      "defined(__x86_64__)\n#error no\n#endif\n"
      "constexpr int count(int n) { int i = 0; while (i < n) ++i; return i; }\n"
      "static_assert(count(500000) == 500000, \"\");\n"
      "struct Packed { char c; long l; };\n"
      "static_assert(sizeof(Packed) == sizeof(char) + sizeof(long), \"\");\n"
      "template <int n> struct Deep { static constexpr int value = "
      "Deep<n - 1>::value; };\n"
      "template <> struct Deep<0> { static constexpr int value = 1; };\n"
      "static_assert(Deep<2000>::value == 1, \"\");\n";
  const Scanned scanned = scan_headers(
      {{"a.hpp", header + kGood}},
      {"-DA", "-Xpreprocessor", "-DB", "--define-macro=C", "-march=x86-64-v3",
       "-fpack-struct", "-ftemplate-depth=3000"});
  EXPECT_EQ(scanned.diagnostics, "");
  EXPECT_TRUE(scanned.result.complete);
}

TEST(Scan, names_the_flags_that_an_error_may_be_for_want_of) {
  const Scanned scanned =
      scan_headers({{"a.hpp", "concept nothing;\n"}},
                   {"-std=c++17", "-O2", "-fPIC", "-fconcepts", "-mtune=native",
                    "-mprefer-vector-width=512", "-o", "-fconcepts-not"});
  EXPECT_EQ(scanned.diagnostics,
            "note: the headers were read without -fconcepts "
            "-mprefer-vector-width=512, which Clang may not know; what needs "
            "that can stand under #ifndef SCHEMAGEN_SCAN [flags-left-out]\n"
            "a.hpp:1:1: error: unknown type name 'concept' [clang]\n");
}

TEST(Scan, reads_an_unknown_standard_as_the_newest_it_knows) {
  const Scanned scanned = scan_headers({{"a.hpp", kGood}}, {"-std=c++35"});
  EXPECT_TRUE(scanned.result.complete);
  const std::string major = gen::scanner_version().substr(0, 2);
  EXPECT_EQ(scanned.diagnostics, "note: Clang " + major +
                                     " has no -std=c++35; the headers are "
                                     "read as -std=c++" +
                                     (major < "17" ? "2b" : "2c") +
                                     " [unknown-standard]\n");
}

TEST(Scan, takes_headers_of_every_standard) {
  for (const char* standard : {"-std=c++11", "-std=c++14", "-std=c++17",
                               "-std=gnu++20", "-std=c++23"}) {
    const Scanned scanned = scan_headers(
        {{"a.hpp", std::string("#include <string>\n") + kGood}}, {standard});
    EXPECT_EQ(scanned.diagnostics, "") << standard;
    EXPECT_TRUE(scanned.result.complete) << standard;
  }
}

}  // namespace
}  // namespace schemagen::test
