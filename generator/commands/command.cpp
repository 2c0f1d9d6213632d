#include "commands/command.hpp"

namespace schemagen::gen {

const Command kCommands[] = {
    {"scan", "print the model that the headers declare, as JSON", &run_scan, 0},
    {"diff", "show what changed since the snapshot; exit 1 when it differs",
     &run_diff, kTakesConsents | kTakesDatabase},
    {"generate", "write the next migration and the snapshot", &run_generate,
     kTakesName | kTakesConsents | kTakesNow | kTakesDryRun | kTakesAmend |
         kTakesOnline},
    {"new", "begin a hand-written migration", &run_new,
     kTakesName | kTakesNow | kTakesCode},
    {"check", "drift, digests, order, replay: writes nothing", &run_check, 0},
    {"verify", "check, and replay up, down, up on scratch databases",
     &run_verify, kTakesUrl},
    {"lint", "name the hazards of migrations", &run_lint, kTakesLint},
    {"accept", "record hand-edited or hand-written scripts", &run_accept, 0},
    {"rebase", "after a merge: put my migrations on top", &run_rebase,
     kTakesConsents | kTakesNow | kTakesMine},
    {"embed", "check, and write embedded_migrations.{hpp,cpp}", &run_embed,
     kTakesBuild},
    {nullptr, nullptr, nullptr, 0},
};

}  // namespace schemagen::gen
