-- What changes:
--   change enum job_status (add waiting_for_parts)
--   create table parts (id, sku, name, stock)
--   create table job_parts (job_id, part_id, quantity)
--   add column jobs.price_cents (int64)
--   add check on jobs (price_cents >= 0)
-- schemagen: rebuild jobs

-- refuse while rows are in the way of jobs.price_cents
-- schemagen: guard
SELECT 'jobs.price_cents: ' || n || ' row(s) break the check price_cents >= 0; change them first'
FROM (SELECT count(*) AS n FROM (SELECT "bicycle_id" AS "bicycle_id", "description" AS "description", "finished_at" AS "finished_at", "id" AS "id", 0 AS "price_cents", "received_at" AS "received_at", "status" AS "status" FROM "jobs") AS "jobs" WHERE NOT (price_cents >= 0))
WHERE n > 0;

-- create table parts
CREATE TABLE "parts" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "sku" TEXT NOT NULL CHECK (length("sku") <= 32),
  "name" TEXT NOT NULL,
  "stock" INTEGER NOT NULL DEFAULT 0 CHECK ("stock" BETWEEN -2147483648 AND 2147483647) CHECK (stock >= 0)
);

-- index parts_sku_key of parts
CREATE UNIQUE INDEX "parts_sku_key" ON "parts" ("sku");

-- create table job_parts
CREATE TABLE "job_parts" (
  "job_id" INTEGER NOT NULL REFERENCES "jobs" ("id") ON DELETE CASCADE,
  "part_id" INTEGER NOT NULL REFERENCES "parts" ("id") ON DELETE RESTRICT,
  "quantity" INTEGER NOT NULL DEFAULT 1 CHECK ("quantity" BETWEEN -2147483648 AND 2147483647) CHECK (quantity > 0),
  PRIMARY KEY ("job_id", "part_id")
);

-- rebuild table jobs, which SQLite cannot change in place:
--   add column jobs.price_cents (int64)
--   add check on jobs (price_cents >= 0)
--   change enum job_status (add waiting_for_parts)
CREATE TABLE "jobs__schemagen_new" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "bicycle_id" INTEGER NOT NULL REFERENCES "bicycles" ("id") ON DELETE CASCADE,
  "description" TEXT NOT NULL,
  "status" TEXT NOT NULL DEFAULT 'received' CHECK ("status" IN ('collected', 'done', 'in_progress', 'received', 'waiting_for_parts')),
  "price_cents" INTEGER NOT NULL DEFAULT 0 CHECK (price_cents >= 0),
  "received_at" TEXT NOT NULL DEFAULT (CURRENT_TIMESTAMP),
  "finished_at" TEXT
);

-- copy every row
INSERT INTO "jobs__schemagen_new" (
  "id",
  "bicycle_id",
  "description",
  "status",
  "received_at",
  "finished_at"
)
SELECT
  "jobs"."id",
  "jobs"."bicycle_id",
  "jobs"."description",
  "jobs"."status",
  "jobs"."received_at",
  "jobs"."finished_at"
FROM "jobs";

-- the copy takes the old table's place
DROP TABLE "jobs";

-- keys, views and triggers elsewhere go on naming jobs
PRAGMA legacy_alter_table = ON;

ALTER TABLE "jobs__schemagen_new" RENAME TO "jobs";

PRAGMA legacy_alter_table = OFF;

-- index jobs_bicycle_id_idx of jobs
CREATE INDEX "jobs_bicycle_id_idx" ON "jobs" ("bicycle_id");
