-- Takes back what the up script did:
--   drop check on jobs (price_cents >= 0)
--   change enum job_status (drop waiting_for_parts)
--   drop column jobs.price_cents
--   drop table job_parts
--   drop table parts
-- The shape comes back, not every value.
-- Invented values:
--   jobs.status
-- schemagen: shape only

-- drop check jobs_status_enum, check jobs_price_cents_check of jobs
ALTER TABLE "jobs"
  DROP CONSTRAINT "jobs_status_enum",
  DROP CONSTRAINT "jobs_price_cents_check";

-- alter column jobs.status as its enum
ALTER TABLE "jobs"
  ALTER COLUMN "status" DROP DEFAULT,
  ALTER COLUMN "status" TYPE text USING (CASE "status"::text WHEN 'waiting_for_parts' THEN ('received')::text ELSE "status"::text END)::text,
  ALTER COLUMN "status" SET DEFAULT 'received';

-- drop column jobs.price_cents
ALTER TABLE "jobs"
  DROP COLUMN "price_cents";

-- add check jobs_status_enum to jobs
ALTER TABLE "jobs"
  ADD CONSTRAINT "jobs_status_enum" CHECK ("status" IN ('collected', 'done', 'in_progress', 'received'));

-- drop table job_parts
DROP TABLE "job_parts";

-- drop table parts
DROP TABLE "parts";
