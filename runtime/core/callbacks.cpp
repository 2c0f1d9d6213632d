#include "core/callbacks.hpp"

#include <exception>

#include "core/text.hpp"

namespace schemagen::core {
namespace {

// In a handler: the words of the exception that it caught.
std::string words_of_exception() {
  try {
    throw;
  } catch (const std::exception& thrown) {
    return print("%s", thrown.what());
  } catch (...) {
    return print("not a std::exception");
  }
}

ErrorBox threw(const char* who, const std::string& words) {
  return refuse(ErrorCode::refused,
                "%s threw an exception (%s); return an Error where it means to "
                "refuse",
                who, words.c_str());
}

}  // namespace

template <class Call>
void Callbacks::tell(Call call) noexcept {
  if (observer_ == nullptr) return;
  try {
    call(*observer_);
  } catch (...) {
    observer_ = nullptr;
    has_thrown_ = true;
    thrown_ = words_of_exception();
  }
}

void Callbacks::on_lock_wait(std::chrono::milliseconds waited,
                             std::string_view holder) {
  tell([&](Observer& to) { to.on_lock_wait(waited, holder); });
}

void Callbacks::on_start(std::string_view id, std::string_view name,
                         std::size_t number, std::size_t of) {
  tell([&](Observer& to) { to.on_start(id, name, number, of); });
}

void Callbacks::on_statement(std::string_view id, std::size_t number,
                             std::size_t of, std::int64_t rows,
                             std::chrono::microseconds took) {
  tell([&](Observer& to) { to.on_statement(id, number, of, rows, took); });
}

void Callbacks::on_finish(std::string_view id, std::chrono::microseconds took) {
  tell([&](Observer& to) { to.on_finish(id, took); });
}

void Callbacks::on_error(const Error& error) {
  tell([&](Observer& to) { to.on_error(error); });
}

ErrorBox Callbacks::run(CodeStep step, Database& database) const {
  try {
    return step(database).failure();
  } catch (...) {
    return threw("its code", words_of_exception());
  }
}

ErrorBox Callbacks::ask(const Veto& veto, Database& database,
                        std::string_view id, const char* when) const {
  if (!veto) return {};
  try {
    ErrorBox error = veto(database, id).failure();
    if (error.empty()) return error;
    error->code = ErrorCode::refused;
    error->message = print("vetoed %s it: %s", when, error->message.c_str());
    return error;
  } catch (...) {
    return threw(print("the callback %s it", when).c_str(),
                 words_of_exception());
  }
}

ErrorBox Callbacks::verdict() {
  if (!has_thrown_) return {};
  has_thrown_ = false;
  return threw("the observer", thrown_);
}

}  // namespace schemagen::core
