#include "lint/rules.hpp"

#include "lint/lint.hpp"

namespace schemagen::gen {

const Rule kRules[] = {
    {"drop-table", Severity::error, "", "drops a table with all its rows",
     "keep it until no program of the field reads it, and say why it may go",
     "Rows are gone for good, and every running program that still reads the "
     "table fails. A rebuild's own DROP is not meant.",
     "ACCESS EXCLUSIVE", &finds_drop_table},
    {"drop-column", Severity::error, "", "drops a column with all its values",
     "first ship a program that no longer reads it, then drop it",
     "Values are gone for good, and running programs that name the column "
     "fail.",
     "ACCESS EXCLUSIVE", &finds_drop_column},
    {"drop-constraint", Severity::warning, "postgres",
     "drops a constraint, so rows may come that break it",
     "say why the rule no longer holds",
     "What the database kept true is from now on up to the programs.",
     "ACCESS EXCLUSIVE", &finds_drop_constraint},
    {"rename-table", Severity::warning, "",
     "renames a table that running programs know by its old name",
     "stop the old programs first, or leave a view under the old name",
     "Between the migration and the last restart, older programs fail.",
     "ACCESS EXCLUSIVE", &finds_rename_table},
    {"rename-column", Severity::warning, "",
     "renames a column that running programs know by its old name",
     "stop the old programs first, or add the new column beside the old one",
     "Between the migration and the last restart, older programs fail.",
     "ACCESS EXCLUSIVE", &finds_rename_column},
    {"delete-without-where", Severity::error, "",
     "deletes every row of the table",
     "add a WHERE, or say why all rows may go",
     "A DELETE without WHERE is more often a slip than a plan.",
     "ROW EXCLUSIVE", &finds_delete_all},
    {"update-without-where", Severity::warning, "",
     "writes every row of the table in one transaction",
     "add a WHERE, or do it in batches (`-- schemagen: batch`)",
     "A large table is locked row by row until the end, and on PostgreSQL "
     "doubles.",
     "ROW EXCLUSIVE", &finds_update_all},
    {"truncate", Severity::error, "postgres",
     "empties a table, and with CASCADE others as well",
     "delete the rows that are meant, or say why all may go",
     "Rows are gone for good.", "ACCESS EXCLUSIVE", &finds_truncate},
    {"drop-cascade", Severity::error, "postgres",
     "drops whatever depends on it, unnamed",
     "drop the dependants by name first",
     "CASCADE takes views and constraints along that nobody reviewed, and a "
     "down script cannot bring them back.",
     "ACCESS EXCLUSIVE", &finds_drop_cascade},
    {"add-required-column", Severity::error, "",
     "adds a column that demands a value and has none for the rows that are "
     "there",
     "give it a DEFAULT, or add it optional, fill it and then demand it",
     "It works on an empty table and fails on a filled one.",
     "ACCESS EXCLUSIVE", &finds_add_required_column},
    {"set-not-null", Severity::warning, "postgres",
     "reads the whole table under the strongest lock to demand values",
     "add CHECK (c IS NOT NULL) NOT VALID, validate it in a later migration, "
     "then SET NOT NULL",
     "SET NOT NULL scans the table unless a validated CHECK already proves it; "
     "it fails when a row has no value.",
     "ACCESS EXCLUSIVE", &finds_set_not_null},
    {"change-column-type", Severity::warning, "postgres",
     "may rewrite the whole table under the strongest lock",
     "add a column of the new type beside it where the table is large",
     "Only a few changes (a longer varchar, varchar to text, a wider numeric) "
     "are done without a rewrite.",
     "ACCESS EXCLUSIVE", &finds_change_type},
    {"volatile-default", Severity::warning, "postgres",
     "computes a default for every row, which rewrites the table",
     "add the column without it, set the default, then fill in batches",
     "Only a constant default is stored once; a function that differs from row "
     "to row is called for each.",
     "ACCESS EXCLUSIVE", &finds_volatile_default},
    {"add-foreign-key-validated", Severity::warning, "postgres",
     "checks every row while both tables are locked against writing",
     "add it NOT VALID, then VALIDATE CONSTRAINT in a later migration",
     "NOT VALID takes the lock for a moment only; validating later lets writes "
     "go on.",
     "SHARE ROW EXCLUSIVE on both tables", &finds_add_foreign_key},
    {"add-check-validated", Severity::warning, "postgres",
     "reads the whole table under the strongest lock to check it",
     "add it NOT VALID, then VALIDATE CONSTRAINT in a later migration",
     "It also fails when a row breaks the rule.", "ACCESS EXCLUSIVE",
     &finds_add_check},
    {"unique-over-rows", Severity::error, "",
     "fails when rows that are there hold a value twice",
     "look for doubles first, mend them in the same migration, and say so",
     "Whether it works depends on the rows of each database in the field, not "
     "on the tests.",
     "ACCESS EXCLUSIVE, or SHARE for an index", &finds_add_unique},
    {"index-blocks-writes", Severity::warning, "postgres",
     "blocks writing to the table until the index is built",
     "write CREATE INDEX CONCURRENTLY in a migration of its own with `-- "
     "schemagen: no-transaction`",
     "On a large table that is minutes.", "SHARE", &finds_create_index},
    {"full-rewrite", Severity::warning, "",
     "rewrites whole tables while nobody may use them",
     "leave it to maintenance outside migrations",
     "VACUUM FULL, CLUSTER and SQLite's VACUUM copy everything.",
     "ACCESS EXCLUSIVE", &finds_full_rewrite},
    {nullptr, Severity::note, "", "", "", "", "", nullptr},
};

}  // namespace schemagen::gen
