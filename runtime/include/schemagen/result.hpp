// Values instead of exceptions: every call of the runtime that can fail returns
// a Result, and an Error says where, what and what to do.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace schemagen {

enum class ErrorCode {
  database,    ///< the engine refused a statement
  connection,  ///< it cannot be reached, or was lost
  locked,      ///< another process holds the lock past the deadline
  changed,     ///< an applied migration differs from this binary's
  missing,     ///< an applied migration is not in this binary
  late,        ///< a pending migration is older than an applied one
  newer,       ///< the database is ahead of this binary
  refused,     ///< a guard, a policy or a callback said no
  usage,       ///< the call cannot be carried out as it was made
};

struct Error {
  ErrorCode code = ErrorCode::database;
  std::string message;    ///< whole, for a person; never a secret of a URL
  std::string migration;  ///< id, where one is concerned
  int statement = 0;      ///< from 1, within its script
  int line = 0;           ///< in the script
  int column = 0;
  std::string database_text;         ///< the engine's own words
  std::vector<std::string> applied;  ///< ids this call did apply before
};

/// A value or an Error. `if (auto x = f()) use(*x); else show(x.error());`
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const noexcept { return state_.index() == 0; }
  T& operator*() & noexcept { return *std::get_if<0>(&state_); }
  const T& operator*() const& noexcept { return *std::get_if<0>(&state_); }
  T&& operator*() && noexcept { return std::move(*std::get_if<0>(&state_)); }
  T* operator->() noexcept { return std::get_if<0>(&state_); }
  const T* operator->() const noexcept { return std::get_if<0>(&state_); }
  Error& error() noexcept { return *std::get_if<1>(&state_); }
  const Error& error() const noexcept { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, Error> state_;
};

/// Success without a value.
struct Done {};

}  // namespace schemagen
