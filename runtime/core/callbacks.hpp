// Where the runtime calls code of the program: an observer, before and after,
// code migrations. They may throw; an exception ends here and becomes an Error.
// Everything else of the runtime is compiled without exceptions.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "schemagen/migration.hpp"
#include "schemagen/migrator.hpp"

namespace schemagen::core {

/// The program's observer as the runtime calls it. After it threw once it hears
/// no more, and the verdict says why.
class Callbacks final : public Observer {
 public:
  using Veto = std::function<Result<Done>(Database&, std::string_view)>;

  explicit Callbacks(Observer* observer) : observer_(observer) {}

  void on_lock_wait(std::chrono::milliseconds waited,
                    std::string_view holder) override;
  void on_start(std::string_view id, std::string_view name, std::size_t number,
                std::size_t of) override;
  void on_statement(std::string_view id, std::size_t number, std::size_t of,
                    std::int64_t rows, std::chrono::microseconds took) override;
  void on_finish(std::string_view id, std::chrono::microseconds took) override;
  void on_error(const Error& error) override;

  // Each returns the Error, or an empty box.
  ErrorBox run(CodeStep step, Database& database) const;
  ErrorBox ask(const Veto& veto, Database& database, std::string_view id,
               const char* when) const;
  /// An Error, once, when the observer threw.
  ErrorBox verdict();

 private:
  template <class Call>
  void tell(Call call) noexcept;

  Observer* observer_;
  bool has_thrown_ = false;
  std::string thrown_;
};

}  // namespace schemagen::core
