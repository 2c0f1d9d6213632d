-- What changes:
--   rename column customers.phone_number to phone
--   add column bicycles.colour (text)
--   add column bicycles.electric (bool)

-- rename column customers.phone_number to phone
ALTER TABLE "customers" RENAME COLUMN "phone_number" TO "phone";

-- add column bicycles.colour (text)
-- add column bicycles.electric (bool)
ALTER TABLE "bicycles"
  ADD COLUMN "colour" text NOT NULL DEFAULT 'unknown',
  ADD COLUMN "electric" boolean NOT NULL DEFAULT false;
