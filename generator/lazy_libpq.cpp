// libpq, loaded when PostgreSQL is first spoken to. Linked as usual it brings
// 25 libraries (LDAP, Kerberos, TLS) into every start of the tool, four times
// the cost of all else, and most builds of a user never need it.
//
// The driver's calls land here and go on to the real library. Its header is
// left out on purpose: the types below are the binary interface, which libpq
// keeps, while the constness in its header has changed between releases.
#include <dlfcn.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>

namespace {

void* find(const char* function) {
  static void* const library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
  void* const found = library != nullptr ? dlsym(library, function) : nullptr;
  if (found != nullptr) return found;
  std::fprintf(stderr,
               "error: PostgreSQL's client library cannot be used: %s; install "
               "the package libpq5 [no-libpq]\n",
               dlerror());
  std::exit(2);
}

}  // namespace

#define LAZY(result, name, parameters, arguments)                             \
  extern "C" result name parameters {                                         \
    static auto* const real = reinterpret_cast<decltype(name)*>(find(#name)); \
    return real arguments;                                                    \
  }

using Text = const char*;
using Texts = const char* const*;
using Numbers = const int*;

LAZY(int, PQbackendPID, (void* c), (c))
LAZY(void, PQclear, (void* r), (r))
LAZY(int, PQclientEncoding, (void* c), (c))
LAZY(char*, PQcmdStatus, (void* r), (r))
LAZY(char*, PQcmdTuples, (void* r), (r))
LAZY(void*, PQconnectdbParams, (Texts k, Texts v, int e), (k, v, e))
LAZY(void, PQconninfoFree, (void* o), (o))
LAZY(void*, PQconninfoParse, (Text t, char** e), (t, e))
LAZY(char*, PQdb, (void* c), (c))
LAZY(char*, PQerrorMessage, (void* c), (c))
LAZY(char*, PQescapeLiteral, (void* c, Text t, std::size_t n), (c, t, n))
LAZY(void*, PQexec, (void* c, Text q), (c, q))
LAZY(void*, PQexecParams,
     (void* c, Text q, int n, const unsigned* t, Texts v, Numbers l, Numbers f,
      int r),
     (c, q, n, t, v, l, f, r))
LAZY(void, PQfinish, (void* c), (c))
LAZY(char*, PQfname, (void* r, int n), (r, n))
LAZY(void, PQfreemem, (void* p), (p))
LAZY(int, PQgetCopyData, (void* c, char** b, int a), (c, b, a))
LAZY(void*, PQgetResult, (void* c), (c))
LAZY(int, PQgetisnull, (void* r, int t, int f), (r, t, f))
LAZY(int, PQgetlength, (void* r, int t, int f), (r, t, f))
LAZY(char*, PQgetvalue, (void* r, int t, int f), (r, t, f))
LAZY(void*, PQmakeEmptyPGresult, (void* c, int s), (c, s))
LAZY(int, PQnfields, (void* r), (r))
LAZY(int, PQntuples, (void* r), (r))
LAZY(int, PQputCopyEnd, (void* c, Text e), (c, e))
LAZY(void, PQreset, (void* c), (c))
LAZY(char*, PQresultErrorField, (void* r, int f), (r, f))
LAZY(int, PQresultStatus, (void* r), (r))
LAZY(int, PQsendQuery, (void* c, Text q), (c, q))
LAZY(int, PQserverVersion, (void* c), (c))
LAZY(int, PQsetClientEncoding, (void* c, Text e), (c, e))
LAZY(void*, PQsetNoticeReceiver, (void* c, void* f, void* a), (c, f, a))
LAZY(int, PQstatus, (void* c), (c))
LAZY(int, PQtransactionStatus, (void* c), (c))
LAZY(char*, PQuser, (void* c), (c))
LAZY(Text, pg_encoding_to_char, (int e), (e))
