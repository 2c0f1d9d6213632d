// How the runtime makes errors and hands them on. Inside, what fails returns
// false and its Error waits in a slot: a Result in every call would be a
// quarter of the runtime's size. The public calls turn it into a Result.
#pragma once

#include <string>

#include "schemagen/result.hpp"

#if defined(__GNUC__)
#define SCHEMAGEN_PRINTF(format_at, first) \
  __attribute__((format(printf, format_at, first)))
#else
#define SCHEMAGEN_PRINTF(format_at, first)
#endif

namespace schemagen::core {

ErrorBox make_error(ErrorCode code, std::string message);

/// The same with the parts of its message, ready to be returned.
SCHEMAGEN_PRINTF(2, 3)
ErrorBox refuse(ErrorCode code, const char* format, ...);

/// The error of one connection, until somebody takes it.
class ErrorSlot {
 public:
  bool ok() const { return error_.empty(); }
  /// These put an error in and return false.
  bool keep(ErrorBox error);
  SCHEMAGEN_PRINTF(3, 4)
  bool refuse(ErrorCode code, const char* format, ...);
  /// True for an empty box; else keeps it and returns false.
  bool pass(ErrorBox error);

  Error& operator*() const { return *error_; }
  Error* operator->() const { return &*error_; }
  /// The error, which is then kept no more.
  ErrorBox take() { return std::move(error_); }
  /// Done, or the error.
  Result<Done> taken();

 private:
  ErrorBox error_;
};

}  // namespace schemagen::core
