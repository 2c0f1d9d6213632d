-- Takes back what the up script did:
--   drop check on jobs (price_cents >= 0)
--   change enum job_status (drop waiting_for_parts)
--   drop column jobs.price_cents
--   drop table job_parts
--   drop table parts
-- The shape comes back, not every value.
-- Invented values:
--   jobs.status
-- schemagen: rebuild jobs
-- schemagen: shape only

-- drop table job_parts
DROP TABLE "job_parts";

-- drop table parts
DROP TABLE "parts";

-- rebuild table jobs, which SQLite cannot change in place:
--   drop check on jobs (price_cents >= 0)
--   drop column jobs.price_cents
--   change enum job_status (drop waiting_for_parts)
CREATE TABLE "jobs__schemagen_new" (
  "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  "bicycle_id" INTEGER NOT NULL REFERENCES "bicycles" ("id") ON DELETE CASCADE,
  "description" TEXT NOT NULL,
  "finished_at" TEXT,
  "received_at" TEXT NOT NULL DEFAULT (CURRENT_TIMESTAMP),
  "status" TEXT NOT NULL DEFAULT 'received' CHECK ("status" IN ('collected', 'done', 'in_progress', 'received'))
);

-- copy every row
INSERT INTO "jobs__schemagen_new" (
  "id",
  "bicycle_id",
  "description",
  "finished_at",
  "received_at",
  "status"
)
SELECT
  "jobs"."id",
  "jobs"."bicycle_id",
  "jobs"."description",
  "jobs"."finished_at",
  "jobs"."received_at",
  coalesce(CASE "jobs"."status" WHEN 'collected' THEN 'collected' WHEN 'done' THEN 'done' WHEN 'in_progress' THEN 'in_progress' WHEN 'received' THEN 'received' END, 'received')
FROM "jobs";

-- the copy takes the old table's place
DROP TABLE "jobs";

-- keys, views and triggers elsewhere go on naming jobs
PRAGMA legacy_alter_table = ON;

ALTER TABLE "jobs__schemagen_new" RENAME TO "jobs";

PRAGMA legacy_alter_table = OFF;

-- index jobs_bicycle_id_idx of jobs
CREATE INDEX "jobs_bicycle_id_idx" ON "jobs" ("bicycle_id");
