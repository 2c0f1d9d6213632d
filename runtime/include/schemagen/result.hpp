// Values instead of exceptions: an Error says where, what and what to do.
#pragma once

#if __cplusplus < 201703L && (!defined(_MSVC_LANG) || _MSVC_LANG < 201703L)
#error "SchemaGen's runtime needs C++17; take an older -std out of the flags"
#endif
#include <optional>
#include <string>
#include <utility>
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
  int statement = 0, line = 0, column = 0;  ///< from 1, within its script
  std::string database_text;                ///< the engine's own words
  std::vector<std::string> applied;         ///< ids this call did apply before
};

/// An Error on its way; small, since every call may return one.
class ErrorBox {
 public:
  ErrorBox() noexcept = default;
  ErrorBox(Error error);
  ErrorBox(const ErrorBox& other);
  ErrorBox(ErrorBox&& o) noexcept : error_(o.error_) { o.error_ = nullptr; }
  ErrorBox& operator=(ErrorBox other) noexcept;
  ~ErrorBox() { empty() ? void() : drop(); }
  bool empty() const noexcept { return error_ == nullptr; }
  Error& operator*() const noexcept { return *error_; }
  Error* operator->() const noexcept { return error_; }

 private:
  void drop() noexcept;
  Error* error_ = nullptr;
};

/// A value or an Error. `if (auto x = f()) use(*x); else show(x.error());`
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}
  Result(Error error) : box_(std::move(error)) {}
  Result(ErrorBox box) : box_(std::move(box)) {}

  explicit operator bool() const noexcept { return box_.empty(); }
  T& operator*() & noexcept { return *value_; }
  const T& operator*() const& noexcept { return *value_; }
  T&& operator*() && noexcept { return std::move(*value_); }
  T* operator->() noexcept { return &*value_; }
  const T* operator->() const noexcept { return &*value_; }
  Error& error() noexcept { return *box_; }
  const Error& error() const noexcept { return *box_; }
  ErrorBox failure() noexcept { return std::move(box_); }  ///< to pass it on

 private:
  std::optional<T> value_;
  ErrorBox box_;
};

struct Done {};  ///< success without a value

}  // namespace schemagen
