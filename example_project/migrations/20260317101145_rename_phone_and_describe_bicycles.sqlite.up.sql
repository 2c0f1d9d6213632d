-- What changes:
--   rename column customers.phone_number to phone
--   add column bicycles.colour (text)
--   add column bicycles.electric (bool)

-- rename column customers.phone_number to phone
ALTER TABLE "customers" RENAME COLUMN "phone_number" TO "phone";

-- add column bicycles.colour (text)
ALTER TABLE "bicycles" ADD COLUMN "colour" TEXT NOT NULL DEFAULT 'unknown';

-- add column bicycles.electric (bool)
ALTER TABLE "bicycles" ADD COLUMN "electric" INTEGER NOT NULL DEFAULT 0 CHECK ("electric" IN (0, 1));
